import Corpus
import Glibc
import Terminal
import Workbench

/// `grapheion [CORPUS]`: the workbench.
let openCommand = Command(
  name: "open",
  summary: "Open the workbench on a corpus",
  operands: "[CORPUS]",
  count: 0...1,
  options: [],
  example: "grapheion ~/papyri"
) { arguments in
  let path = try arguments.operands.first ?? Installation.sampleCorpus()
  let ending = try Workbench.run(
    store: try CorpusStore.open(at: path),
    reader: { throw Failure(.unreadable, "this build has no reader.") },
    options: Workbench.Options(scholar: Workbench.Options.scholarByEnvironment()))
  switch ending {
  case .left: return .done
  case .signal: return .interrupted
  }
}

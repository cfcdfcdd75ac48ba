import Corpus
import Platform
import Workbench

/// `grapheion tour`: the workbench with a guide, on a copy of the sample corpus that goes when it is left.
let tourCommand = Command(
  name: "tour",
  summary:
    "Learn the workbench in three minutes, on a copy of the sample corpus; F9 goes on without doing what is told",
  operands: "",
  count: 0...0,
  options: [linearOption],
  example: "grapheion tour"
) { arguments in
  let sample = try Installation.sampleCorpus()
  let folder = try TemporaryFolder("tour")
  defer { folder.remove() }
  let corpus = folder.path + "/corpus"
  // What is installed may be read-only; the copy is not.
  let copied = try ChildProcess.run("/bin/cp", ["-R", "--no-preserve=mode", "--", sample, corpus])
  guard copied.status == 0 else {
    throw Failure(.unreadable, "tour: the sample corpus \(sample) cannot be copied to \(folder.path).")
  }
  var settings = try Settings.load()
  if arguments.has(linearOption.name) { settings.isLinear = true }
  let options = Workbench.Options(scholar: Workbench.Options.scholar(settings), settings: settings, isTour: true)
  return try openWorkbench(on: try CorpusStore.open(at: corpus), arguments, options)
}

import Corpus
import Inference
import Pipeline
import Workbench

/// `grapheion [CORPUS]`: the workbench.
let openCommand = Command(
  name: "open",
  summary: "Open the workbench on a corpus",
  operands: "[CORPUS]",
  count: 0...1,
  options: [
    Option("--model", "MODEL", "a model that ships, by name, or a file (default \(Installation.defaultModel))"),
    Option(
      "--filling", "MODEL",
      "a language model (GGUF) of the Mistral family, or the address of its server (http://…), that proposes for gaps instead of Grapheion's restorer"
    ),
    Arguments.libraryOption,
    linearOption,
  ],
  example: "grapheion ~/papyri"
) { arguments in
  var settings = try Settings.load()
  if arguments.has(linearOption.name) { settings.isLinear = true }
  let store = try CorpusStore.open(
    at: try arguments.operands.first ?? settings.corpus ?? Installation.sampleCorpus())
  return try openWorkbench(
    on: store, arguments, Workbench.Options(scholar: Workbench.Options.scholar(settings), settings: settings),
    model: arguments.value("--model") ?? settings.model)
}

let linearOption = Option("--linear", nil, "plain lines for screen readers: no boxes, nothing written over")

/// Opens the workbench with the reader, the line finder and the known texts that are at hand.
func openWorkbench(
  on store: CorpusStore, _ arguments: Arguments, _ options: Workbench.Options, model: String? = nil
) throws -> ExitStatus {
  store.updateIndexVisibly()
  let model = model ?? Installation.defaultModel
  // Who asks no known texts needs none.
  let library = Result { try arguments.libraryFolder() }
  let filling = arguments.value("--filling")
  let ending = try Workbench.run(
    store: store,
    reader: {
      ModelFragmentReader(
        try ReaderModel.load(path: try Installation.model(model)), lines: try Installation.lineFinder())
    },
    texts: { telling in try LibraryTexts(at: library.get(), filling: filling, telling: telling) },
    options: options)
  // What was decided now is missed from now on, should it be lost.
  if store.isIndexQuick { store.updateIndexVisibly() }
  for warning in store.warnings { Console.note("grapheion: \(warning)") }
  switch ending {
  case .left: return .done
  case .signal: return .interrupted
  }
}

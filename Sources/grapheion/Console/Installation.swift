import Inference
import Platform

/// Where the program finds what ships with it: the models and the sample corpus.
///
/// In order: `$GRAPHEION_HOME`; a folder at or above the executable's that has `models/` and
/// `corpus/` (a source checkout); `../share/grapheion` beside the executable's folder (installed).
enum Installation {
  static let version = "0.1"

  /// The folder that holds `models/` and `corpus/`, or nil where the installation is incomplete.
  static let home: String? = {
    if let chosen = Environment.value("GRAPHEION_HOME") { return chosen }
    guard let executable = executablePath() else { return nil }
    var folder = Files.parent(executable)
    let shared = Files.parent(folder) + "/share/grapheion"
    if Files.exists(shared + "/models") { return shared }
    while folder != "/" && !folder.isEmpty {
      if Files.exists(folder + "/models") { return folder }
      folder = Files.parent(folder)
    }
    return nil
  }()

  static func sampleCorpus() throws(Failure) -> String { try part("corpus") }

  /// A model by path, or by the name of one that ships (`apollo-reader`).
  static func model(_ name: String) throws(Failure) -> String {
    if name.contains("/") || Files.exists(name) { return name }
    return try part("models") + "/" + (name.hasSuffix(".gguf") ? name : name + ".gguf")
  }

  static let defaultModel = "apollo-reader"

  /// The line finder that ships.
  static func lineFinder() throws -> LinesModel { try LinesModel.load(path: try model("apollo-lines")) }

  static func part(_ name: String) throws(Failure) -> String {
    guard let home else {
      throw Failure(
        .unreadable,
        "the folder with the models and the sample corpus was not found beside the program; name it in GRAPHEION_HOME.")
    }
    return home + "/" + name
  }

  static func executablePath() -> String? { Files.resolved("/proc/self/exe") }
}

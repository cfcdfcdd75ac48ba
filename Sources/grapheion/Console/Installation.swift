import Glibc
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
    var folder = parent(executable)
    let shared = parent(folder) + "/share/grapheion"
    if exists(shared + "/models") { return shared }
    while folder != "/" && !folder.isEmpty {
      if exists(folder + "/models") { return folder }
      folder = parent(folder)
    }
    return nil
  }()

  static func sampleCorpus() throws(Failure) -> String { try part("corpus") }

  /// A model by path, or by the name of one that ships (`apollo-reader`).
  static func model(_ name: String) throws(Failure) -> String {
    if name.contains("/") || exists(name) { return name }
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

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func executablePath() -> String? {
    guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

import Glibc
import JSON
import Platform

/// A kind of file that stands beside the fragments, `<folder>/<fragment>.json`: written whole and replaced whole, decides nothing, and can be made again.
struct MadeFile {
  let folder: String
  /// What it is, for errors.
  let name: String
  /// The command that makes it.
  let maker: String

  /// Bytes that one may have.
  static let limit = 64 << 20
  static let (alignments, proposals) = (
    MadeFile(folder: "alignments", name: "alignment", maker: "align"),
    MadeFile(folder: "proposals", name: "layer of proposals", maker: "transcribe --words --restore")
  )
  static let folders = [alignments.folder, proposals.folder]
}

extension CorpusStore {
  private func path(_ kind: MadeFile, of id: String) throws(CorpusError) -> String {
    guard Self.isValid(id: id) else {
      throw CorpusError(.badName, path: path, "'\(id)' cannot be the id of a fragment")
    }
    return path + "/\(kind.folder)/\(id).json"
  }

  /// nil where nobody made one.
  ///
  /// - Parameter parse: nil where a member is missing or cannot be.
  func made<Value>(
    _ kind: MadeFile, of id: String, _ parse: (JSONValue) -> Value?
  ) throws(CorpusError) -> Value? {
    let file = try path(kind, of: id)
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(file, limit: MadeFile.limit) } catch {
      guard error.errno == ENOENT else { throw CorpusError(reading: error) }
      return nil
    }
    do throws(JSONError) {
      if let value = parse(try JSONValue.parse(bytes)) { return value }
    } catch {
      throw CorpusError(.damaged, path: file, "\(error); it can be made again by '\(kind.maker)'")
    }
    throw CorpusError(
      .damaged, path: file, "is no \(kind.name) of this version; it can be made again by '\(kind.maker)'")
  }

  /// Writes one in the place of the one before; only what can be read again.
  func keep<Value>(
    _ kind: MadeFile, of id: String, _ json: JSONValue, _ parse: (JSONValue) -> Value?
  ) throws(CorpusError) {
    let file = try path(kind, of: id)
    try writable()
    guard parse(json) != nil else {
      throw CorpusError(.badName, path: file, "holds a line beyond what a photograph can have")
    }
    do throws(SystemError) {
      try Files.makeFolder(path + "/" + kind.folder)
      try Files.replace(file, with: json.pretty())
    } catch {
      throw CorpusError(writing: error)
    }
  }
}

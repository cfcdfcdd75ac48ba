import Glibc
import JSON
import Platform

// Where a fragment's files lie, and what its record says.

extension CorpusStore {
  /// Whether an id may name a fragment: letters and digits of ASCII, `.`, `_`, `-`; not beginning with a dot.
  public static func isValid(id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= 120 && id.utf8.first != UInt8(ascii: ".")
      && id.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// The folder of a fragment. Throws `badName` for an id that could lead outside the corpus.
  public func folder(of id: String) throws(CorpusError) -> String {
    guard Self.isValid(id: id) else {
      throw CorpusError(.badName, path: path, "'\(id)' cannot be the id of a fragment")
    }
    guard shards == 2 else { return path + "/fragments/" + id }
    let hash = String(Checksum.crc32c(Array(id.utf8)), radix: 16)
    let digits = String(repeating: "0", count: 8 - hash.count) + hash
    return path + "/fragments/\(digits.prefix(2))/\(digits.dropFirst(2).prefix(2))/" + id
  }

  /// What `fragment.json` says.
  public func fragment(_ id: String) throws(CorpusError) -> Fragment {
    let file = try folder(of: id) + "/fragment.json"
    guard let fragment = try Self.readFragment(file, id: id) else {
      throw CorpusError(.unknownFragment, path: path, "there is no fragment '\(id)'")
    }
    return fragment
  }

  /// nil where there is no such file.
  static func readFragment(_ file: String, id: String) throws(CorpusError) -> Fragment? {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(file, limit: 16 << 20) } catch {
      guard error.errno == ENOENT else { throw CorpusError(reading: error) }
      return nil
    }
    let json: JSONValue
    do throws(JSONError) { json = try JSONValue.parse(bytes) } catch {
      throw CorpusError(.damaged, path: file, "\(error)")
    }
    guard let fragment = Fragment(json: json), fragment.id == id else {
      throw CorpusError(.damaged, path: file, "is not the record of fragment '\(id)'")
    }
    for photograph in fragment.photographs where !isFileName(photograph.file) {
      throw CorpusError(.damaged, path: file, "names a photograph outside its folder: '\(photograph.file)'")
    }
    return fragment
  }

  static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && name != "." && name != ".." && !name.utf8.contains(0)
  }

  /// Where a photograph lies.
  public func photographPath(_ fragment: Fragment, _ index: Int) throws(CorpusError) -> String {
    guard fragment.photographs.indices.contains(index) else {
      throw CorpusError(.unknownFragment, path: path, "fragment '\(fragment.id)' has no photograph \(index + 1)")
    }
    return try folder(of: fragment.id) + "/" + fragment.photographs[index].file
  }

  /// Where the tiles of a photograph are kept; may be deleted at any time. In a read-only corpus the user's cache folder.
  public func tilesPath(_ fragment: Fragment, _ index: Int) throws(CorpusError) -> String {
    let name = "\(fragment.id)-\(index).tiles"
    guard isReadOnly else { return path + "/cache/tiles/" + name }
    let key = String(Checksum.crc32c(Array(path.utf8)), radix: 16)
    return Environment.cacheFolder + "/grapheion/\(key)/" + name
  }
}

import Corpus
import Leiden
import Platform
import Raster

/// PAGE and ALTO files beside photographs.
public enum Sidecars {
  /// The file that describes a photograph `x.png`: `x.xml`, `x.png.xml`, `x.page.xml` or `x.alto.xml` (and the like, in any case of letters)
  /// beside it or in a folder `page` or `alto`; else what a METS file in its folder or the one above names for it. nil where there is none.
  ///
  /// A file by one of these names that is XML of another kind, as an edition in TEI, describes no lines and is passed over.
  public static func path(beside photograph: String) -> String? { paths(beside: photograph).first }

  /// All of them; the first one is read.
  private static func paths(beside photograph: String) -> [String] {
    let folder = Files.parent(photograph)
    let name = Files.name(photograph)
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    let kinds = DescriptionKind.all
    let names = [stem, name].flatMap { start in ([".xml"] + kinds.flatMap(\.endings)).map { start + $0 } }
    var found: [String] = []
    // A folder that is not there is not asked for two dozen names.
    let others = kinds.flatMap(\.folders).map { folder + "/" + $0 }.filter { Files.status($0)?.kind == .folder }
    for place in [folder] + others {
      for name in names {
        for spelling in [name, String(name.dropLast(3)) + "XML"] {
          if let path = NamedFile.path(spelling, in: place), !found.contains(path), isDescription(path) {
            found.append(path)
          }
        }
      }
    }
    if !found.isEmpty { return found }
    for path in METS.paths(near: photograph) {
      if let described = (try? METS(path: path))?.description(of: photograph) { return [described] }
    }
    return []
  }

  /// Whether a file calls itself PAGE or ALTO, or cannot be understood: then whoever reads it says why.
  private static func isDescription(_ path: String) -> Bool {
    guard let start = try? Files.prefix(of: path, count: 4096), let root = firstTag(in: start) else { return true }
    return !["TEI", "TEI.2", "teiCorpus", "div", "mets", "html", "svg", "rdf", "RDF"].contains(root)
  }

  /// The name of the first tag that opens, without its prefix.
  private static func firstTag(in bytes: [UInt8]) -> String? {
    func isOfNames(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...0xFF,
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    var place = 0
    while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      var (start, end) = (open + 1, open + 1)
      while end < bytes.count, isOfNames(bytes[end]) || bytes[end] == UInt8(ascii: ":") {
        if bytes[end] == UInt8(ascii: ":") { start = end + 1 }
        end += 1
      }
      if end > start, end < bytes.count, " \t\r\n>/".utf8.contains(bytes[end]) {
        return String(decoding: bytes[start..<end], as: UTF8.self)
      }
      place = open + 1
    }
    return nil
  }

  /// Reads what stands beside a photograph: regions in pixels of its picture, and the text of each line as Leiden+.
  ///
  /// Foreign text goes in as it stands where it is also Leiden+; of other text only the region is taken. All that is not taken is told.
  /// - Returns: nil where no file stands beside it.
  public static func read(beside photograph: String, picture: ImportedPicture) throws(ExchangeError) -> Sidecar? {
    let paths = paths(beside: photograph)
    guard let path = paths.first else { return nil }
    var sidecar = sidecar(of: try PageDescription.read(path: path), path: path, on: picture)
    for other in paths.dropFirst() {
      sidecar.leftOut.add("files that describe the same photograph", "\(Files.name(other)); this one is read")
    }
    return sidecar
  }

  /// A description laid on a picture.
  public static func sidecar(of page: PageDescription, path: String, on picture: ImportedPicture) -> Sidecar {
    let page = page.placed(on: picture)
    var leftOut = page.leftOut
    var texts: [String: String] = [:]
    for line in page.lines {
      guard let text = line.text else { continue }
      let (parsed, errors) = LeidenText.parse(leiden: text)
      if errors.isEmpty, !text.isEmpty {
        texts[line.region.id] = text
        if let slip = parsed.slips(in: Array(text.utf8)).first {
          leftOut.add(
            "texts taken that may not mean what they say", "line \(line.name): \(slip.message); \(slip.expected)")
        }
      } else {
        leftOut.add("texts that are no Leiden+", "line \(line.name): \(text)")
      }
    }
    return Sidecar(
      path: path, regions: page.lines.map(\.region), texts: texts, leftOut: leftOut)
  }
}

import Platform
import Text

/// Finds the files that describe the lines of photographs, folder by folder. One thread.
///
/// Of `x.png`: `x.xml`, `x.png.xml`, `x.page.xml` or `x.alto.xml` (and the like, in any capitals) beside it, in a folder `page` or `alto`, or in one of those
/// beside its own folder; else what says inside that it describes an image of this name; of a picture that was made of `x` (`x.bin.png`) what is called as
/// those of `x`, where no photograph `x` is there; else what a METS file in its folder or the one above names for it.
final class SidecarFinder {
  private let names = FolderNames()
  private var metsFiles: [String: [METS]] = [:]
  /// Files by the image they say they describe, folder by folder; those before are let go.
  private var described: [String: [String: [String]]] = [:]

  /// How far into a file its kind and its image are looked for.
  private static let headSize = 1 << 14

  /// All files that describe a photograph; the first one is to be read.
  func paths(beside photograph: String) -> [String] {
    let folder = Files.parent(photograph)
    let name = Files.name(photograph)
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    let places = places(around: folder)
    // Of `a.png` and `A.png` each has its own.
    var found = files([stem, name], in: places) { path in
      let own = String(Files.name(path).prefix(stem.count))
      return own == stem || !names.hasPhotograph(own, in: folder)
    }
    if found.isEmpty { found = places.flatMap { images(in: $0)[stem.lowercased()] ?? [] } }
    if found.isEmpty, let origin = Self.origin(of: stem), !names.hasPhotograph(origin, in: folder) {
      found = files([origin], in: places) { path in
        // One that says it describes another picture there is that one's.
        Self.head(of: path).image.map { $0 == origin || !names.hasPhotograph($0, in: folder) } ?? true
      }
    }
    if found.isEmpty {
      found = mets(near: folder).lazy.compactMap { $0.description(of: photograph) }.prefix(1).map { $0 }
    }
    return found
  }

  /// Descriptions that are called by one of some names, in some folders.
  private func files(_ starts: [String], in places: [String], where isOwn: (_ path: String) -> Bool) -> [String] {
    let endings = [".xml"] + DescriptionKind.all.flatMap(\.endings)
    var found: [String] = []
    for place in places {
      for start in starts {
        for path in endings.flatMap({ names.files(start + $0, in: place) }) where !found.contains(path) {
          if isOwn(path), Self.head(of: path).isDescription { found.append(path) }
        }
      }
    }
    return found
  }

  /// What a picture was made of, as OCRopus and OCR-D call those they binarise, normalise and flatten: `a` of `a.bin`; nil for other names.
  private static func origin(of stem: String) -> String? {
    let ending = [".bin", ".nrm", ".dewarped"].first { stem.lowercased().hasSuffix($0) && stem.count > $0.count }
    return ending.map { String(stem.dropLast($0.count)) }
  }

  /// Where descriptions of a folder's photographs may lie.
  private func places(around folder: String) -> [String] {
    let wanted = DescriptionKind.all.flatMap(\.folders)
    let beside = folder.isEmpty || folder == "." ? [] : names.folders(wanted, in: Files.parent(folder))
    return [folder] + names.folders(wanted, in: folder) + beside.filter { $0 != folder }
  }

  private func images(in folder: String) -> [String: [String]] {
    if let known = described[folder] { return known }
    if described.count >= FolderNames.most { described = [:] }
    var images: [String: [String]] = [:]
    for name in names.all(in: folder).sorted() where DescriptionKind.isNamed(name) {
      let path = folder + "/" + name
      guard Files.status(path)?.kind == .file, let image = Self.head(of: path).image else { continue }
      images[image.lowercased(), default: []].append(path)
    }
    described[folder] = images
    return images
  }

  private func mets(near folder: String) -> [METS] {
    if let known = metsFiles[folder] { return known }
    let read = METS.paths(near: folder).compactMap { try? METS(path: $0) }
    metsFiles = [folder: read]
    return read
  }

  // MARK: Heads of files

  struct Head {
    /// Whether a file calls itself PAGE or ALTO, or cannot be understood: then whoever reads it says why.
    var isDescription = true
    /// The kind it surely is.
    var kind: DescriptionKind?
    /// The image it says it describes, without folders and ending.
    var image: String?
  }

  static func head(of path: String) -> Head {
    guard let start = try? Files.prefix(of: path, count: headSize), let root = firstTag(in: start) else {
      return Head()
    }
    let strangers = ["TEI", "TEI.2", "teiCorpus", "div", "mets", "html", "svg", "rdf", "RDF"]
    var head = Head(isDescription: !strangers.contains(root), kind: DescriptionKind.all.first { $0.root == root })
    guard let kind = head.kind else { return head }
    let text = String(decoding: start, as: UTF8.self)
    for (start, end) in kind.imageMarks {
      guard let opened = text.firstRange(of: start) else { continue }
      head.image = stem(ofImage: text[opened.upperBound...].prefix { $0 != end })
      break
    }
    return head
  }

  /// `a 1` of `C:\scans\a%201.tif`.
  private static func stem(ofImage text: Substring) -> String? {
    var name = CleanText.line(String(text)).replacing("&amp;", with: "&").replacing("&quot;", with: "\"")
    name = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
    name = name.percentDecoded
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return stem.isEmpty ? nil : stem
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
}

extension String {
  /// `a b` of `a%20b`; the text itself where that is no UTF-8.
  var percentDecoded: String {
    guard contains("%") else { return self }
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self) ?? self
  }
}

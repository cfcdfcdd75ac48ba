import Platform
import XML

// METS: fileSec/fileGrp (nested)/file with ID and FLocat xlink:href (a path from the folder of the METS file, or an address); structMap
// TYPE="PHYSICAL" with a div for each page whose fptr FILEID name its files: the images and, in groups of their own, PAGE or ALTO.

/// A METS file: which PAGE or ALTO belongs to which image.
struct METS {
  /// Paths of the files of each page, groups in the order of the file.
  private let pages: [[String]]

  /// METS files are named by tools as they like; these are common.
  private static func isName(_ name: String) -> Bool {
    let name = name.lowercased()
    return name == "mets.xml" || name.hasSuffix(".mets.xml") || name.hasSuffix("_mets.xml")
  }

  /// The METS files that may speak of the photographs of a folder: in it and in the one above, as OCR-D lays them.
  static func paths(near folder: String) -> [String] {
    [folder, Files.parent(folder)].flatMap { folder -> [String] in
      guard let names = try? Files.list(folder) else { return [] }
      return names.filter(isName).map { folder + "/" + $0 }
    }
  }

  init(path: String) throws(ExchangeError) {
    let root = try XMLElement.read(path: path)
    guard root.name == "mets" else { throw ExchangeError(.unsupported, path: path, "is not METS, but <\(root.name)>") }
    let folder = Files.parent(path)
    var places: [String: (path: String, number: Int)] = [:]
    for file in root.first("fileSec")?.descendants("file") ?? [] {
      guard let id = file["ID"], var href = file.first("FLocat")?["href"] else { continue }
      if href.hasPrefix("file://") { href.removeFirst("file://".count) }
      guard !href.contains("://") else { continue }
      // An address writes a blank as %20; tools of another system write a name's folders with `\\`.
      let spellings = [href, href.percentDecoded].flatMap { [$0, $0.replacing("\\", with: "/")] }
        .map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
      places[id] = (spellings.first { Files.exists($0) } ?? spellings[0], places.count)
    }
    var pages: [[String]] = []
    for map in root.all("structMap") where (map["TYPE"] ?? "PHYSICAL").uppercased() == "PHYSICAL" {
      for page in map.descendants("div") {
        let files = page.all("fptr").compactMap { $0["FILEID"].flatMap { places[$0] } }
        if files.count > 1 { pages.append(files.sorted { $0.number < $1.number }.map(\.path)) }
      }
    }
    self.pages = pages
  }

  /// The PAGE or ALTO file of a photograph: the last that its page names, since later groups were made from earlier ones.
  func description(of photograph: String) -> String? {
    guard let own = Files.status(photograph) else { return nil }
    for page in pages {
      guard page.contains(where: { Files.name($0) == Files.name(photograph) && Files.status($0) == own }) else {
        continue
      }
      return page.last { $0.lowercased().hasSuffix(".xml") && Files.status($0)?.kind == .file }
    }
    return nil
  }
}

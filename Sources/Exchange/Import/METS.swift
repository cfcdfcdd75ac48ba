import Corpus
import Platform
import XML

// METS: fileSec/fileGrp (nested)/file with ID and FLocat xlink:href (a path from the folder of the METS file, or an address); structMap
// TYPE="PHYSICAL" with a div for each page whose fptr, or the areas in them (also within par and seq), name its files by FILEID: the images and,
// in groups of their own, PAGE or ALTO.

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
    var paths: [String] = []
    var numbers: [String: Int] = [:]
    for file in root.first("fileSec")?.descendants("file") ?? [] {
      guard let id = file["ID"], var href = file.first("FLocat")?["href"] else { continue }
      if href.hasPrefix("file://") { href.removeFirst("file://".count) }
      guard !href.contains("://") else { continue }
      // An address writes a blank as %20; tools of another system write a name's folders with `\\`.
      let spellings = [href, href.percentDecoded].flatMap { [$0, $0.replacing("\\", with: "/")] }
        .map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
      numbers[id] = paths.count
      paths.append(spellings.first { Files.exists($0) } ?? spellings[0])
    }
    var pages: [[String]] = []
    for map in root.all("structMap") where (map["TYPE"] ?? "PHYSICAL").uppercased() == "PHYSICAL" {
      for page in map.descendants("div") {
        let pointers = page.all("fptr").flatMap { [$0] + $0.descendants("area") }
        let files = Set(pointers.compactMap { $0["FILEID"].flatMap { numbers[$0] } })
        if files.count > 1 { pages.append(files.sorted().map { paths[$0] }) }
      }
    }
    self.pages = pages
  }

  /// The PAGE or ALTO file of a photograph: the last that its page names, since later groups were made from earlier ones; what stands in the way of
  /// others is told. One that says it describes another image of the page, which this one was cut out of or made from, is that one's.
  ///
  /// - Returns: nil where no page names the photograph.
  func description(of photograph: String) -> (path: String?, leftOut: LeftOut)? {
    guard let own = Files.status(photograph),
      let page = pages.first(where: { page in
        page.contains { Files.name($0) == Files.name(photograph) && Files.status($0) == own }
      })
    else { return nil }
    var (found, leftOut): (String?, LeftOut) = (nil, LeftOut())
    let images = page.filter { !DescriptionKind.isNamed($0) }.map(Self.stem)
    for path in page.reversed() where DescriptionKind.isNamed(path) {
      guard Files.status(path)?.kind == .file else {
        leftOut.add("files that METS names and that are not there", path)
        continue
      }
      let head = DescriptionHead(of: path)
      guard found == nil, head.kind != nil else { continue }
      if let image = head.image, image != Self.stem(photograph), images.contains(image) {
        leftOut.add("descriptions of another image of the page", "\(Files.name(path)), which describes \(image)")
      } else {
        found = path
      }
    }
    return (found, leftOut)
  }

  private static func stem(_ path: String) -> String {
    let name = Files.name(path)
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}

import XML

/// A kind of file that describes the lines of a photograph and lies beside it: one record of the table of what an import takes.
struct DescriptionKind: Sendable {
  /// As people call it.
  let name: String
  /// The name of its root element, by which it is known.
  let root: String
  /// Names of folders beside the photographs that hold such files, in small letters.
  let folders: [String]
  /// What such a file is called: these after the photograph's name, with its ending or without.
  let endings: [String]
  /// Where the name of its image stands: in an attribute of an element, or as its text.
  let image: (element: String, attribute: String?)
  /// The element behind which nothing says of which image it is.
  let body: String
  let read: @Sendable (_ root: XMLElement, _ path: String) throws(ExchangeError) -> PageDescription
}

extension DescriptionKind {
  static let page = DescriptionKind(
    name: "PAGE", root: "PcGts", folders: ["page", "pagexml", "page_xml"],
    endings: [".page.xml", ".pagexml", "_page.xml"],
    image: ("Page", "imageFilename"), body: "Page"
  ) { root, path throws(ExchangeError) in try PageXMLReader.read(root, path: path) }
  static let alto = DescriptionKind(
    name: "ALTO", root: "alto", folders: ["alto", "alto_xml"], endings: [".alto.xml", "_alto.xml"],
    image: ("fileName", nil), body: "Layout"
  ) { root, path throws(ExchangeError) in try ALTOReader.read(root, path: path) }

  static let all = [page, alto]

  /// Whether a file is called as one may be.
  static func isNamed(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".xml") || all.contains { $0.endings.contains { name.hasSuffix($0) } }
  }
}

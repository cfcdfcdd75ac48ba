import Platform

/// The pictures of text lines in a folder, found by the names of their texts as the tools call them that make such pairs: beside `NAME.gt.txt` lies
/// `NAME.png`; or `NAME.nrm.png`, evened out, or `NAME.bin.png`, black and white; or an image of another type. Endings in any capitals.
public struct LinePictures {
  private let folder: String
  private let names: [String: [String]]
  private static let endings = ["png", "nrm.png", "bin.png"] + ImageType.endings.subtracting(["png"]).sorted()

  public init(folder: String) throws(SystemError) {
    self.folder = folder
    names = Dictionary(grouping: try Files.list(folder)) { $0.lowercased() }
  }

  /// The names of the folder's texts, in order: of what lies in `NAME.gt.txt`.
  public var texts: [String] {
    names.values.flatMap { $0 }.filter { $0.hasSuffix(".gt.txt") }.map { String($0.dropLast(7)) }.sorted()
  }

  /// The picture of a text; `NAME.png` where there is none.
  public func path(_ name: String) -> String {
    let found = Self.endings.lazy.compactMap { ending in
      names["\(name).\(ending)".lowercased()]?.first { $0.hasPrefix(name + ".") }
    }.first
    return folder + "/" + (found ?? name + ".png")
  }
}

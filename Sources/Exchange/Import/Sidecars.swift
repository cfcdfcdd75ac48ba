import Corpus
import Leiden
import Platform
import Raster

/// PAGE and ALTO files beside photographs.
public enum Sidecars {
  /// The file that describes a photograph, found as `SidecarFinder` does; nil where there is none.
  public static func path(beside photograph: String) -> String? {
    SidecarFinder().descriptions(of: photograph).paths.first
  }

  /// Looks beside many photographs, one after the other: what lies in a folder is looked at once. One thread.
  public static func source() -> Sidecar.Source {
    let finder = SidecarFinder()
    return { try read(beside: $0, picture: $1, finder) }
  }

  /// Reads what stands beside a photograph: regions in pixels of its picture, and the text of each line as Leiden+.
  ///
  /// Foreign text goes in as it stands where it is also Leiden+; of other text only the region is taken. All that is not taken is told. A file by one
  /// of the names looked for that is XML of another kind, as an edition in TEI, describes no lines and is passed over.
  /// - Returns: nil where no file stands beside it; one without lines where METS names files for it that cannot be taken.
  public static func read(beside photograph: String, picture: ImportedPicture) throws(ExchangeError) -> Sidecar? {
    try read(beside: photograph, picture: picture, SidecarFinder())
  }

  private static func read(
    beside photograph: String, picture: ImportedPicture, _ finder: SidecarFinder
  ) throws(ExchangeError) -> Sidecar? {
    let found = finder.descriptions(of: photograph)
    guard let path = found.paths.first else {
      return found.leftOut.isEmpty ? nil : Sidecar(path: found.mets, regions: [], leftOut: found.leftOut)
    }
    var sidecar = sidecar(of: try PageDescription.read(path: path), path: path, on: picture)
    sidecar.leftOut.add(found.leftOut)
    sidecar.others = Array(found.paths.dropFirst())
    for other in sidecar.others {
      sidecar.leftOut.add("files that describe the same photograph", "\(Files.name(other)); this one is read")
    }
    return sidecar
  }

  /// A description laid on a picture.
  public static func sidecar(of page: PageDescription, path: String, on picture: ImportedPicture) -> Sidecar {
    let page = page.placed(on: picture)
    var leftOut = page.leftOut
    if page.lines.isEmpty, leftOut.isEmpty { leftOut.add("files that describe no line", Files.name(path)) }
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

import Corpus
import Platform
import Raster

/// PAGE and ALTO files beside photographs.
public enum Sidecars {
  /// The file that describes a photograph: `x.xml` beside `x.png`, or `x.png.xml`, or `page/x.xml`, `alto/x.xml`; nil where there is none.
  public static func path(beside photograph: String) -> String? {
    let folder = Files.parent(photograph)
    let name = Files.name(photograph)
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return ["\(stem).xml", "\(name).xml", "page/\(stem).xml", "alto/\(stem).xml"].map { folder + "/" + $0 }
      .first { Files.status($0)?.kind == .file }
  }

  /// Reads what stands beside a photograph: regions in its pixels, and the text of each line as Leiden+.
  ///
  /// Foreign text goes in as it stands where it is also Leiden+; of other text only the region is taken.
  /// - Returns: nil where no file stands beside it, or it has no lines.
  public static func read(beside photograph: String) throws(ExchangeError) -> Sidecar? {
    guard let path = path(beside: photograph) else { return nil }
    var page = try PageDescription.read(path: path)
    // The size of other types is known only to their converter; files that give pixels need no scaling.
    if photograph.lowercased().hasSuffix(".png") {
      let header: PNG.Header
      do throws(RasterError) { header = try PNG.header(path: photograph) } catch {
        throw ExchangeError(.unreadable, path: error.path, error.reason)
      }
      page = page.scaled(toWidth: header.width, height: header.height)
    }
    guard !page.lines.isEmpty else { return nil }
    var texts: [String: String] = [:]
    for line in page.lines {
      if let text = line.text, DiplomaticLetters.isLeiden(text) { texts[line.region.id] = text }
    }
    return Sidecar(regions: page.lines.map(\.region), texts: texts)
  }
}

import Corpus
import Raster

/// A photograph as it lies in the corpus, for those who must find places on it.
public struct ImportedPicture: Hashable, Sendable {
  /// In pixels, as it stands now.
  public var width: Int
  public var height: Int
  /// How the camera's picture was turned to stand so.
  public var orientation: ExifOrientation

  public init(width: Int, height: Int, orientation: ExifOrientation = .upright) {
    self.width = width
    self.height = height
    self.orientation = orientation
  }

  init(_ photograph: Photograph, orientation: ExifOrientation) {
    self.init(width: photograph.width, height: photograph.height, orientation: orientation)
  }
}

/// What stands beside a photograph and goes into the corpus with it.
public struct Sidecar: Sendable {
  /// Looks beside a photograph (its path), whose picture lies in the corpus as told; nil where nothing stands there. Throws what is wrong with
  /// what stands there.
  public typealias Source = (_ photograph: String, _ picture: ImportedPicture) throws -> Sidecar?

  /// The file it comes from.
  public var path: String
  /// Others that describe the same photograph and were not read.
  public var others: [String] = []
  /// As if the photograph were the fragment's first.
  public var regions: [LineRegion]
  /// Leiden+ of each region that has text.
  public var texts: [String: String]
  /// What of the file is not here.
  public var leftOut: LeftOut

  public init(path: String = "", regions: [LineRegion], texts: [String: String] = [:], leftOut: LeftOut = LeftOut()) {
    self.path = path
    self.regions = regions
    self.texts = texts
    self.leftOut = leftOut
  }

  /// The same for another photograph of a fragment: `0-3` becomes `1-3`.
  func moved(toPhotograph index: Int) -> Sidecar {
    guard index > 0 else { return self }
    func id(_ id: String) -> String { id.hasPrefix("0-") ? "\(index)-\(id.dropFirst(2))" : "\(index)-\(id)" }
    var moved = self
    moved.texts = Dictionary(texts.map { (id($0), $1) }) { first, _ in first }
    for place in moved.regions.indices {
      moved.regions[place].id = id(regions[place].id)
      moved.regions[place].photograph = index
    }
    return moved
  }
}

import JSON
import Platform
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

extension CorpusStore {
  /// Takes what stands beside a photograph that is in the corpus already: regions where nobody has decided anything about the photograph, and
  /// texts of lines nobody has decided about. What stays out is told.
  func takeLater(
    _ path: String, fragment id: String, hash: String, _ scholar: String, _ source: Sidecar.Source,
    _ tell: (ImportOutcome) -> Void
  ) throws {
    let fragment = try fragment(id)
    guard let index = fragment.photographs.firstIndex(where: { $0.sha256 == hash || $0.source?.sha256 == hash })
    else { return }
    let picture = ImportedPicture(fragment.photographs[index], orientation: try Self.orientation(of: path))
    guard let sidecar = try source(path, picture)?.moved(toPhotograph: index) else { return }
    if !sidecar.leftOut.isEmpty { tell(.missed(path: sidecar.path, sidecar.leftOut)) }
    let given = try givenRegions(of: id) ?? []
    let own = given.filter { $0.photograph == index }
    let decided = try corrections(of: id).contains { $0.region.photograph == index }
    // What a file gives is rounded when it is kept.
    let isKnown = own.map(\.json.text) == sidecar.regions.map(\.json.text)
    if !decided, !isKnown, !sidecar.regions.isEmpty {
      try give(
        given.filter { $0.photograph < index } + sidecar.regions + given.filter { $0.photograph > index }, to: id)
      tell(
        .noted(path: sidecar.path, what: "its \(sidecar.regions.count) lines are taken: nobody had decided about any"))
    }
    try isKnown || !decided
      ? recordTexts(of: sidecar, fragment: id, scholar)
      : recordCoveringTexts(of: sidecar, fragment: id, scholar, tell)
  }

  /// Records the texts a sidecar brings for given lines that nobody has decided about; importing again after a failure completes them.
  func recordTexts(of sidecar: Sidecar, fragment id: String, _ scholar: String) throws(CorpusError) {
    let decided = Set(try corrections(of: id).map(\.region.id))
    let given = Set((try givenRegions(of: id) ?? []).map(\.id))
    for region in sidecar.regions where given.contains(region.id) && !decided.contains(region.id) {
      if let text = sidecar.texts[region.id] { try record(text, for: region, fragment: id, scholar) }
    }
  }

  /// Where somebody has decided, regions stay: texts go to the lines that lie where the file's lines lie, if nobody has decided about them.
  private func recordCoveringTexts(
    of sidecar: Sidecar, fragment id: String, _ scholar: String, _ tell: (ImportOutcome) -> Void
  ) throws(CorpusError) {
    let lines = try lines(of: id)
    var (taken, kept, unmet) = (0, 0, 0)
    for region in sidecar.regions {
      guard let line = lines.first(where: { Fold.covers($0.region, region) }) else {
        unmet += 1
        continue
      }
      guard let text = sidecar.texts[region.id], line.text != text else { continue }
      if line.status.isDecided {
        kept += 1
      } else {
        taken += 1
        try record(text, for: line.region, fragment: id, scholar)
      }
    }
    func note(_ count: Int, _ what: String) {
      if count > 0 { tell(.noted(path: sidecar.path, what: "\(count) \(count == 1 ? "line" : "lines") \(what)")) }
    }
    note(taken, "nobody had decided about: text taken")
    note(kept, "left as somebody decided about them here")
    note(unmet, "left out: decisions stand here on other lines")
  }

  private func record(
    _ text: String, for region: LineRegion, fragment id: String, _ scholar: String
  ) throws(CorpusError) {
    guard !text.isEmpty else { return }
    try record(Self.correction(text, for: region, fragment: id, scholar))
  }

  /// The decision that a text beside a photograph is.
  static func correction(
    _ text: String, for region: LineRegion, fragment id: String, _ scholar: String
  ) -> Correction {
    Correction(
      scholar: scholar, fragment: id, region: region, before: nil, after: text, action: .edited, offered: [],
      model: nil,
      seconds: 0)
  }

  static func orientation(of path: String) throws(SystemError) -> ExifOrientation {
    ExifOrientation(ofFileBeginning: try Files.prefix(of: path, count: ExifOrientation.prefixLength))
  }
}

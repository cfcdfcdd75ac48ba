import Corpus
import Platform
import Raster

extension PhotographImport {
  /// Takes what stands beside a photograph that is in the corpus already: regions where nobody has decided anything about the photograph, and
  /// texts of lines nobody has decided about. What stays out is told.
  func takeLater(
    _ path: String, fragment id: String, hash: String, _ tell: (ImportOutcome) -> Void
  ) throws -> ImportOutcome {
    defer { store.letGo(of: id) }
    let present = ImportOutcome.present(fragment: id, path: path)
    let fragment = try store.fragment(id)
    guard let index = fragment.photographs.firstIndex(where: { $0.sha256 == hash || $0.source?.sha256 == hash })
    else { return present }
    let picture = ImportedPicture(fragment.photographs[index], orientation: try ImageConverter.orientation(of: path))
    guard let sidecar = try sidecar(path, picture)?.moved(toPhotograph: index) else { return present }
    if !sidecar.leftOut.isEmpty { tell(.missed(path: sidecar.path, sidecar.leftOut)) }
    let given = try store.givenRegions(of: id) ?? []
    let own = given.filter { $0.photograph == index }
    let decided = try store.corrections(of: id).contains { $0.region.photograph == index }
    // What a file gives is rounded when it is kept.
    let isKnown = own.map(\.json.text) == sidecar.regions.map(\.json.text)
    if !decided, !isKnown, !sidecar.regions.isEmpty {
      try store.give(
        given.filter { $0.photograph < index } + sidecar.regions + given.filter { $0.photograph > index }, to: id)
      tell(
        .noted(path: sidecar.path, what: "its \(sidecar.regions.count) lines are taken: nobody had decided about any"))
    }
    try isKnown || !decided
      ? recordTexts(of: sidecar, fragment: id) : recordCoveringTexts(of: sidecar, fragment: id, tell)
    return present
  }

  /// Records the texts a sidecar brings for given lines that nobody has decided about; importing again after a failure completes them.
  func recordTexts(of sidecar: Sidecar, fragment id: String) throws(CorpusError) {
    let decided = Set(try store.corrections(of: id).map(\.region.id))
    let given = Set((try store.givenRegions(of: id) ?? []).map(\.id))
    let open = sidecar.regions.filter { given.contains($0.id) && !decided.contains($0.id) }
    try store.record(
      open.compactMap { region in
        sidecar.texts[region.id].flatMap { $0.isEmpty ? nil : correction($0, for: region, fragment: id) }
      }, of: id)
  }

  /// Where somebody has decided, regions stay: texts go to the lines that lie where the file's lines lie, if nobody has decided about them.
  private func recordCoveringTexts(
    of sidecar: Sidecar, fragment id: String, _ tell: (ImportOutcome) -> Void
  ) throws(CorpusError) {
    let lines = try store.lines(of: id)
    var (taken, kept, unmet): ([Correction], Int, Int) = ([], 0, 0)
    for region in sidecar.regions {
      guard let line = lines.first(where: { $0.region.covers(region) }) else {
        unmet += 1
        continue
      }
      guard let text = sidecar.texts[region.id], line.text != text else { continue }
      if line.status.isDecided {
        kept += 1
      } else {
        if !text.isEmpty { taken.append(correction(text, for: line.region, fragment: id)) }
      }
    }
    func note(_ count: Int, _ what: String) {
      if count > 0 { tell(.noted(path: sidecar.path, what: "\(count) \(count == 1 ? "line" : "lines") \(what)")) }
    }
    try store.record(taken, of: id)
    note(taken.count, "nobody had decided about: text taken")
    note(kept, "left as somebody decided about them here")
    note(unmet, "left out: decisions stand here on other lines")
  }

  /// The decision that a text beside a photograph is.
  private func correction(_ text: String, for region: LineRegion, fragment id: String) -> Correction {
    Correction(
      scholar: scholar, fragment: id, region: region, before: nil, after: text, action: .edited, offered: [],
      model: nil,
      seconds: 0)
  }

  /// Throws where a text beside a photograph could not be recorded.
  func verify(_ given: Sidecar?, _ id: String) throws(CorpusError) {
    guard let given else { return }
    for region in given.regions {
      guard let text = given.texts[region.id], !text.isEmpty else { continue }
      try CorpusStore.verify(correction(text, for: region, fragment: id), path: given.path)
    }
  }

}

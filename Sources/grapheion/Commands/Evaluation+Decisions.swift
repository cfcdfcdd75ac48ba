import Corpus
import Exchange
import Pipeline
import Raster

extension Evaluation {
  /// Lines that scholars decided about, read again with this model: each where it stands, or whole photographs as if nobody had set a line.
  ///
  /// Of whole photographs a decided line that was not found is wholly wrong; a found line where none stands counts against the lines, not against the
  /// letters. A line is met where one that was found runs within a quarter of the line distance over 60% of its length. One with letters of another
  /// alphabet is left out: no reading has them.
  func decisions(_ store: CorpusStore, isGiven: Bool) throws {
    let bar = Progress("evaluate", of: store.fragmentIDs.count)
    for (index, id) in store.fragmentIDs.enumerated() where !Interruption.happened {
      bar.update(index + 1)
      let lines = try store.corrections(of: id).isEmpty ? [] : store.lines(of: id)
      let fragment = try store.fragment(id)
      let hands = Self.hands(of: lines)
      for photograph in Set(lines.lazy.filter { $0.text != nil }.map(\.region.photograph)).sorted() {
        let image = try PNG.read(path: try store.photographPath(fragment, photograph))
        let own = lines.filter { $0.region.photograph == photograph && $0.region.baseline.count >= 2 }
        let decided = own.filter { $0.text != nil }
        let readings = try reader.read(
          photograph: image, index: photograph, regions: isGiven ? decided.map(\.region) : [],
          progress: { _, _ in true })
        let readingOf =
          isGiven
          ? Dictionary(zip(decided.map(\.region.id), readings), uniquingKeysWith: { first, _ in first })
          : met(own.map(\.region), by: readings)
        for line in decided {
          guard let truth = line.text.flatMap(DiplomaticLetters.of) else {
            fail("\(id), line \(line.region.id): the text is not Leiden+")
            continue
          }
          let strange = DiplomaticLetters.strange(in: line.text!)
          guard strange.isEmpty else {
            leaveOut(Self.strangeLines, "\(id), line \(line.region.id): \(strange.prefix(40))")
            continue
          }
          var groups = Self.groups(of: fragment)
          groups["hand"] = hands[line.region.id].map { "\(id) \($0)" }
          let letters = truth.filter { $0 != "." }
          let reading = readingOf[line.region.id]
          if !isGiven, let reading { count(met: reading.candidates, truth: letters) }
          count(
            reading?.candidates ?? [], truth: letters, fragment: id, line: line.region.id,
            words: DiplomaticLetters.words(of: line.text!), groups: groups,
            strip: LineStrip.cut(from: image, baseline: line.region.baseline, polygon: line.region.polygon).image)
        }
      }
    }
    bar.finish()
    if score.lines == 0, leftOut.isEmpty {
      Console.note("evaluate: nobody has decided about a line of this corpus yet.")
    }
  }

  static let strangeLines = "lines with letters of another alphabet, by which no reading can be measured"

  /// The readings of lines that were met, by the ids of those.
  private func met(_ truth: [LineRegion], by readings: [LineReading]) -> [String: LineReading] {
    let found = readings.map(\.region)
    let within = [Double](repeating: LayoutScore.lineDistance(truth) / 4, count: truth.count)
    let matches = LayoutScore.matches(found: found, truth: truth, within: within, coverage: 0.6)
    count(found: LayoutScore(found: found.count, truth: truth.count, matched: matches.count { $0 != nil }))
    var readingOf: [String: LineReading] = [:]
    for (line, match) in zip(truth, matches) {
      if let match { readingOf[line.id] = readings[match] }
    }
    return readingOf
  }

  /// What lines of a fragment are told apart by.
  static func groups(of fragment: Fragment) -> [String: String] {
    var groups: [String: String] = [:]
    groups["place"] = fragment.place
    let years = [fragment.date.notBefore, fragment.date.notAfter].compactMap { $0 }
    if !years.isEmpty {
      let middle = years.reduce(0, +) / years.count
      let century = (abs(middle) + 99) / 100
      groups["century"] = middle < 0 ? "\(century) BCE" : "\(century) CE"
    }
    return groups
  }

  /// Which hand wrote each line, `m1` until the text says `$m2`; a line in which the hand changes counts to the one it begins with.
  private static func hands(of lines: [LineState]) -> [String: String] {
    var hands: [String: String] = [:]
    var hand = "m1"
    for line in lines {
      guard let text = line.text else { continue }
      let shifts = text.matches(of: /\$(m[0-9]+)/).map { String($0.1) }
      if text.hasPrefix("$"), let first = shifts.first { hand = first }
      hands[line.region.id] = hand
      if let last = shifts.last { hand = last }
    }
    return hands
  }
}

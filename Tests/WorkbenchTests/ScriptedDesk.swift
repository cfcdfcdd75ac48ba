import Pipeline
import Raster
import Synchronization
import Text

@testable import Corpus
@testable import Workbench

/// A corpus in memory that can be told to fail.
final class ScriptedDesk: Desk {
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  let name = "Sample"
  var warnings: [String] = []
  var fragments: [Fragment]
  var linesByFragment: [String: [LineState]]
  /// As they were found.
  private let found: [String: [LineState]]
  var decisions: [Correction] = []
  var readings: [FragmentReading] = []
  /// Why recording fails; nil lets it pass.
  var refusal: String?

  init(_ fragments: [Fragment], lines: [String: [LineState]]) {
    self.fragments = fragments
    found = lines.mapValues { lines in
      lines.enumerated().map { place, line in
        var line = line
        line.place = Double(place)
        return line
      }
    }
    linesByFragment = found
  }

  func table() throws -> FragmentTable { FragmentTable(try fragments.map { try entry(of: $0.id) }) }

  func entry(of id: String) throws -> IndexEntry {
    guard let fragment = fragments.first(where: { $0.id == id }) else {
      throw Refused(description: "no fragment \(id)")
    }
    let lines = linesByFragment[id] ?? []
    let offered = lines.compactMap { $0.candidates.first?.probability }
    var entry = IndexEntry(
      fragment: fragment,
      overview: FragmentOverview(
        lines: lines.count, decided: lines.count { $0.status.isDecided }, confirmed: 0, isRead: !lines.isEmpty,
        confidence: offered.isEmpty ? nil : offered.reduce(0, +) / Double(offered.count)),
      lines: zip(lines, LineNumber.all(of: lines.map(\.region), on: fragment.photographs)).compactMap { line, number in
        (line.text ?? line.candidates.first?.leiden).map {
          IndexedLine(id: line.region.id, number: number.description, text: $0, isDecided: line.text != nil)
        }
      })
    entry.remarked = Remarked(remarks.filter { $0.fragment == id })
    return entry
  }

  func search(_ pattern: LetterPattern) throws -> [SearchHit] {
    if let refusal { throw Refused(description: refusal) }
    return try fragments.flatMap { pattern.hits(in: try entry(of: $0.id)) }
  }

  func changeEdition(of id: String, line: String, _ change: FragmentAlignment.Change) throws {
    if let refusal { throw Refused(description: refusal) }
    guard let place = linesByFragment[id]?.firstIndex(where: { $0.region.id == line }) else { return }
    let offer = linesByFragment[id]![place].edition
    linesByFragment[id]![place].edition = nil
    if change == .moveDown, place + 1 < linesByFragment[id]!.count { linesByFragment[id]![place + 1].edition = offer }
  }

  func lines(of id: String) throws -> [LineState] { linesByFragment[id] ?? [] }
  var journal: [Correction] = []
  func decisions(of id: String) throws -> [Correction] { journal.filter { $0.fragment == id } }
  /// Fragments about which others write, told once.
  var changed: Set<String> = []
  func refresh() throws -> Set<String> {
    defer { changed = [] }
    return changed
  }
  func regionsToRead(of id: String) throws -> [LineRegion] { [] }

  /// What another decides about a line just before the next decision.
  var rival: Correction?

  func record(_ decision: Correction) throws -> Correction? {
    if let refusal { throw Refused(description: refusal) }
    decisions.append(decision)
    defer { rival = nil }
    if decision.regionBefore != nil || decision.action == .redrew || decision.continues {
      let lines = (found[decision.fragment] ?? []).map { LineReading(region: $0.region, candidates: $0.candidates) }
      linesByFragment[decision.fragment] = Fold.lines(
        given: [],
        reading: FragmentReading(
          fragment: decision.fragment, model: "scripted@0001", settings: "", seconds: 0, lines: lines),
        corrections: decisions.filter { $0.fragment == decision.fragment })
      return nil
    }
    guard let index = linesByFragment[decision.fragment]?.firstIndex(where: { $0.region.id == decision.region.id })
    else { return nil }
    if let rival { linesByFragment[decision.fragment]?[index].apply(rival) }
    linesByFragment[decision.fragment]?[index].apply(decision)
    linesByFragment[decision.fragment]?[index].conflict = rival
    return rival
  }

  func record(_ reading: FragmentReading) throws {
    if let refusal { throw Refused(description: refusal) }
    readings.append(reading)
    linesByFragment[reading.fragment] = reading.lines.map {
      LineState(region: $0.region, candidates: $0.candidates, model: reading.model, status: .read)
    }
  }

  /// Told once.
  var comes: NewTable?
  func newTable() throws -> NewTable? {
    defer { comes = nil }
    return comes
  }

  func describe(_ id: String, by scholar: String, _ change: (inout Fragment) -> Void) throws -> Fragment {
    if let refusal { throw Refused(description: refusal) }
    guard let place = fragments.firstIndex(where: { $0.id == id }) else { throw Refused(description: "no \(id)") }
    let before = fragments[place].place
    change(&fragments[place])
    if fragments[place].place != before {
      var remark = Remark(
        time: 1_700_000_000_000_000, scholar: scholar, fragment: id, line: "", kind: .described,
        text: fragments[place].place ?? "")
      (remark.field, remark.before) = ("place", before ?? "")
      remarks.append(remark)
    }
    return fragments[place]
  }

  var remarks: [Remark] = []
  func remarks(of fragment: String) -> [Remark] { remarks.filter { $0.fragment == fragment } }
  func record(_ remark: Remark) throws -> Remark {
    if let refusal { throw Refused(description: refusal) }
    var kept = remark
    kept.time = Int64(1000 + remarks.count)
    remarks.append(kept)
    return kept
  }

  func queue(
    _ kind: LineQueue.Kind, by order: LineQueue.Order, for scholar: String, matching filter: Filter?
  ) throws -> [QueuedLine] {
    if let refusal { throw Refused(description: refusal) }
    let lines = fragments.flatMap { fragment in
      LineQueue.lines(
        kind, of: fragment, linesByFragment[fragment.id] ?? [], remarks: remarks(of: fragment.id), for: scholar)
    }
    return LineQueue.sorted(lines, by: order, kind)
  }

  func figures(of scholar: String) throws -> DayFigures {
    var figures = DayFigures()
    for decision in decisions where decision.scholar == scholar { figures.count(decision) }
    for remark in remarks where remark.kind == .second {
      figures.count(remark, journal.filter { $0.fragment == remark.fragment })
    }
    return figures
  }

  /// What is remembered of the last day.
  var memory: DeskMemory?
  func remembered() -> DeskMemory? { memory }
  func remember(_ memory: DeskMemory) { self.memory = memory }

  func paths(of fragment: String, photograph: Int) throws -> PhotographPaths {
    PhotographPaths(photograph: "/nowhere/\(fragment)-\(photograph).png", tiles: "/nowhere/tiles")
  }
}

/// A photograph in memory.
struct DrawnPhotograph: ViewablePhotograph {
  let bitmap: Bitmap
  var pixelsPerMillimetre: Double?
  var width: Int { bitmap.width }
  var height: Int { bitmap.height }

  func view(of rect: Rect, width: Int, height: Int) throws -> Bitmap {
    bitmap.cropped(rect).scaled(width: width, height: height)
  }

  /// Fragment 10 is measured, has a verso of other size, and its recto in infra-red twice as large.
  @Sendable static func of(_ path: String) -> DrawnPhotograph {
    switch path {
    case "/nowhere/frag-0010-0.png": DrawnPhotograph(bitmap: sample.bitmap, pixelsPerMillimetre: 10)
    case "/nowhere/frag-0010-1.png": DrawnPhotograph(bitmap: verso, pixelsPerMillimetre: 20)
    case "/nowhere/frag-0010-2.png":
      DrawnPhotograph(bitmap: sample.bitmap.scaled(width: 1200, height: 800).enhanced(.invert))
    default: sample
    }
  }

  /// Fibres and no writing.
  private static let verso: Bitmap = {
    var bitmap = Bitmap(width: 1000, height: 900, channels: 3, filledWith: 190)
    for y in 0..<900 {
      for x in 0..<1000 where (x / 40).isMultiple(of: 4) || y < 90 && x > 800 {
        for channel in 0..<3 { bitmap.pixels[(y * 1000 + x) * 3 + channel] = 90 }
      }
    }
    return bitmap
  }()

  /// A light sheet with the lines of `Sample` as rows of dark upright strokes, one a letter.
  static let sample: DrawnPhotograph = {
    var bitmap = Bitmap(width: 600, height: 400, channels: 3, filledWith: 210)
    for region in Sample.regions {
      for (letter, left) in stride(from: 44, to: 520, by: 16).enumerated() {
        let top = Int(region.baseline[0].y) - (letter % 3 == 0 ? 24 : 16)
        for y in top..<Int(region.baseline[0].y) {
          for x in left..<left + 5 {
            for channel in 0..<3 { bitmap.pixels[(y * 600 + x) * 3 + channel] = 40 }
          }
        }
      }
    }
    return DrawnPhotograph(bitmap: bitmap)
  }()
}

/// A reader that says what it was told to.
struct ScriptedReader: FragmentReader {
  let model = "scripted@0001"
  let settingsText = ""

  func read(
    photograph: Bitmap, index: Int, regions: [LineRegion], progress: @Sendable (Int, Int) -> Bool
  ) throws -> [LineReading] {
    for done in 0...Sample.regions.count where !progress(done, Sample.regions.count) { return [] }
    return Sample.lines.map { LineReading(region: $0.region, candidates: $0.candidates) }
  }

  /// Three letters and no other text are known to it.
  func read(line: LineRegion, file path: String, like pattern: String?) -> LineReading {
    guard let pattern else { return LineReading(region: line, candidates: [Sample.candidate("νεον", 0.9)]) }
    return LineReading(region: line, candidates: pattern.hasPrefix("και") ? [Sample.candidate("και\u{323}", 0.7)] : [])
  }
}

/// Four fragments and five lines that all tests share.
enum Sample {
  static let regions: [LineRegion] = (0..<5).map { index in
    let y = 60.0 + 70 * Double(index)
    return LineRegion(
      id: "0-\(index)", photograph: 0, column: 0, baseline: [Point(x: 40, y: y), Point(x: 530, y: y)],
      polygon: Polygon([
        Point(x: 36, y: y - 32), Point(x: 534, y: y - 32), Point(x: 534, y: y + 12), Point(x: 36, y: y + 12),
      ]))
  }

  static func candidate(_ leiden: String, _ probability: Double) -> Candidate {
    let letters = leiden.filter { GreekMarks.isLetter($0) }.enumerated().map { index, letter in
      CandidateLetter(
        text: GreekMarks.base(letter).map { String(Character($0)).uppercased() } ?? "",
        probability: GreekMarks.hasDot(letter) ? 0.5 : 0.97,
        left: 44 + 16 * Double(index), right: 52 + 16 * Double(index),
        alternatives: GreekMarks.hasDot(letter)
          ? [LetterAlternative(text: "Η", probability: 0.3), LetterAlternative(text: "", probability: 0.1)] : [])
    }
    return Candidate(text: letters.map(\.text).joined(), leiden: leiden, probability: probability, letters: letters)
  }

  static let lines: [LineState] = zip(
    regions,
    [
      [candidate("ετουσ τρι\u{323}του", 0.81), candidate("ετουσ τρεισ", 0.11), candidate("ετουσ τριτω", 0.04)],
      [candidate("τυβι κα ομολογει", 0.93), candidate("τυβι και ομολογει", 0.05)],
      [candidate("αντιφιλοσ αμμω\u{323}νιου", 0.64), candidate("αντιφανησ αμμωνιου", 0.22)],
      [candidate("τωι ιδι\u{323}ωι [.3] χαι\u{323}ρειν", 0.41)],
      [candidate("απεχω παρα σου", 0.97)],
    ]
  ).map { LineState(region: $0, candidates: $1, model: "scripted@0001", status: .read) }

  static let fragments = [
    Fragment(
      id: "frag-0001", identifiers: Identifiers(tm: "10001", inventory: "inv. 17"), title: "Receipt for wheat",
      date: DateRange(notBefore: -113, notAfter: -113), place: "Tebtynis", material: "papyrus",
      photographs: [Photograph(file: "r.png", width: 600, height: 400, side: "recto")]),
    Fragment(
      id: "frag-0002", title: "Letter of Ammonios to \u{1B}[31mDionysia\u{1B}[0m\u{7}",
      date: DateRange(notBefore: 85, notAfter: 115),
      place: "Oxyrhynchos", photographs: [Photograph(file: "r.png", width: 600, height: 400)]),
    Fragment(
      id: "frag-0010", title: "Ὁμολογία · contract of lease, with a title that is too long for any narrow window",
      date: DateRange(notBefore: -30, notAfter: 14), place: "Ἀρσινόη",
      photographs: [
        Photograph(file: "r.png", width: 600, height: 400, side: "recto"),
        Photograph(file: "v.png", width: 1000, height: 900, side: "verso"),
        Photograph(file: "r_ir.png", width: 1200, height: 800, side: "recto"),
      ]),
    Fragment(
      id: "frag-0003", title: "List of names", photographs: [Photograph(file: "r.png", width: 600, height: 400)]),
  ]

  static func desk() -> ScriptedDesk {
    ScriptedDesk(fragments, lines: ["frag-0001": lines, "frag-0010": lines])
  }
}

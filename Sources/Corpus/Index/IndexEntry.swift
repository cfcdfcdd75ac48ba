import Platform
import Text

/// The text of one line as it stands: what a scholar wrote, else what a model offers first.
public struct IndexedLine: Hashable, Sendable {
  public var id: String
  /// What it is called (`LineNumber`).
  public var number: String
  /// Leiden+.
  public var text: String
  public var isDecided: Bool

  public init(id: String, number: String, text: String, isDecided: Bool) {
    self.id = id
    self.number = number
    self.text = text
    self.isDecided = isDecided
  }
}

/// What the index keeps of one fragment: enough to list, filter, count and search it without opening a file, and where its records stand.
public struct IndexEntry: Hashable, Sendable {
  /// As `fragment.json` says, but for what its photographs were made from; only the id where it is damaged.
  public var fragment: Fragment
  /// Why `fragment.json` cannot be used.
  public var problem: String?
  public var overview: FragmentOverview
  /// Scholars who decided about a line.
  public var correctors: [String]
  /// What made its newest reading.
  public var model: String?
  /// Lines that have a text.
  public var lines: [IndexedLine]
  /// What is remarked on its lines. The index does not keep it: remarks are few, and in memory.
  public var remarked: Remarked = []
  /// Size and time of change of `fragment.json` and `lines.json`; -1 where there is none. By these it is seen whether the entry still holds.
  var files: [Int] = []
  /// The name of what a model would see (`CorpusStore.inputs(of:)`), where no file has to be looked at for it.
  var inputs: String?
  /// Its newest reading, and all decisions in fold order: where they stand.
  var reading: ReadingPlace?
  var decisions: [RecordPlace] = []

  public init(
    fragment: Fragment, problem: String? = nil,
    overview: FragmentOverview = FragmentOverview(lines: 0, decided: 0, confirmed: 0, isRead: false),
    correctors: [String] = [], model: String? = nil, lines: [IndexedLine] = []
  ) {
    self.fragment = fragment
    self.problem = problem
    self.overview = overview
    self.correctors = correctors
    self.model = model
    self.lines = lines
  }
}

extension LetterBytes {
  /// The letters of a fragment: those of each line, and a 0 after each.
  static func of(_ lines: [IndexedLine]) -> [UInt8] { lines.flatMap { of($0.text) + [0] } }
}

extension IndexEntry {
  /// Layout: id, fragment, files, inputs, overview, correctors, model, reading, decisions, lines.
  ///
  /// - Parameter files: numbers of the record files, by their names; names not yet there are added.
  func write(to writer: inout IndexWriter, files numbers: inout RecordFileNumbers) {
    writer.put(fragment.id)
    writer.put(fragment.title)
    writer.put(fragment.date.notBefore)
    writer.put(fragment.date.notAfter)
    for text in [
      fragment.place, fragment.material, fragment.rights, fragment.identifiers.tm, fragment.identifiers.hgv,
      fragment.identifiers.ddbdp, fragment.identifiers.inventory,
    ] { writer.put(text) }
    writer.put(all: fragment.photographs) {
      $0.put($1.file)
      $0.put($1.width)
      $0.put($1.height)
      $0.put($1.side)
      $0.put($1.sha256)
    }
    writer.put(problem)
    writer.put(all: files) { $0.put($1 as Int) }
    writer.put(inputs)
    writer.put(overview.lines)
    writer.put(overview.decided)
    writer.put(overview.confirmed)
    writer.put(overview.conflicts)
    writer.put(overview.isRead)
    writer.put(overview.failure)
    writer.put(overview.confidence)
    writer.put(all: correctors) { $0.put($1 as String) }
    writer.put(model)
    writer.put(reading) { writer, reading in
      writer.put(reading.place, in: &numbers)
      let summary = reading.summary
      writer.put(Int(summary.time))
      writer.put(summary.model)
      writer.put(summary.settings)
      writer.put(summary.inputs)
      writer.put(summary.lines)
      writer.put(summary.confidence)
      writer.put(summary.failure)
    }
    writer.put(UInt32(decisions.count))
    for place in decisions { writer.put(place, in: &numbers) }
    writer.put(all: lines) {
      $0.put($1.id)
      $0.put($1.number)
      $0.put($1.text)
      $0.put($1.isDecided)
    }
  }

  /// nil for bytes that are no entry.
  init?(_ bytes: UnsafeRawBufferPointer, files names: [String]) {
    var reader = IndexReader(bytes)
    let (id, title) = (reader.text(), reader.text())
    let date = DateRange(notBefore: reader.optionalInt(), notAfter: reader.optionalInt())
    let (place, material, rights) = (reader.optionalText(), reader.optionalText(), reader.optionalText())
    let numbers = Identifiers(
      tm: reader.optionalText(), hgv: reader.optionalText(), ddbdp: reader.optionalText(),
      inventory: reader.optionalText())
    let photographs = reader.all { reader in
      Photograph(
        file: reader.text(), width: reader.int(), height: reader.int(), side: reader.optionalText(),
        sha256: reader.optionalText())
    }
    let problem = reader.optionalText()
    let files = reader.all { $0.int() }
    let inputs = reader.optionalText()
    let overview = FragmentOverview(
      lines: reader.int(), decided: reader.int(), confirmed: reader.int(), conflicts: reader.int(),
      isRead: reader.flag(),
      failure: reader.optionalText(), confidence: reader.optionalDouble())
    let correctors = reader.all { $0.text() }
    let model = reader.optionalText()
    let reading = reader.optional { reader -> ReadingPlace in
      let place = reader.place(names)
      return ReadingPlace(
        place: place,
        summary: ReadingSummary(
          time: Int64(reader.int()), model: reader.text(), settings: reader.text(), inputs: reader.text(),
          lines: reader.int(), confidence: reader.optionalDouble(), failure: reader.optionalText()))
    }
    let decisions = reader.all { $0.place(names) }
    let lines = reader.all { IndexedLine(id: $0.text(), number: $0.text(), text: $0.text(), isDecided: $0.flag()) }
    guard reader.isSound else { return nil }
    self.init(
      fragment: Fragment(
        id: id, identifiers: numbers, title: title, date: date, place: place, material: material, rights: rights,
        photographs: photographs),
      problem: problem, overview: overview, correctors: correctors, model: model, lines: lines)
    self.files = files
    self.inputs = inputs
    self.reading = reading
    self.decisions = decisions
  }
}

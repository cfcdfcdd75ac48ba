import Platform

/// What lists, filters and sorts need of one fragment, in 96 bytes at a fixed place: columns that are scanned without decoding anything.
struct IndexRow: Hashable, Sendable {
  static let size = 96

  /// Years the fragment may be of; an open end is `Int32.min` or `Int32.max`, none at all an empty range.
  var firstYear: Int32
  var lastYear: Int32
  var lines: UInt32
  var decided: UInt32
  var confirmed: UInt32
  var images: UInt16
  var flags: Flags
  /// NaN for none.
  var confidence: Double
  /// Places in the natural order of ids and in the orders of titles and places, alike ones alike.
  var idRank: UInt32 = 0
  var titleRank: UInt32 = 0
  var placeRank: UInt32 = 0
  /// Where the folded texts, the letters and the entry stand in their sections, and the id in `ids`.
  var texts = Span()
  var letters = Span()
  var entry = Span()
  var id = Span()

  struct Span: Hashable, Sendable {
    var offset = 0
    var length: UInt32 = 0
  }

  struct Flags: OptionSet, Hashable, Sendable {
    let rawValue: UInt16
    static let isRead = Flags(rawValue: 1)
    static let hasFailed = Flags(rawValue: 2)
    static let hasPlace = Flags(rawValue: 4)
    static let hasProblem = Flags(rawValue: 8)
    static let hasConflict = Flags(rawValue: 16)
  }

  init(_ entry: IndexEntry) {
    let date = entry.fragment.date
    switch (date.notBefore, date.notAfter) {
    case (nil, nil): (firstYear, lastYear) = (.max, .min)
    case (let first?, nil): (firstYear, lastYear) = (Int32(clamping: first), .max)
    case (nil, let last?): (firstYear, lastYear) = (.min, Int32(clamping: last))
    case (let first?, let last?):
      (firstYear, lastYear) = (Int32(clamping: min(first, last)), Int32(clamping: max(first, last)))
    }
    let overview = entry.overview
    lines = UInt32(clamping: overview.lines)
    decided = UInt32(clamping: overview.decided)
    confirmed = UInt32(clamping: overview.confirmed)
    images = UInt16(clamping: entry.fragment.photographs.count)
    confidence = overview.confidence ?? .nan
    var flags: Flags = []
    if overview.isRead { flags.insert(.isRead) }
    if overview.failure != nil { flags.insert(.hasFailed) }
    if entry.fragment.place?.isEmpty == false { flags.insert(.hasPlace) }
    if overview.conflicts > 0 { flags.insert(.hasConflict) }
    if entry.problem != nil { flags.insert(.hasProblem) }
    self.flags = flags
  }

  var years: ClosedRange<Int>? { firstYear <= lastYear ? Int(firstYear)...Int(lastYear) : nil }

  /// How far the fragment has come; the failure's reason stands in the entry.
  var state: FragmentState {
    FragmentState(
      lines: Int(lines), decided: Int(decided), isRead: flags.contains(.isRead), hasFailed: flags.contains(.hasFailed))
  }

  // MARK: On the disk

  func write(to writer: inout IndexWriter) {
    let start = writer.bytes.count
    for number in [firstYear, lastYear] { writer.put(number) }
    for number in [lines, decided, confirmed, idRank, titleRank, placeRank] { writer.put(number) }
    writer.put(images)
    writer.put(flags.rawValue)
    writer.put(UInt32(0))
    writer.put(confidence.bitPattern)
    for span in [texts, letters, entry, id] {
      writer.put(span.offset)
      writer.put(span.length)
    }
    assert(writer.bytes.count - start == Self.size)
  }

  /// - Precondition: `bytes` has `size` bytes at `start`.
  init(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    func number<T: FixedWidthInteger>(_ offset: Int, _ type: T.Type = T.self) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: start + offset, as: T.self))
    }
    func span(_ offset: Int) -> Span { Span(offset: Int(number(offset, Int64.self)), length: number(offset + 8)) }
    firstYear = number(0)
    lastYear = number(4)
    lines = number(8)
    decided = number(12)
    confirmed = number(16)
    idRank = number(20)
    titleRank = number(24)
    placeRank = number(28)
    images = number(32)
    flags = Flags(rawValue: number(34))
    confidence = Double(bitPattern: number(40))
    texts = span(48)
    letters = span(60)
    entry = span(72)
    id = span(84)
  }
}

/// The folded texts of a fragment in one piece: fields in the order of `order`, each ended by a 0; several values of a field are parted by a 1.
enum IndexTexts {
  static let order: [Filter.TextField] = [
    .id, .title, .place, .material, .rights, .tm, .hgv, .ddbdp, .inventory, .corrector, .model,
  ]
  /// What plain words look in: everything before the correctors.
  static let searched = 0..<9
  static let numbers = 5..<9

  static func of(_ entry: IndexEntry) -> [UInt8] {
    let fragment = entry.fragment
    let known = fragment.identifiers
    func folded(_ text: String?) -> [UInt8] { text.map { FilterSubject.folded($0).map { max($0, 0x20) } } ?? [] }
    var bytes: [UInt8] = []
    for text in [
      fragment.id, fragment.title, fragment.place, fragment.material, fragment.rights, known.tm, known.hgv, known.ddbdp,
      known.inventory,
    ] {
      bytes += folded(text) + [0]
    }
    bytes += entry.correctors.map(folded).joined(separator: [1]) + [0]
    bytes += folded(entry.model) + [0]
    return bytes
  }
}

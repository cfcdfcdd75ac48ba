import Glibc
import Text

/// A row of the index with the bytes around it, as a filter asks it; lent for the time of one question.
struct IndexRowView: FilterTarget {
  let row: IndexRow
  /// `IndexTexts`.
  let texts: UnsafeRawBufferPointer
  /// `LetterBytes`, with their checksum behind them.
  let letters: UnsafeRawBufferPointer?
  let remarked: Remarked

  init(_ index: CorpusIndex, _ place: Int, in bytes: UnsafeRawBufferPointer, remarked: Remarked = []) {
    self.remarked = remarked
    row = index.row(place, in: bytes)
    texts = CorpusIndex.part(row.texts, of: index.texts, in: bytes)
    let (start, length) = (row.letters.offset, Int(row.letters.length))
    letters =
      start >= 0 && start <= bytes.count - length
      ? UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]) : nil
  }

  func has(_ needle: [UInt8], in field: Filter.TextField, exact: Bool) -> Bool {
    switch field {
    case .any: return has(needle, in: IndexTexts.searched, exact: exact)
    case .number: return has(needle, in: IndexTexts.numbers, exact: exact)
    default:
      guard let number = IndexTexts.order.firstIndex(of: field) else { return false }
      return has(needle, in: number..<number + 1, exact: exact)
    }
  }

  /// Looks in the fields of a range one after another; a needle has no 0 and so never reaches over the end of one.
  private func has(_ needle: [UInt8], in fields: Range<Int>, exact: Bool) -> Bool {
    guard let base = texts.baseAddress else { return false }
    // Most rows do not have it anywhere.
    guard needle.withUnsafeBytes({ Self.holds(base, texts.count, $0) }) else { return false }
    var start = 0
    for _ in 0..<fields.lowerBound { start += end(from: start) + 1 }
    var stop = start
    for _ in fields { stop += end(from: stop) + 1 }
    if needle.isEmpty { return !exact && stop > start + fields.count }
    guard exact else {
      return needle.withUnsafeBytes { Self.holds(base + start, stop - start, $0) }
    }
    let part = texts[start..<max(start, stop - 1)]
    return part.split(omittingEmptySubsequences: false) { $0 < 2 }.contains { $0.elementsEqual(needle) }
  }

  private static func holds(_ hay: UnsafeRawPointer, _ count: Int, _ needle: UnsafeRawBufferPointer) -> Bool {
    guard let first = needle.first, let wanted = needle.baseAddress else { return true }
    var place = hay
    var left = count
    while left >= needle.count, let found = memchr(place, Int32(first), left - needle.count + 1) {
      if memcmp(found, wanted, needle.count) == 0 { return true }
      left -= UnsafeRawPointer(found) - place + 1
      place = UnsafeRawPointer(found) + 1
    }
    return false
  }

  /// Bytes up to the next 0.
  private func end(from start: Int) -> Int {
    guard start < texts.count, let base = texts.baseAddress else { return 0 }
    guard let found = memchr(base + start, 0, texts.count - start) else { return texts.count - start }
    return UnsafeRawPointer(found) - (base + start)
  }

  func number(_ field: Filter.NumberField) -> Double? {
    switch field {
    case .lines: Double(row.lines)
    case .corrected: Double(row.decided) - Double(row.confirmed)
    case .confirmed: Double(row.confirmed)
    case .images: Double(row.images)
    case .confidence: row.confidence.isNaN ? nil : row.confidence
    }
  }

  var years: ClosedRange<Int>? { row.years }

  var state: FragmentState { row.state }

  func has(_ thing: Filter.Thing) -> Bool {
    switch thing {
    case .image: row.images > 0
    case .date: row.years != nil
    case .place: row.flags.contains(.hasPlace)
    case .reading: row.flags.contains(.isRead)
    case .correction: row.decided > 0
    case .failure: row.flags.contains(.hasFailed)
    case .conflict: row.flags.contains(.hasConflict)
    case .note: remarked.contains(.note)
    case .flag: remarked.contains(.flag)
    }
  }

  func holds(_ pattern: LetterMatcher) -> Bool { letters.map(pattern.occurs) ?? false }
}

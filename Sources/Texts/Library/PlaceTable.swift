import Leiden
import Platform

/// Where and when texts were written, by their numbers in Trismegistos.
public struct PlaceTable: Sendable {
  public struct Entry: Hashable, Sendable {
    public var place: String
    /// As in the table: `188±12`, years before our era negative.
    public var date: String

    /// The year in the middle and how far from it, or nil.
    public var years: (middle: Int, spread: Int)? {
      let parts = date.split(separator: "±", maxSplits: 1)
      guard let first = parts.first, let middle = Int(first) else { return nil }
      return (middle, parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    }

    /// `29 BCE`, `350 ± 49`; as in the table where that says something else.
    public var words: String {
      guard let (middle, spread) = years else { return date }
      return "\(middle.magnitude)" + (spread == 0 ? "" : " ± \(spread)") + (middle < 0 ? " BCE" : "")
    }
  }

  private let path: String
  public private(set) var entries: [String: Entry] = [:]
  private(set) var added = 0

  /// Reads the table where it is there.
  init(path: String) {
    self.path = path
    if let bytes = try? Files.read(path, limit: 256 << 20) { read(bytes) }
  }

  private mutating func read(_ bytes: [UInt8]) {
    for row in bytes.split(separator: 0x0A) {
      let cells = row.last == 0x0D ? row.dropLast() : row
      let parts = cells.split(separator: 0x09, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard parts.count >= 3, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        continue
      }
      entries[parts[0]] = Entry(place: parts[1], date: parts[2])
    }
  }

  mutating func add(table bytes: [UInt8]) {
    let before = entries.count
    read(bytes)
    added += max(1, entries.count - before)
  }

  /// What a header says of its text's place and date.
  mutating func add(_ header: EpiDocDocument.Header) {
    guard let number = header.identifiers.first(where: { $0.type == "TM" })?.value,
      number.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !number.isEmpty,
      let first = (header.notBefore ?? header.notAfter).flatMap(Self.year)
    else { return }
    let last = (header.notAfter ?? header.notBefore).flatMap(Self.year) ?? first
    let middle = (first + last) / 2
    entries[number] = Entry(place: header.place ?? "", date: "\(middle)±\(abs(last - middle))")
    added += 1
  }

  /// The year of `-0199`, `0150-03`.
  private static func year(_ date: String) -> Int? {
    let isNegative = date.hasPrefix("-")
    let digits = date.drop { $0 == "-" }.prefix { $0.isASCII && $0.isNumber }
    return Int(digits).map { isNegative ? -$0 : $0 }
  }

  func write() throws(SystemError) {
    var text = "TM\tplace\tdate\n"
    for (number, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let place = entry.place.replacing("\t", with: " ").replacing("\n", with: " ")
      text += "\(number)\t\(place)\t\(entry.date)\n"
    }
    try Files.replace(path, with: Array(text.utf8))
  }
}

extension TextLibrary {
  /// What is known of places and dates; empty where nobody added any. About 50 ms for 50,000.
  public func places() -> PlaceTable { PlaceTable(path: placesPath) }
}

import Platform
import Text

/// Writes an index, fragment by fragment in the order of ids: entries go to the file at once, what is scanned is kept until the end (about 500
/// bytes a fragment).
struct IndexBuilder {
  /// Where the bytes go: a file, or memory.
  private enum Output {
    case file(ReplacementFile)
    case memory([UInt8])
  }

  private var output: Output
  private var count = 0
  private var letters = IndexWriter()
  private var texts: [UInt8] = []
  private var ids: [UInt8] = []
  private var rows: [IndexRow] = []
  private var orders: [(title: [UInt8], place: [UInt8], id: NaturalKey)] = []
  private(set) var numbers: RecordFileNumbers

  /// - Parameter files: names of record files in the order of an older index whose entries are to be copied.
  init(path: String?, files: [String] = []) throws(SystemError) {
    output = .memory([])
    numbers = RecordFileNumbers(files)
    if let path {
      try Files.makeFolder(Files.parent(path))
      output = .file(try ReplacementFile(path: path))
    }
    // The head is known last.
    try put([UInt8](repeating: 0, count: CorpusIndex.headSize))
  }

  private mutating func put(_ bytes: [UInt8]) throws(SystemError) {
    count += bytes.count
    switch output {
    case .file(let file): try file.write(bytes)
    case .memory(var all):
      output = .memory([])
      all += bytes
      output = .memory(all)
    }
  }

  /// What of an entry goes into the index. Made by several threads at once; `numbers` wait for `add`.
  struct Part: Sendable {
    var entry: IndexEntry
    var row: IndexRow
    var texts: [UInt8]
    var letters: [UInt8]

    init(_ entry: IndexEntry) {
      self.entry = entry
      row = IndexRow(entry)
      texts = IndexTexts.of(entry)
      letters = LetterBytes.of(entry.lines)
    }
  }

  mutating func add(_ part: Part) throws(SystemError) {
    var writer = IndexWriter()
    part.entry.write(to: &writer, files: &numbers)
    try add(part.row, entry: writer.bytes, texts: part.texts, letters: part.letters, id: part.entry.fragment.id)
  }

  private mutating func add(
    _ row: IndexRow, entry: [UInt8], texts own: [UInt8], letters ownLetters: [UInt8], id: String
  ) throws(SystemError) {
    var row = row
    var writer = IndexWriter()
    writer.put(Checksum.crc32c(entry))
    row.entry = IndexRow.Span(offset: count, length: UInt32(entry.count))
    try put(entry + writer.bytes)
    row.letters = IndexRow.Span(offset: letters.bytes.count, length: UInt32(ownLetters.count))
    letters.append(ownLetters)
    letters.put(Checksum.crc32c(ownLetters))
    row.texts = IndexRow.Span(offset: texts.count, length: UInt32(own.count))
    texts += own
    row.id = IndexRow.Span(offset: ids.count, length: UInt32(id.utf8.count))
    ids += Array(id.utf8)
    rows.append(row)
    let fields = own.split(separator: 0, omittingEmptySubsequences: false)
    orders.append((Array(fields[1]), Array(fields[2]), NaturalKey(id)))
  }

  /// Takes over what an older index has of a fragment, unread; false where that is damaged.
  mutating func copy(_ place: Int, of old: CorpusIndex, id: String) throws(SystemError) -> Bool {
    let parts = old.withBytes { bytes -> (IndexRow, [UInt8], [UInt8], [UInt8])? in
      let row = old.row(place, in: bytes)
      guard let entry = CorpusIndex.verified(row.entry, in: bytes),
        let letters = CorpusIndex.verified(row.letters, in: bytes)
      else { return nil }
      return (row, Array(entry), Array(CorpusIndex.part(row.texts, of: old.texts, in: bytes)), Array(letters))
    }
    guard let parts else { return false }
    try add(parts.0, entry: parts.1, texts: parts.2, letters: parts.3, id: id)
    return true
  }

  // MARK: The end

  /// Writes what is left. Returns the bytes where they went to memory, else the file is in its place.
  mutating func finish(
    listed: Int, lastDecision: Int, lastReading: Int, firstAhead: Int = .max, marks: [String: ReadMark],
    longest: [String: Int] = [:]
  ) throws(SystemError) -> [UInt8]? {
    let lettersStart = count
    try put(letters.bytes)
    rank()
    var sections: [(offset: Int, length: Int, checksum: UInt32)] = []
    var table = IndexWriter()
    for row in rows {
      var row = row
      row.letters.offset += lettersStart
      row.write(to: &table)
    }
    for bytes in [texts, ids, table.bytes] {
      sections.append((count, bytes.count, Checksum.crc32c(bytes)))
      try put(bytes)
    }
    var directory = IndexWriter()
    for number in [listed, lastDecision, lastReading, firstAhead] { directory.put(number) }
    let marked = marks.keys.sorted().map { (numbers.number(of: $0), marks[$0]!) }
    directory.put(all: numbers.names) { $0.put($1 as String) }
    directory.put(all: marked) {
      $0.put(UInt32($1.0))
      $0.put($1.1.bytes)
      $0.put(Int($1.1.modified))
    }
    directory.put(all: longest.sorted { $0.key < $1.key }) {
      $0.put($1.key as String)
      $0.put($1.value)
    }
    directory.put(UInt32(rows.count))
    directory.put(all: sections) {
      $0.put($1.offset)
      $0.put($1.length)
      $0.put($1.checksum)
    }
    var head = IndexWriter()
    head.append(CorpusIndex.magic)
    head.put(CorpusIndex.version)
    head.put(Checksum.crc32c(directory.bytes))
    head.put(count)
    head.put(directory.bytes.count)
    try put(directory.bytes)
    switch output {
    case .file(let file):
      try file.overwrite(head.bytes, at: 0)
      try file.commit()
      return nil
    case .memory(let bytes): return head.bytes + bytes.dropFirst(head.bytes.count)
    }
  }

  /// Gives every row its places in the orders of ids, titles and places; fragments without a place come last.
  private mutating func rank() {
    func ranks(_ precedes: (Int, Int) -> Bool) -> [UInt32] {
      let sorted = orders.indices.sorted(by: precedes)
      var ranks = [UInt32](repeating: 0, count: sorted.count)
      var rank: UInt32 = 0
      for (position, place) in sorted.enumerated() {
        if position > 0, precedes(sorted[position - 1], place) { rank += 1 }
        ranks[place] = rank
      }
      return ranks
    }
    let orders = orders
    // No two ids are alike, `p2` and `p02` neither.
    let byID = ranks { (orders[$0].id, $0) < (orders[$1].id, $1) }
    let byTitle = ranks { orders[$0].title.lexicographicallyPrecedes(orders[$1].title) }
    let byPlace = ranks {
      let (a, b) = (orders[$0].place, orders[$1].place)
      return a.isEmpty || b.isEmpty ? !a.isEmpty && b.isEmpty : a.lexicographicallyPrecedes(b)
    }
    for place in rows.indices {
      rows[place].idRank = byID[place]
      rows[place].titleRank = byTitle[place]
      rows[place].placeRank = byPlace[place]
    }
  }
}

/// An id as people order it: `p2` before `p10`, runs of digits count as numbers.
struct NaturalKey: Comparable, Sendable {
  private let bytes: [UInt8]

  init(_ id: String) {
    var bytes: [UInt8] = []
    var rest = Array(id.utf8)[...]
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    while let first = rest.first {
      guard isDigit(first) else {
        bytes.append(first)
        rest = rest.dropFirst()
        continue
      }
      // A number is written with its length before it; the first byte of a digit keeps its place among other letters.
      let digits = rest.prefix(while: isDigit).drop { $0 == 0x30 }
      bytes += [0x30, UInt8(clamping: digits.count)] + digits
      rest = rest.drop(while: isDigit)
    }
    self.bytes = bytes
  }

  static func < (a: NaturalKey, b: NaturalKey) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

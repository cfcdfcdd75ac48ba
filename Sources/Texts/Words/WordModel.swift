// A word model stands in a library's `models`; it may be deleted at any time and is counted anew. Numbers are little-endian.
//    0  "grapheion-words" and a byte, the version (16 bytes)
//   16  number of words (u32), of pairs (u32), bytes of all letters (u32), bytes of all forms (u32), slots of the table (u32, a power of 2),
//       the logarithm of how likely an unknown word is (f32), bytes of the stamp (u32), 0 (u32)
//   48  where each word's letters begin (u32, one a word and one more)
//       where each word's form begins (u32, one a word and one more)
//       the logarithm of how likely it is (f32, one a word), and of what is left behind it for words not listed there (f32, one a word and one more)
//       where the pairs of each word begin (u32, one a word and two more); what stands behind any word that occurs once is told of the word behind the last,
//       which is also the second of pairs
//       the second word of each pair, ascending (u32), and the logarithm of how likely it is behind the first (f32)
//       the words in the order of their letters read from the end (u32)
//       the table: the first word with given letters, and 1 (u32); 0 for none
//       all letters (`TextLetters`, a byte each), all forms (UTF-8), the stamp: what the words were counted of
// Words are in the order of their letters; those with the same letters follow each other, the commonest first.
import Glibc
import Platform

/// The words of known texts, how often they occur and which follow which. Read-only, mapped from disk.
///
/// How likely a word is behind another: absolute discounting, backing off to how likely it is at all (Ney et al. 1994). About 60 bytes a word, 8 a pair.
/// What a damaged file says is never followed out of its bounds.
public final class WordModel: Sendable {
  /// How many words.
  public let count: Int
  /// The natural logarithm of how likely it is that a word is none of these, its letters not counted.
  let unknown: Float
  /// What the words were counted of.
  let stamp: String
  private let file: MappedFile
  // Into `file`, which lives as long as this object.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  /// The logarithm of how likely a word is that occurs once.
  private let rarest: Float
  private let pairCount, letterCount, formCount, slots: Int
  private let formStart, likely, left, pairStart, pairWord, pairLog, ends, table, letters, forms: Int

  static let magic = Array("grapheion-words".utf8) + [3]
  static let headSize = 48

  /// Longer words are not counted.
  static let longest = 40

  public init(path: String) throws(TextsError) {
    do throws(SystemError) { file = try MappedFile(path: path) } catch { throw TextsError(.unreadable, "\(error)") }
    bytes = file.withBytes { $0 }
    guard bytes.count >= Self.headSize, bytes.starts(with: Self.magic) else {
      throw TextsError(.malformed, "\(path) is no word model of this version")
    }
    let bytes = bytes
    func number(_ offset: Int) -> Int { Int(bytes.load(fromByteOffset: offset, as: UInt32.self)) }
    (count, pairCount, letterCount, formCount, slots) = (number(16), number(20), number(24), number(28), number(32))
    unknown = bytes.load(fromByteOffset: 36, as: Float.self)
    let stampCount = number(40)
    formStart = Self.headSize + 4 * (count + 1)
    likely = formStart + 4 * (count + 1)
    left = likely + 4 * count
    pairStart = left + 4 * (count + 1)
    pairWord = pairStart + 4 * (count + 2)
    pairLog = pairWord + 4 * pairCount
    ends = pairLog + 4 * pairCount
    table = ends + 4 * count
    letters = table + 4 * slots
    forms = letters + letterCount
    guard bytes.count == forms + formCount + stampCount, slots > count, slots & (slots - 1) == 0, unknown.isFinite
    else {
      throw TextsError(.malformed, "\(path) is damaged; delete it, it is made anew")
    }
    stamp = String(decoding: bytes[(forms + formCount)...], as: UTF8.self)
    var rarest = Float.infinity
    for word in 0..<count { rarest = min(rarest, bytes.load(fromByteOffset: likely + 4 * word, as: Float.self)) }
    self.rarest = rarest
    commonWords = Self.common(bytes, count, likely, rarest)
  }

  private static func common(_ bytes: UnsafeRawBufferPointer, _ count: Int, _ likely: Int, _ rarest: Float) -> [[Int]] {
    var byLength = [[(word: Int, log: Float)]](repeating: [], count: 21)
    for word in 0..<count {
      let log = bytes.load(fromByteOffset: likely + 4 * word, as: Float.self)
      let (first, end) = (
        bytes.load(fromByteOffset: headSize + 4 * word, as: UInt32.self),
        bytes.load(fromByteOffset: headSize + 4 * (word + 1), as: UInt32.self)
      )
      // What occurs once is not common.
      guard first < end, end - first < 21, log > rarest || count < 10_000 else { continue }
      byLength[Int(end - first)].append((word, log))
    }
    return byLength.map { words in
      words.sorted { ($0.log, $1.word) > ($1.log, $0.word) }.prefix(400).map(\.word)
    }
  }

  private func number(_ start: Int, _ index: Int) -> Int {
    Int(bytes.load(fromByteOffset: start + 4 * index, as: UInt32.self))
  }

  private func part(_ starts: Int, _ index: Int, _ limit: Int) -> Range<Int> {
    let (first, end) = (number(starts, index), number(starts, index + 1))
    return first <= end && end <= limit ? first..<end : 0..<0
  }

  // MARK: Words

  /// A word's letters.
  @inline(__always)
  func letters(of word: Int) -> UnsafeRawBufferPointer {
    let part = part(Self.headSize, word, letterCount)
    return UnsafeRawBufferPointer(rebasing: bytes[letters + part.lowerBound..<letters + part.upperBound])
  }

  func length(of word: Int) -> Int { part(Self.headSize, word, letterCount).count }

  /// A word as an edition has it, in Leiden+.
  func form(of word: Int) -> String {
    let part = part(formStart, word, formCount)
    return String(decoding: bytes[forms + part.lowerBound..<forms + part.upperBound], as: UTF8.self)
  }

  /// The logarithm of how likely a word is.
  @inline(__always)
  func log(_ word: Int) -> Float { bytes.load(fromByteOffset: likely + 4 * word, as: Float.self) }

  /// The same behind another word; -1 for one that is not known, `count` for one that is none of these, as `word` and as `other`.
  @inline(__always)
  func log(_ word: Int, after other: Int) -> Float {
    let own = word < count ? log(word) : unknown
    guard other >= 0 else { return own }
    let other = context(other)
    let pairs = part(pairStart, other, pairCount)
    let pair = place(of: word, in: pairs)
    if pair < pairs.upperBound, number(pairWord, pair) == word {
      return bytes.load(fromByteOffset: pairLog + 4 * pair, as: Float.self)
    }
    return bytes.load(fromByteOffset: left + 4 * other, as: Float.self) + own
  }

  /// Of what follows a word that occurs once, or none of these, all of them tell together.
  @inline(__always)
  private func context(_ word: Int) -> Int { word < count && log(word) > rarest ? word : count }

  /// How likely one of several words is behind another (as above).
  ///
  /// - Parameter all: how likely one of them is at all.
  func share(_ words: Range<Int>, _ all: Double, after other: Int) -> Double {
    guard other >= 0 else { return all }
    let other = context(other)
    let pairs = part(pairStart, other, pairCount)
    var sum = exp(Double(bytes.load(fromByteOffset: left + 4 * other, as: Float.self))) * all
    for pair in place(of: words.lowerBound, in: pairs)..<place(of: words.upperBound, in: pairs) {
      sum += exp(Double(bytes.load(fromByteOffset: pairLog + 4 * pair, as: Float.self)))
    }
    return sum
  }

  /// The first of these pairs whose second word is at least `word`.
  @inline(__always)
  private func place(of word: Int, in pairs: Range<Int>) -> Int {
    var (low, high) = (pairs.lowerBound, pairs.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if number(pairWord, middle) < word { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The words that follow a word, with their logarithms.
  func forEachPair(of word: Int, _ body: (_ word: Int, _ log: Float) -> Void) {
    for pair in part(pairStart, word, pairCount) {
      let second = number(pairWord, pair)
      if second < count { body(second, bytes.load(fromByteOffset: pairLog + 4 * pair, as: Float.self)) }
    }
  }

  /// The commonest words of each length (entry 0: none), at most 400 of each, commonest first.
  let commonWords: [[Int]]

  // MARK: Looking up

  /// A hash that grows letter by letter (FNV-1a).
  struct Hash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ letter: UInt8) { value = (value ^ UInt64(letter)) &* 0x100_0000_01B3 }
  }

  /// The words with given letters.
  func words(_ letters: some RandomAccessCollection<UInt8>) -> Range<Int> {
    var hash = Hash()
    for letter in letters { hash.add(letter) }
    return words(letters, hash)
  }

  @inline(__always)
  func words(_ letters: some RandomAccessCollection<UInt8>, _ hash: Hash) -> Range<Int> {
    var slot = Self.slot(hash, slots)
    for _ in 0..<slots {
      let entry = number(table, slot)
      if entry == 0 || entry > count { return 0..<0 }
      let found = self.letters(of: entry - 1)
      if found.count == letters.count, found.elementsEqual(letters) {
        var end = entry
        while end < count, self.letters(of: end).elementsEqual(letters) { end += 1 }
        return entry - 1..<end
      }
      slot = (slot + 1) & (slots - 1)
    }
    return 0..<0
  }

  static func slot(_ hash: Hash, _ slots: Int) -> Int { Int(truncatingIfNeeded: hash.value >> 20) & (slots - 1) }

  /// The words that begin with given letters.
  func words(from letters: [UInt8]) -> Range<Int> {
    func first(_ isBelow: (Int) -> Bool) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if isBelow(middle) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let start = first { self.letters(of: $0).lexicographicallyPrecedes(letters) }
    let end = first {
      self.letters(of: $0).prefix(letters.count).lexicographicallyPrecedes(letters)
        || self.letters(of: $0).starts(with: letters)
    }
    return start..<max(start, end)
  }

  /// The words that end with given letters.
  func words(to letters: [UInt8]) -> [Int] { places(to: letters).map(wordByEnd) }

  /// Where they stand among all words read from the end.
  func places(to letters: [UInt8]) -> Range<Int> {
    let reversed = Array(letters.reversed())
    func first(_ isBelow: (ReversedCollection<UnsafeRawBufferPointer>) -> Bool) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if isBelow(self.letters(of: min(count - 1, number(ends, middle))).reversed()) {
          low = middle + 1
        } else {
          high = middle
        }
      }
      return low
    }
    let start = first { $0.lexicographicallyPrecedes(reversed) }
    let end = first { $0.prefix(reversed.count).lexicographicallyPrecedes(reversed) || $0.starts(with: reversed) }
    return start..<max(start, end)
  }

  /// Where a word with given letters would stand among all words read from the end.
  func placeByEnd(_ letters: [UInt8]) -> Int {
    let reversed = Array(letters.reversed())
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self.letters(of: wordByEnd(middle)).reversed().lexicographicallyPrecedes(reversed) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  func wordByEnd(_ place: Int) -> Int { min(count - 1, number(ends, place)) }
}

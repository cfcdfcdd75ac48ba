import Leiden
import Platform
import Synchronization

/// What is looked for in transcriptions: Greek letters with `?` for any one letter and `*` for any number of letters of one line.
///
/// Accents, case, spaces, brackets and dots do not count, in the pattern and in the text.
public struct LetterPattern: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case letter(UInt8)
    case any
  }

  /// Parts between `*`, none empty.
  let parts: [[Step]]

  /// nil for a pattern without a letter.
  public init?(_ text: String) {
    parts = text.split(separator: "*").map { part in
      part.split(separator: "?", omittingEmptySubsequences: false).enumerated().flatMap { index, letters in
        (index > 0 ? [Step.any] : []) + LetterBytes.of(String(letters)).map(Step.letter)
      }
    }.filter { !$0.isEmpty }
    let hasLetter = parts.contains { $0.contains { $0 != .any } }
    if !hasLetter { return nil }
  }

  public func occurs(in leiden: String) -> Bool { LetterBytes.of(leiden).withUnsafeBytes(occurs) }

  /// Each part after the one before, the earliest place being as good as any.
  func occurs(in letters: UnsafeRawBufferPointer) -> Bool {
    var start = 0
    for part in parts {
      guard let end = Self.end(of: part, in: letters, from: start) else { return false }
      start = end
    }
    return true
  }

  private static func end(of part: [Step], in letters: UnsafeRawBufferPointer, from start: Int) -> Int? {
    part.withUnsafeBufferPointer { part in
      var place = start
      while place + part.count <= letters.count {
        var length = 0
        while length < part.count {
          if case .letter(let wanted) = part[length], letters[place + length] != wanted { break }
          length += 1
        }
        if length == part.count { return place + length }
        place += 1
      }
      return nil
    }
  }
}

/// A line in which something was found.
public struct SearchHit: Hashable, Sendable {
  public var fragment: String
  public var line: IndexedLine
}

extension CorpusStore {
  /// Lines that hold a pattern, in the order of fragments and lines, in every current transcription: what a scholar wrote, else the model's first
  /// offer. Reads the index in parallel; linear in the letters of the corpus.
  public func search(_ pattern: LetterPattern, workers: Int = Threads.cores) -> [SearchHit] {
    let ids = fragmentIDs
    let chunk = 512
    let chunks = (ids.count + chunk - 1) / chunk
    let found = Mutex<[Int: [SearchHit]]>([:])
    Threads.forEach(chunks, workers: workers) { [self] number in
      var hits: [SearchHit] = []
      for id in ids[number * chunk..<min(ids.count, (number + 1) * chunk)] { hits += search(pattern, in: id) }
      if !hits.isEmpty { found.withLock { $0[number] = hits } }
    }
    return found.withLock { found in found.keys.sorted().flatMap { found[$0]! } }
  }

  private func search(_ pattern: LetterPattern, in id: String) -> [SearchHit] {
    if let index, let place = index.place(of: id) {
      // The stamp is looked at without decoding the rest; most fragments end here.
      let isMiss = index.withEntry(place) { bytes -> Bool? in
        var reader = IndexReader(bytes)
        let owner = reader.part()
        let stamp = Stamp(files: reader.all { $0.int() }, reading: reader.int(), decisions: reader.int())
        guard owner.elementsEqual(id.utf8), holds(stamp, for: id) else { return nil }
        let lines = reader.number(UInt32.self)
        for _ in 0..<lines {
          guard reader.isSound else { return nil }
          _ = reader.part()
          _ = reader.part()
          _ = reader.flag()
          if pattern.occurs(in: reader.part()) { return false }
        }
        return reader.isSound ? true : nil
      }
      if isMiss == true { return [] }
    }
    return entry(of: id).lines.filter { pattern.occurs(in: $0.text) }.map { SearchHit(fragment: id, line: $0) }
  }
}

import Platform
import Synchronization
import Text

/// A line in which something was found.
public struct SearchHit: Hashable, Sendable {
  public var fragment: String
  /// Where the match begins.
  public var line: IndexedLine
  /// The line it runs on into, where it does.
  public var next: IndexedLine?
  /// The match, counted in letters of both lines.
  public var letters: Range<Int>

  /// The text around the match, cut out: what stands before it, it, and what stands behind it. ` | ` parts lines.
  public var context: (before: String, found: String, after: String) {
    let scalars = Array((line.text + (next.map { " | " + $0.text } ?? "")).unicodeScalars)
    var (start, end) = (scalars.count, scalars.count)
    var letter = 0
    for (place, scalar) in scalars.enumerated() where Greek.letter(of: scalar) != nil {
      if letter == letters.lowerBound { start = place }
      letter += 1
      if letter == letters.upperBound {
        // Marks on the last letter belong to it.
        end = place + 1
        while end < scalars.count, scalars[end].properties.generalCategory == .nonspacingMark { end += 1 }
        break
      }
    }
    func text(_ range: Range<Int>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars[range])
      return String(view)
    }
    return (text(0..<start), text(start..<end), text(end..<scalars.count))
  }
}

extension CorpusStore {
  /// Lines in which a match begins, in the order of fragments and lines, in every current transcription: what a scholar wrote, else the model's first
  /// offer. A match may run on into the next line. Reads the index in parallel; linear in the letters of the corpus.
  public func search(_ pattern: LetterPattern, workers: Int = Threads.cores) throws(CorpusError) -> [SearchHit] {
    let ids = fragmentIDs
    let index = index
    // The index's own order is the order of ids as long as no fragment came or went.
    let isSame = index.map { $0.count == ids.count && isListingCurrent } ?? false
    let changed = journals.changed.union(readings.changed)
    let chunk = 1024
    let found = Mutex<[Int: [SearchHit]]>([:])
    Threads.forEach((ids.count + chunk - 1) / chunk, workers: workers) { [self] number in
      let matcher = LetterMatcher(pattern)
      var hits: [SearchHit] = []
      for place in number * chunk..<min(ids.count, (number + 1) * chunk) {
        if let index, isSame, changed.isEmpty || !changed.contains(ids[place]),
          let known = matcher.hits(in: index, at: place)
        {
          hits += known
        } else {
          hits += matcher.hits(in: entry(of: ids[place]))
        }
      }
      if !hits.isEmpty { found.withLock { $0[number] = hits } }
    }
    return found.withLock { found in found.keys.sorted().flatMap { found[$0]! } }
  }
}

extension LetterPattern {
  /// The first match that begins in each line of a fragment.
  public func hits(in entry: IndexEntry) -> [SearchHit] { LetterMatcher(self).hits(in: entry) }
}

extension LetterMatcher {
  /// The first match that begins in each line of a fragment.
  func hits(in entry: IndexEntry) -> [SearchHit] {
    LetterBytes.of(entry.lines).withUnsafeBytes { occurs(in: $0) ? hits(in: entry, letters: $0) : [] }
  }

  /// The same of a fragment in the index, whose letters stand there ready; nil where either they or the entry are damaged.
  fileprivate func hits(in index: CorpusIndex, at place: Int) -> [SearchHit]? {
    index.withBytes { bytes in
      guard let letters = CorpusIndex.verified(index.row(place, in: bytes).letters, in: bytes) else { return nil }
      guard occurs(in: letters) else { return [] }
      return index.entry(at: place).map { hits(in: $0, letters: letters) }
    }
  }

  /// - Parameter letters: those of the entry's lines, as `LetterBytes` has them.
  private func hits(in entry: IndexEntry, letters: UnsafeRawBufferPointer) -> [SearchHit] {
    var hits: [SearchHit] = []
    var start = 0
    for (number, line) in entry.lines.enumerated() where start < letters.count {
      let end = letters[start...].firstIndex(of: 0) ?? letters.count
      let stop = end + 1 < letters.count ? letters[(end + 1)...].firstIndex(of: 0) ?? letters.count : end
      for place in start..<end {
        // A match ends before the end of the next line, which is told by its 0.
        guard let last = self.end(from: place, before: min(stop + 1, letters.count), in: letters) else { continue }
        let runsOn = last > end && number + 1 < entry.lines.count
        hits.append(
          SearchHit(
            fragment: entry.fragment.id, line: line, next: runsOn ? entry.lines[number + 1] : nil,
            letters: place - start..<last - start - (last > end ? 1 : 0)))
        break
      }
      start = end + 1
    }
    return hits
  }
}

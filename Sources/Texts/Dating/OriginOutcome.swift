import Platform

/// How a model of origins does on texts whose place and date are known and that it has not seen.
public struct OriginOutcome: Sendable {
  /// The place's rank among those proposed, from 0; nil where it is not among the first ten. Only of texts whose place is known.
  public let rank: Int?
  public let isPlaced: Bool
  /// Years from the middle proposed to the middle of the date known, where one is.
  public let years: Int?

  /// Measures on the texts of a library: those of its sources that its table knows.
  public static func measure(_ model: OriginModel, _ library: TextLibrary, _ table: PlaceTable, workers: Int) throws
    -> [OriginOutcome]
  {
    var texts: [(words: [TextWord], entry: PlaceTable.Entry)] = []
    for index in try library.indexes() {
      for text in 0..<index.textCount {
        guard let numbers = index.line(index.lines(ofText: text).lowerBound)?.numbers,
          let entry = numbers.lazy.compactMap({ table.entries[$0] }).first
        else { continue }
        texts.append((index.words(ofText: text), entry))
      }
    }
    let all = texts
    return Threads.map(all.count, workers: workers) { number in
      let (words, entry) = all[number]
      let origin = model.origin(of: words, places: 10)
      return OriginOutcome(
        rank: origin?.places.firstIndex { $0.place == entry.place }, isPlaced: entry.isPlaced,
        years: entry.years.flatMap { known in origin.map { abs($0.middle - known.middle) } })
    }
  }
}

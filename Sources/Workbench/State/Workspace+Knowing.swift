import Corpus
import Leiden

// A text says the same things again and again: what is decided helps to read what is not (`LetterLessons`). After each decision the lines that come
// after the next one are read again in the background, known what the decided lines say, and have their new candidates before the scholar is there. These
// stand on the desk alone; what was offered is kept with the decision.
extension Workspace {
  /// So many lines are read again, besides the one that is gone to.
  private static let linesAhead = 3

  func readKnowing(after index: Int) -> [Effect] {
    guard let desk, desk.blind.isEmpty else { return [] }
    let waiting = desk.lines[(index + 1)...].filter { $0.status == .read }.map(\.region).dropFirst().prefix(
      Self.linesAhead)
    let known = desk.lines.compactMap(\.decidedText).compactMap(Self.letters)
    guard !waiting.isEmpty, !known.isEmpty else { return [] }
    return [.readKnowing(fragment: desk.fragment.id, regions: Array(waiting), lines: known)]
  }

  private static func letters(of leiden: String) -> String? {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    return errors.isEmpty ? text.letterStream.filter { !$0.isNewline } : nil
  }

  /// What a scholar looks at does not change under his eyes.
  mutating func handleKnownRead(_ reading: LineReading, of fragment: String, knowing count: Int) {
    guard let desk, desk.fragment.id == fragment, !reading.candidates.isEmpty,
      let index = desk.lines.firstIndex(where: { $0.region == reading.region }), index != desk.current,
      desk.lines[index].status == .read
    else { return }
    self.desk?.lines[index].candidates = reading.candidates
    self.desk?.known[reading.region.id] = count
  }
}

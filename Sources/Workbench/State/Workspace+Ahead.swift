import Corpus
import Leiden

// A text says the same things again and again: what is decided helps to read what is not (`FragmentReader.knowing`). A line that is asked about alone is
// read so; and after each decision, and when a fragment is opened again, the lines that come after the next one are read again in the background, so that they have
// their new candidates before the scholar is there. These stand on the desk alone; what was offered is kept with the decision.
extension Workspace {
  /// So many lines are read again, besides the one that is gone to.
  private static let linesAhead = 3

  /// - Parameter place: the undecided line there or next below is looked at, or will be.
  func readAhead(from place: Int) -> [Effect] {
    // The queue goes on to another fragment.
    guard let desk, !isQueued, desk.blind.isEmpty, place < desk.lines.count else { return [] }
    let waiting = desk.lines[place...].filter { $0.status == .read }.map(\.region).dropFirst().prefix(Self.linesAhead)
    guard !waiting.isEmpty, desk.lines.contains(where: { $0.decidedText != nil }) else { return [] }
    return [.readAhead(fragment: desk.fragment.id, regions: Array(waiting))]
  }

  /// The diplomatic letters of the lines that are decided, `.` for one that is lost; none where the fragment is not on the desk.
  ///
  /// - Parameter asked: lines that are to be read: what was decided about them is not whispered to the reader.
  func decidedLetters(of fragment: String, besides asked: [LineRegion]) -> [String] {
    guard let desk, desk.fragment.id == fragment else { return [] }
    let asked = Set(asked.map(\.id))
    return desk.lines.filter { !asked.contains($0.region.id) }.compactMap(\.decidedText).compactMap { leiden in
      let (text, errors) = LeidenText.parse(leiden: leiden)
      return errors.isEmpty ? text.letterStream.filter { !$0.isNewline } : nil
    }
  }

  /// What a scholar looks at does not change under his eyes.
  mutating func handleReadAhead(_ reading: LineReading, of fragment: String, knowing count: Int) {
    guard let desk, desk.fragment.id == fragment, !reading.candidates.isEmpty,
      let index = desk.lines.firstIndex(where: { $0.region == reading.region }), index != desk.current,
      desk.lines[index].status == .read
    else { return }
    self.desk?.lines[index].candidates = reading.candidates
    self.desk?.known[reading.region.id] = count
  }
}

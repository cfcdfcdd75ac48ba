// The lines of a library, one a row, five columns divided by tabs:
//   text   a name, `bgu.1.100`        TM      numbers of Trismegistos, divided by blanks; may be empty
//   hand   may be empty               line    its label in the edition
//   words  the line as edited:
//     [..] restored            (..) resolved, (…) not resolved      <..> left out by the scribe     {..} surplus
//     \../ added above         ⟦..⟧ deleted                         α̣ unclear                       trailing - the word runs on
//     |gap=3|, |gap=unknown|, |gap=2_lines| lost or illegible       |vac=2| left blank              |num=12|, |digit=12| value of what stands before
//     @^inline^new/@⟦old⟧ corrected by the scribe                   * after a word: the edition has another form
// This is the form of the Duke Databank in the duke-nlp corpus; what has other forms is brought into it when it is added.
import Text

/// One row of a library.
struct TextRow {
  let name: ArraySlice<UInt8>
  let numbers: ArraySlice<UInt8>
  let hand: ArraySlice<UInt8>
  let label: ArraySlice<UInt8>
  let words: ArraySlice<UInt8>

  /// nil where there are not five columns.
  init?(_ row: ArraySlice<UInt8>) {
    var cuts = [row.startIndex - 1]
    for index in row.indices where row[index] == 0x09 {
      cuts.append(index)
      if cuts.count == 5 { break }
    }
    guard cuts.count == 5 else { return nil }
    let end = row.last == 0x0D ? row.endIndex - 1 : row.endIndex
    name = row[cuts[0] + 1..<cuts[1]]
    numbers = row[cuts[1] + 1..<cuts[2]]
    hand = row[cuts[2] + 1..<cuts[3]]
    label = row[cuts[3] + 1..<cuts[4]]
    words = row[cuts[4] + 1..<max(cuts[4] + 1, end)]
  }
}

extension TextRow {
  /// A row's words as an edition prints them: gaps in brackets, no values of numerals.
  static func printed(_ words: String) -> String {
    var result = ""
    // Every other piece stands between two bars.
    for (number, piece) in words.split(separator: "|", omittingEmptySubsequences: false).enumerated() {
      guard number % 2 == 1, let sign = piece.firstIndex(of: "=") else {
        result += piece
        continue
      }
      let size = piece[piece.index(after: sign)...]
      switch piece[..<sign] {
      case "gap": result += size == "unknown" ? "[.?]" : "[.\(size.replacing("_lines", with: "lin"))]"
      case "vac": result += "vac.\(size) "
      default: break
      }
    }
    return result
  }
}

/// Turns the words of rows, one after the other, into letters with marks: restorations and resolutions taken in, deletions and surplus left out.
struct RowLetters {
  /// Letters written so far (`TextLetters`).
  private(set) var letters: [UInt8] = []
  /// The next letter begins a word.
  private var beginsWord = true

  /// More lost letters than this are no longer counted.
  static let longestGap = 60

  /// Ends a text: what follows does not continue it.
  mutating func endText() {
    if let last = letters.last, last & TextLetters.mask != 0 { letters.append(0) }
    beginsWord = true
  }

  /// Forgets the letters but not where in a text they ended.
  mutating func removeAll() { letters.removeAll(keepingCapacity: true) }

  /// Appends a line. Linear.
  mutating func append(_ words: ArraySlice<UInt8>) {
    var at = words.startIndex
    var (restored, resolved) = (0, 0)
    var hidden: [UInt32] = []
    var last: UInt32 = 0
    // Latin and other letters: one gap for a run of them.
    var isForeign = false
    while let scalar = UTF8Scalars.next(words, &at) {
      defer { last = scalar }
      if let end = hidden.last {
        if scalar == end { hidden.removeLast() } else if let other = Self.hiding[scalar] { hidden.append(other) }
        continue
      }
      switch scalar {
      case 0x7C:
        appendGap(Self.bar(words, &at))
        continue
      case 0x5B:
        restored += 1
        continue
      case 0x5D:
        restored = max(0, restored - 1)
        continue
      case 0x28, 0x3C:
        resolved += 1
        continue
      case 0x29, 0x3E:
        resolved = max(0, resolved - 1)
        continue
      case 0x20:
        beginsWord = true
        isForeign = false
        continue
      case 0x2026:
        // The rest of an abbreviation that nobody resolved.
        appendGap(1)
        continue
      default: break
      }
      if let end = Self.hiding[scalar] {
        hidden.append(end)
        continue
      }
      let number = Unicode.Scalar(scalar).map(TextLetters.number) ?? 0
      if number == 0 {
        if scalar < 0x300, (0x41...0x5A).contains(scalar & ~0x20), !isForeign {
          isForeign = true
          appendGap(1)
        }
        continue
      }
      var letter = number
      if beginsWord { letter |= TextLetters.wordStart }
      if restored > 0 { letter |= TextLetters.restored }
      if resolved > 0 { letter |= TextLetters.resolved }
      beginsWord = false
      letters.append(letter)
    }
    if last != 0x2D { beginsWord = true }
  }

  private mutating func appendGap(_ count: Int) {
    guard count > 0 else { return }
    for index in 0..<min(Self.longestGap, count) {
      letters.append(index == 0 && beginsWord ? TextLetters.wordStart : 0)
    }
    beginsWord = false
  }

  /// What `|..|` tells: how many letters are lost; 1 where that is not known, 0 where none is.
  private static func bar(_ words: ArraySlice<UInt8>, _ at: inout Int) -> Int {
    let start = at
    while at < words.endIndex, words[at] != 0x7C { at += 1 }
    let told = words[start..<at]
    at = min(words.endIndex, at + 1)
    guard told.starts(with: "gap=".utf8) else { return 0 }
    let count = told.dropFirst(4)
    guard !count.isEmpty, count.count < 5, count.allSatisfy({ (0x30...0x39).contains($0) }) else { return 1 }
    return max(1, count.reduce(0) { $0 * 10 + Int($1 - 0x30) })
  }

  /// What hides the text up to its closing mark.
  private static let hiding: [UInt32: UInt32] = [0x7B: 0x7D, 0x27E6: 0x27E7, 0x301A: 0x301B, 0x5E: 0x5E]
}

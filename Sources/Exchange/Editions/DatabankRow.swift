import Leiden
import Text

// Rows of the Duke Databank as the duke-nlp corpus has them: four or five columns divided by tabs,
//   text   `bgu.1.100`   [TM   numbers divided by blanks]   hand   `m1`   line   its label   words
// The words have marks of their own, which are told as Leiden+ here:
//   [..] restored; α̣ unclear; {..} surplus; <..> left out by the scribe; \../ added above     the same in Leiden+
//   (..) resolved, (…) not resolved                                                            the word in ( ), or (| |)
//   ⟦..⟧ deleted                                                                               〚..〛
//   |gap=3|, |gap=unknown|, |gap=2_lines|   |vac=2|   |num=12|, |digit=12|                     [.3] [.?] lost.2lin   vac.2   left out
//   @^inline^new/@⟦old⟧                                                                        <:new|subst|old:>
//   * after a word (the edition has another form), trailing - (the word runs on)               left out

/// One row.
struct DatabankRow {
  var text: String
  var tm: [String]
  var label: String
  var words: String

  /// nil where there are not four or five columns.
  init?(_ row: String) {
    let cells = row.split(separator: "\t", omittingEmptySubsequences: false)
    guard cells.count == 4 || cells.count == 5 else { return nil }
    text = String(cells[0])
    tm = cells.count == 5 ? cells[1].split(separator: " ").map(String.init) : []
    label = String(cells[cells.count - 2])
    words = String(cells[cells.count - 1])
  }

  /// The line; where the marks do not fit into one another, its letters with gaps alone.
  var line: Edition.Line {
    let leiden = Self.leiden(words)
    let (text, errors) = LeidenText.parse(leiden: leiden)
    if errors.isEmpty, let line = text.physicalLines.first, text.physicalLines.count == 1 {
      return Edition.Line(label: CleanText.line(label), leiden: CleanText.line(leiden), ink: line.ink)
    }
    let bare = Self.bare(words)
    return Edition.Line(
      label: CleanText.line(label), leiden: bare,
      ink: LeidenText.parse(leiden: bare).text.physicalLines.first?.ink ?? PhysicalLine.Ink(runs: [""], missing: []))
  }

  /// Words in Leiden+.
  static func leiden(_ words: String) -> String {
    words.split(separator: " ").map { word in
      var word = String(word)
      if word.hasSuffix("-"), word.count > 1 { word.removeLast() }
      return leiden(word: word)
    }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func leiden(word: String) -> String {
    var result = ""
    var (isResolved, isOpen) = (false, false)
    var rest = word[...]
    while let letter = rest.first {
      if letter == "|" {
        let told = rest.dropFirst().prefix { $0 != "|" }
        result += gap(String(told))
        rest = rest.dropFirst(told.count + 2)
        continue
      }
      if rest.hasPrefix("@^") {
        // @^inline^new/@⟦old⟧
        let body = rest.dropFirst(2)
        if let place = body.firstIndex(of: "^"), let end = body.firstRange(of: "/@⟦"),
          let close = body[end.upperBound...].firstIndex(of: "⟧"), place < end.lowerBound
        {
          result +=
            "<:" + body[body.index(after: place)..<end.lowerBound] + "|subst|" + body[end.upperBound..<close] + ":>"
          rest = body[body.index(after: close)...]
          continue
        }
      }
      rest = rest.dropFirst()
      switch letter {
      case "*": break
      case "⟦": result.append("〚")
      case "⟧": result.append("〛")
      case "(" where rest.hasPrefix("…)"):
        isOpen = true
        rest = rest.dropFirst(2)
      case "(":
        isResolved = true
        result.append(letter)
      default: result.append(letter)
      }
    }
    return isOpen ? "(|\(result)|)" : isResolved ? "(\(result))" : result
  }

  /// What stands between two bars.
  private static func gap(_ told: String) -> String {
    let parts = told.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { return "" }
    let value = parts[1]
    let count = Int(value.prefix { $0.isASCII && $0.isNumber })
    switch parts[0] {
    case "gap" where value.contains("line"): return count.map { " lost.\($0)lin " } ?? " lost.?lin "
    case "gap": return count.map { "[.\(max(1, $0))]" } ?? "[.?]"
    case "vac": return count.map { " vac.\(max(1, $0)) " } ?? " vac.? "
    default: return ""
    }
  }

  /// The letters that stand there, and `[.?]` where some are missing.
  static func bare(_ words: String) -> String {
    var result = ""
    var hidden: [Character] = []
    let closing: [Character: Character] = ["[": "]", "(": ")", "<": ">", "⟦": "⟧", "|": "|", "^": "^"]
    for letter in words {
      if let end = hidden.last {
        if letter == end { hidden.removeLast() } else if let other = closing[letter] { hidden.append(other) }
        continue
      }
      if let end = closing[letter] {
        hidden.append(end)
        if letter == "[" || letter == "|", !result.hasSuffix("[.?]") { result += "[.?]" }
      } else if letter == " " || !Greek.letterStream(String(letter)).isEmpty {
        result.append(letter)
      }
    }
    return result
  }
}

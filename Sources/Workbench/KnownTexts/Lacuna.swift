import Text

/// A gap of lost letters, `[.5]`, in the line that is edited, with all that is known of the fragment around it.
public struct Lacuna: Hashable, Sendable {
  /// The photograph's lines in Leiden+, `Lacuna.mark` in the place of the gap.
  public let text: String
  /// How many letters are lost; nil where nobody knows.
  public let letters: ClosedRange<Int>?

  /// Letters that stand together in no text.
  public static let mark = "ϟϡϟϡϟ"

  public init(text: String, letters: ClosedRange<Int>?) {
    self.text = text
    self.letters = letters
  }

  /// The gap in the line under the editor that the cursor stands in or before; where there is none, the last one before it. With the letters
  /// it takes: `.5` of `[.5]` and of `[κα.5]`, for what is restored stands in the same brackets. nil where the line has none.
  init?(_ desk: FragmentDesk) {
    guard let editor = desk.editor, let (place, letters) = Self.place(in: editor.letters, at: editor.cursor) else {
      return nil
    }
    self.letters = letters
    var marked = editor.letters
    marked.replaceSubrange(place, with: Array(Self.mark))
    text = desk.lines.indices.filter { desk.lines[$0].region.photograph == desk.photograph }
      .map { index in
        let line = desk.lines[index]
        let own = index == desk.current ? String(marked) : line.standingText ?? ""
        // Where letters were written on end nobody knows whether a word ends with the line.
        return "\(index + 1).\(own.contains(" ") ? "" : "-") \(own)"
      }.joined(separator: "\n")
  }

  /// The letters of a line that a gap in brackets takes.
  static func place(in letters: [Character], at cursor: Int) -> (place: Range<Int>, letters: ClosedRange<Int>?)? {
    var found: [(place: Range<Int>, letters: ClosedRange<Int>?)] = []
    var depth = 0
    var at = 0
    while at < letters.count {
      switch letters[at] {
      case "[": depth += 1
      case "]": depth = max(0, depth - 1)
      case "." where depth > 0:
        if let gap = gap(in: letters, from: at) {
          found.append(gap)
          at = gap.place.upperBound
          continue
        }
      default: break
      }
      at += 1
    }
    // The closing bracket still belongs to the gap.
    return found.first { $0.place.upperBound >= cursor } ?? found.last
  }

  /// `.5`, `.2-5`, `.?` with a `ca` before it, where letters are counted.
  private static func gap(
    in letters: [Character], from point: Int
  ) -> (place: Range<Int>, letters: ClosedRange<Int>?)? {
    var at = point + 1
    func number() -> Int? {
      let digits = letters[at...].prefix(4).prefix { ("0"..."9").contains($0) }
      at += digits.count
      return Int(String(digits)).flatMap { $0 > 0 ? $0 : nil }
    }
    var range: ClosedRange<Int>?
    if let first = number() {
      range = first...first
      if at < letters.count, letters[at] == "-" {
        at += 1
        guard let last = number(), last >= first else { return nil }
        range = first...last
      }
    } else {
      guard at < letters.count, letters[at] == "?" else { return nil }
      at += 1
    }
    // Lines and other units are no letters.
    if at < letters.count, letters[at].isASCII, letters[at].isLetter { return nil }
    var start = point
    if start > 0, letters[start - 1].isASCII, letters[start - 1].isLetter {
      guard start >= 2, letters[start - 2] == "c", letters[start - 1] == "a" else { return nil }
      start -= 2
      // About so many.
      range = range.map { max(1, $0.lowerBound - 1)...$0.upperBound + 1 }
    }
    return (start..<at, range)
  }
}

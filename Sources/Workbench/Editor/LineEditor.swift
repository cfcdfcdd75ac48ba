import Terminal
import Text

/// A line of Leiden+ in the making: letters, a cursor between them, a selection. A pure value.
///
/// Letters are graphemes: the underdot and accents go where their letter goes. A mark typed by itself
/// joins the letter before the cursor.
struct LineEditor: Hashable, Sendable {
  private(set) var letters: [Character]
  /// Before which letter the cursor stands, 0 ... letters.count.
  private(set) var cursor: Int
  /// The other end of the selection.
  private(set) var anchor: Int?
  /// Whether Latin letters are typed as GreekMarks.
  var isBeta: Bool
  /// Whether the next key stands for itself whatever the method.
  var isLiteralNext = false
  private var past: [Snapshot] = []

  private struct Snapshot: Hashable, Sendable {
    var letters: [Character]
    var cursor: Int
  }

  /// At most this many letters; papyri have no longer lines.
  static let longest = 4000

  init(_ text: String, isBeta: Bool) {
    letters = Array(text.prefix(LineEditor.longest))
    cursor = letters.count
    self.isBeta = isBeta
  }

  var text: String { String(letters) }

  /// The selected letters; empty where none are.
  var selection: Range<Int> {
    guard let anchor else { return cursor..<cursor }
    return min(anchor, cursor)..<max(anchor, cursor)
  }

  // MARK: Typing

  /// Types one scalar.
  mutating func type(_ scalar: Unicode.Scalar) {
    if !selection.isEmpty, let closing = LineEditor.pairs[Character(scalar)] { return wrap(Character(scalar), closing) }
    let literally = isLiteralNext || !isBeta
    isLiteralNext = false
    change { editor in
      editor.removeSelection()
      if !literally, let (removed, inserted) = BetaInput.type(scalar, after: editor.letters[..<editor.cursor]) {
        editor.letters.replaceSubrange(editor.cursor - removed..<editor.cursor, with: inserted)
        editor.cursor += inserted.count - removed
      } else if editor.cursor > 0, CellWidth.of(scalar) == 0 {
        let before = editor.letters[editor.cursor - 1]
        let joined =
          GreekMarks.isLetter(before)
          ? GreekMarks.composed(GreekMarks.decomposed(before) + [scalar]) : Character(joining: before, scalar)
        editor.letters[editor.cursor - 1] = joined
      } else {
        editor.letters.insert(Character(scalar), at: editor.cursor)
        editor.cursor += 1
      }
    }
  }

  /// Inserts text as it is: line ends become spaces, control characters are dropped.
  mutating func insert(_ text: String) {
    let clean = text.filter {
      !($0.unicodeScalars.first.map(CleanText.isControl) ?? false) || $0.isNewline || $0 == "\t"
    }
    change { editor in
      editor.removeSelection()
      let new = clean.map { $0.isNewline || $0 == "\t" ? " " : $0 }
      // A mark at the start joins the letter before; counting graphemes anew keeps the two in step.
      let head = String(editor.letters[..<editor.cursor]) + String(new)
      let tail = editor.letters[editor.cursor...]
      let joined = Array(head)
      editor.letters = joined + tail
      editor.cursor = joined.count
    }
  }

  // MARK: Removing

  mutating func backspace() {
    change { editor in
      if !editor.removeSelection(), editor.cursor > 0 {
        editor.cursor -= 1
        editor.letters.remove(at: editor.cursor)
      }
    }
  }

  mutating func delete() {
    change { editor in
      if !editor.removeSelection(), editor.cursor < editor.letters.count { editor.letters.remove(at: editor.cursor) }
    }
  }

  mutating func deleteWord() { deleteBack(to: wordStart) }
  mutating func deleteToStart() { deleteBack(to: 0) }

  mutating func deleteToEnd() {
    change { $0.letters.removeSubrange($0.cursor...) }
  }

  private mutating func deleteBack(to place: Int) {
    change { editor in
      editor.letters.removeSubrange(place..<editor.cursor)
      editor.cursor = place
    }
  }

  @discardableResult
  private mutating func removeSelection() -> Bool {
    let range = selection
    anchor = nil
    guard !range.isEmpty else { return false }
    letters.removeSubrange(range)
    cursor = range.lowerBound
    return true
  }

  mutating func selectAll() { (anchor, cursor) = (0, letters.count) }

  // MARK: Moving

  enum Motion { case left, right, start, end, wordLeft, wordRight }

  mutating func move(_ motion: Motion, selecting: Bool = false) {
    if selecting {
      anchor = anchor ?? cursor
    } else if anchor != nil {
      let range = selection
      anchor = nil
      if !range.isEmpty, motion == .left || motion == .right {
        cursor = motion == .left ? range.lowerBound : range.upperBound
        return
      }
    }
    switch motion {
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(letters.count, cursor + 1)
    case .start: cursor = 0
    case .end: cursor = letters.count
    case .wordLeft: cursor = wordStart
    case .wordRight: cursor = wordEnd
    }
  }

  /// Puts the cursor before a letter.
  mutating func place(at index: Int) {
    anchor = nil
    cursor = max(0, min(letters.count, index))
  }

  private var wordStart: Int {
    var place = cursor
    while place > 0, letters[place - 1] == " " { place -= 1 }
    while place > 0, letters[place - 1] != " " { place -= 1 }
    return place
  }

  private var wordEnd: Int {
    var place = cursor
    while place < letters.count, letters[place] == " " { place += 1 }
    while place < letters.count, letters[place] != " " { place += 1 }
    return place
  }

  // MARK: Leiden+

  private static let pairs: [Character: Character] = ["[": "]", "(": ")", "{": "}", "<": ">", "〚": "〛", "⟦": "⟧"]

  /// Puts brackets round the selection.
  mutating func wrap(_ opening: Character, _ closing: Character) {
    let range = selection
    change { editor in
      editor.letters.insert(closing, at: range.upperBound)
      editor.letters.insert(opening, at: range.lowerBound)
      editor.cursor = range.upperBound + 2
      editor.anchor = nil
    }
  }

  /// Puts an underdot under letters or takes it off: under every selected one, else under the one before the cursor, which accents join, too.
  mutating func toggleDot() {
    let range = selection.isEmpty ? max(0, cursor - 1)..<cursor : selection
    let touched = range.filter { LineEditor.canBeDotted(letters[$0]) }
    let isOn = touched.contains { !GreekMarks.hasDot(letters[$0]) }
    change { editor in
      for index in touched { editor.letters[index] = GreekMarks.settingDot(isOn, on: editor.letters[index]) }
    }
  }

  private static func canBeDotted(_ letter: Character) -> Bool { letter.isLetter }

  /// Puts another letter in the place of one and goes behind it; the empty text takes it away.
  mutating func replace(at index: Int, by text: String) { replace(index..<index + 1, by: text) }

  /// The same for some letters.
  mutating func replace(_ range: Range<Int>, by text: String) {
    guard range.lowerBound >= 0, range.upperBound <= letters.count else { return }
    change { editor in
      editor.letters.replaceSubrange(range, with: Array(text))
      editor.cursor = range.lowerBound + text.count
    }
  }

  // MARK: Taking back

  /// Takes the last change back; false where there is none.
  @discardableResult
  mutating func undo() -> Bool {
    guard let last = past.popLast() else { return false }
    letters = last.letters
    cursor = last.cursor
    anchor = nil
    return true
  }

  private mutating func change(_ body: (inout LineEditor) -> Void) {
    let before = Snapshot(letters: letters, cursor: cursor)
    body(&self)
    // A mark that came to stand behind a letter is part of it now.
    let joined = Array(text)
    if joined.count != letters.count {
      cursor = min(String(letters[..<cursor]).count, joined.count)
      letters = joined
    }
    // A selection outlives a change only where the letters are still the same number (underdots).
    if letters.count != before.letters.count { anchor = nil }
    if letters.count > LineEditor.longest {
      letters = before.letters
      cursor = before.cursor
    }
    if letters != before.letters {
      past.append(before)
      if past.count > 200 { past.removeFirst() }
    }
  }
}

extension Character {
  /// A letter with one more mark, or the letter alone where the two do not join.
  fileprivate init(joining letter: Character, _ mark: Unicode.Scalar) {
    var text = String(letter)
    text.unicodeScalars.append(mark)
    self = text.count == 1 ? Character(text) : letter
  }
}

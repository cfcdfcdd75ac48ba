import Platform
import Text

/// A word of a row (`TextRow`) as an edition has it, and the letters of it that the ink shows.
struct EditedWord: Hashable {
  /// The letters on the papyrus, and those that an editor restored (`TextLetters`).
  var letters: [UInt8] = []
  /// The word in Leiden+: accents, abbreviations `(στρ(ατηγῷ))`, numerals `<#ιη=18#>`; without dots and brackets of restorations.
  var form = ""
  /// The letters on the papyrus alone, in the pieces that losses and restorations leave; empty ones where the word begins or ends with those.
  var pieces: [[UInt8]] = [[]]
  /// Letters of it are lost, or nobody knows what they stand for.
  var isBroken = false
  /// Some of its letters are restored.
  var isRestored = false
  /// It is abbreviated.
  var isAbbreviated = false
  /// It is a number in letters.
  var isNumeral = false
  /// How many of its letters stand on the line where it begins; nil where it does not run over a line's end.
  var lineEnd: Int?

  /// Stands in a word where a line ends, and between words for itself.
  static let lineEnd: Unicode.Scalar = "\u{2028}"

  /// Linear in the word.
  init(_ word: String) {
    let scalars = Array(word.unicodeScalars)
    var text = String.UnicodeScalarView()
    var at = 0
    var hidden: [Unicode.Scalar] = []
    var (resolved, omitted) = (0, 0)
    var value: String?
    var (hasLetters, isLost) = (false, false)
    while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      if let end = hidden.last {
        if scalar == end { hidden.removeLast() }
        continue
      }
      switch scalar {
      case "|":
        let start = at
        while at < scalars.count, scalars[at] != "|" { at += 1 }
        var told = String.UnicodeScalarView()
        told.append(contentsOf: scalars[start..<at])
        at = min(scalars.count, at + 1)
        let tag = String(told)
        if tag.hasPrefix("gap") {
          isBroken = true
          pieces.append([])
        } else if tag.hasPrefix("digit=") {
          value = String(tag.dropFirst(6))
        }
      case Self.lineEnd:
        lineEnd = letters.count
        if scalars.count == 1 { text.append(scalar) }
      case "[":
        isRestored = true
        isLost = true
        pieces.append([])
      case "]": isLost = false
      case "*", "?", "@", "/", "\\", GreekMarks.underdot: break
      case "^": hidden.append("^")
      case "⟦": hidden.append("⟧")
      case "〚": hidden.append("〛")
      case "(":
        resolved += 1
        text.append(scalar)
        isAbbreviated = true
      case ")":
        resolved = max(0, resolved - 1)
        text.append(scalar)
      case "<":
        omitted += 1
        text.append(scalar)
      case ">":
        omitted = max(0, omitted - 1)
        text.append(scalar)
      case "…": isBroken = true
      default:
        let letter = TextLetters.number(of: scalar)
        if letter != 0 {
          hasLetters = true
          if resolved == 0, omitted == 0, letter < TextLetters.space {
            letters.append(letter)
            if !isLost { pieces[pieces.count - 1].append(letter) }
          }
        } else if scalar.properties.isAlphabetic {
          isBroken = true
        }
        text.append(scalar)
      }
    }
    if resolved > 0 || omitted > 0 { isBroken = true }
    form = Greek.nfc(String(text))
    if let value, !value.isEmpty {
      isNumeral = true
      form = "<#\(form.replacing("´", with: " '"))=\(value)#>"
    } else if isAbbreviated {
      form = "(\(form))"
    }
    if !hasLetters { letters = [] }
  }

  /// The words of rows, one after the other, `lineEnd` in and between them; nil where a text ends. Words that run on are joined.
  static func forEach(in rows: UnsafeRawBufferPointer, _ body: (_ word: String?) -> Void) {
    var name: [UInt8] = []
    var begun = ""
    var start = 0
    while start < rows.count {
      let end = rows[start...].firstIndex(of: 0x0A) ?? rows.count
      defer { start = end + 1 }
      guard end > start, let row = TextRow(Array(rows[start..<end])[...]) else { continue }
      if !row.name.elementsEqual(name) {
        name = Array(row.name)
        if !begun.isEmpty { body(begun) }
        begun = ""
        body(nil)
      } else if begun.isEmpty {
        body(String(lineEnd))
      }
      for part in row.words.split(separator: 0x20) {
        if !begun.isEmpty, part.count == 1, part.first != 0x2D {
          // Something stands between the halves.
          continue
        }
        let word = begun + String(decoding: part, as: UTF8.self)
        begun = ""
        if part.endIndex == row.words.endIndex, part.count > 1, part.last == 0x2D {
          begun = String(word.dropLast()) + String(lineEnd)
        } else {
          body(word)
        }
      }
    }
    if !begun.isEmpty { body(begun) }
    body(nil)
  }
}

extension WordCounts {
  /// Counts the words of rows as the ink shows them, each with the form it has in the edition.
  static func inked(_ files: [MappedFile]) -> WordCounts {
    var counts = WordCounts()
    // Most words have been seen before.
    var seen: [String: Int32] = [:]
    for file in files {
      file.withBytes { rows in
        EditedWord.forEach(in: rows) { text in
          guard let text else { return counts.breakOff() }
          var number = seen[text]
          if number == nil {
            let word = EditedWord(text)
            // -1: it breaks the text off; -2: the ink shows nothing of it.
            number = word.isBroken ? -1 : counts.number(word.letters, form: Array(word.form.utf8)) ?? -2
            seen[text] = number
          }
          if let number, number >= 0 { counts.append(number) } else if number == -1 { counts.breakOff() }
        }
      }
    }
    return counts
  }
}

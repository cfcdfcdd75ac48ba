/// A tradition of writing, from which a hand takes most of its letter forms.
public enum Script: UInt8, CaseIterable, Sendable {
  /// Capitals as on stone: four-bar sigma, square epsilon. Earliest literary papyri, display lines.
  case epigraphic
  /// Round bookhand: lunate epsilon and sigma, even widths (Roman uncial, biblical majuscule).
  case uncial
  /// The severe style: narrow epsilon, theta, omicron, sigma between wide letters, often sloping.
  case severe
  /// Alexandrian and Coptic majuscule: looped alpha, bowl mu.
  case alexandrian
  /// Documents of the Ptolemaic centuries.
  case ptolemaic
  /// Documents of the Roman centuries.
  case roman
  /// Late cursive, on the way to minuscule.
  case byzantine
}

/// A point that the pen passes, in the letter's unit box: x from the left edge of the ink, y upward from the baseline,
/// 1 at x-height (the height of a plain majuscule).
struct Knot: Sendable {
  var x: Float
  var y: Float
  /// The pen turns sharply here; elsewhere it swings through.
  var corner: Bool
}

/// The skeleton of one letter in one shape: strokes in writing order.
struct LetterForm: Sendable {
  /// Index of the letter in `Greek.capitals`.
  let letter: Int
  let scripts: [Script]
  let strokes: [[Knot]]
  let width: Float
  /// What it looks like from afar; a hand's own deformation is not in it.
  let shape: FormShape

  /// Reads the notation of the form tables: strokes divided by `/`, points `x,y` in hundredths of the x-height divided by spaces, `!`
  /// after a point where the pen turns sharply. Only our own tables come here, so a mistake in one traps.
  init(letter: Int, scripts: [Script], notation: String) {
    self.letter = letter
    self.scripts = scripts
    var strokes = notation.split(separator: "/").map { stroke in
      stroke.split(separator: " ").map { point in
        let corner = point.last == "!"
        let numbers = (corner ? point.dropLast() : point).split(separator: ",")
        guard numbers.count == 2, let x = Int(numbers[0]), let y = Int(numbers[1]) else {
          preconditionFailure("letter form: '\(point)' is no point")
        }
        return Knot(x: Float(x) / 100, y: Float(y) / 100, corner: corner)
      }
    }
    let left = strokes.joined().map(\.x).min() ?? 0
    let right = strokes.joined().map(\.x).max() ?? 0
    for s in strokes.indices {
      for k in strokes[s].indices { strokes[s][k].x -= left }
    }
    self.strokes = strokes
    width = right - left
    shape = FormShape(strokes)
  }
}

/// The 24 letters and all their forms.
enum Alphabet {
  /// `forms[letter]`: every shape of that letter.
  static let forms: [[LetterForm]] = formTable.enumerated().map { letter, rows in
    rows.map { row in
      LetterForm(
        letter: letter,
        scripts: row.scripts.map { mark in
          guard let script = scriptMarks[mark] else {
            preconditionFailure("letter form: no script '\(mark)'")
          }
          return script
        },
        notation: row.notation)
    }
  }

  private static let scriptMarks: [Character: Script] = [
    "E": .epigraphic, "U": .uncial, "S": .severe, "A": .alexandrian, "P": .ptolemaic, "R": .roman,
    "B": .byzantine,
  ]
}

import Corpus
import Raster
import Terminal
import Text

/// The forms of a letter, as palaeographers lay them side by side: the one at the cursor, then those that are nearest to it, of this hand, of other
/// fragments of the corpus, or of those of the same century.
struct LetterChart: Sendable {
  /// Whose forms are shown.
  enum Scope: CaseIterable, Hashable, Sendable { case hand, corpus, century }

  let scope: Scope
  /// One Greek capital.
  let letter: String
  let own: LetterForm
  /// Nearest first.
  private(set) var forms: [LetterForm]
  /// Fragments that are still to be looked through, the next one last; and how many there were.
  private(set) var waiting: [String] = []
  private(set) var asked = 0
  /// How many fragments have the letter.
  private(set) var fragments = 0
  /// `2nd century BCE`.
  private(set) var century: String?

  /// Letters of this hand that the model is less sure of are no witnesses, unless a scholar has decided about their line; of others' it must be surer.
  private static let leastProbability = 0.6
  static let leastElsewhere = 0.9
  /// At most so many of this hand are compared, and so many of others' kept.
  private static let most = 120
  private static let mostKept = 60
  /// So many fragments are opened for one chart, and so many letters taken from each.
  static let mostFragments = 30
  static let mostOfEach = 12

  /// The forms in this hand, from all lines of the photograph. nil where the letter does not lie on it.
  init?(_ desk: FragmentDesk, letter place: Int, of candidate: Int) {
    guard case .ready(let photograph) = desk.image, let line = desk.line, line.region.photograph == desk.photograph,
      line.candidates.indices.contains(candidate), line.candidates[candidate].letters.indices.contains(place)
    else { return nil }
    let wanted = line.candidates[candidate].letters[place]
    guard let ink = LetterForm.cut(wanted, line.region, photograph) else { return nil }
    scope = .hand
    letter = wanted.text
    own = LetterForm(line: "here", ink: ink, isDecided: false)
    forms = []
    for (index, other) in desk.lines.enumerated() where other.region.photograph == desk.photograph {
      for number in other.places(of: letter, atLeast: Self.leastProbability) where forms.count < Self.most {
        let one = other.candidates[0].letters[number]
        guard index != desk.current || number != place, let ink = LetterForm.cut(one, other.region, photograph) else {
          continue
        }
        forms.append(LetterForm(line: desk.name(index), ink: ink, isDecided: other.status.isDecided))
      }
    }
    sort()
  }

  /// The same letter in other fragments, of which nothing is known yet.
  init(_ before: LetterChart, in scope: Scope, of fragments: [String], century: String? = nil) {
    (self.scope, letter, own, forms) = (scope, before.letter, before.own, [])
    (waiting, asked, self.century) = (fragments.reversed(), fragments.count, century)
  }

  private mutating func sort() {
    let distances = forms.map { ($0, own.distance(to: $0)) }
    forms = distances.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Takes what a fragment has; false where it is not the one that was asked for.
  mutating func take(_ found: [LetterForm], of fragment: String) -> Bool {
    guard waiting.last == fragment else { return false }
    waiting.removeLast()
    if !found.isEmpty { fragments += 1 }
    forms += found
    sort()
    forms = Array(forms.prefix(Self.mostKept))
    return true
  }

  /// Draws the row of ink, and under each form the line it stands in.
  func draw(_ grid: inout Grid, image area: Area, names: Area, _ space: Workspace) {
    guard !area.isEmpty else { return }
    let pixels = space.cellPixels
    var canvas = Canvas(width: area.width * pixels.width, height: area.height * pixels.height, grey: 16)
    var column = 0
    var isFirst = true
    for form in [own] + forms {
      // A cell is twice as high as wide.
      let width = max(2, Int((Double(form.ink.width) / Double(form.ink.height) * Double(area.height) * 2).rounded()))
      guard column + width <= area.width else { break }
      let scaled = form.ink.scaled(width: width * pixels.width, height: area.height * pixels.height)
      canvas.put(scaled.enhanced(space.desk?.enhancement.union(.stretch) ?? .stretch), x: column * pixels.width, y: 0)
      let style = isFirst ? Theme.selected(space.imageCells.depth) : form.isDecided ? Theme.taken : Theme.quiet
      if !names.isEmpty {
        // The end of an id tells more than its start.
        let name = form.fragment.map { String($0.suffix(width)) } ?? form.line
        grid.put(name, x: names.x + column, y: names.y, style: style, limit: width)
      }
      // The one that is asked about stands apart.
      column += width + (isFirst ? 2 : 1)
      isFirst = false
    }
    grid.put(Picture(canvas.pixels, in: area, encoding: space.imageCells))
  }

  /// What the rule says above it.
  var words: String {
    let whose =
      switch scope {
      case .hand: "this hand"
      case .corpus: "other fragments"
      case .century: "the \(century ?? "century")"
      }
    let start = "\(letter.lowercased()) in \(whose): "
    if scope == .hand {
      return start + (forms.isEmpty ? "no other" : "\(Wording.count(forms.count, "form", "forms")), the nearest first")
    }
    var parts: [String] = []
    if let nearest = forms.first { parts.append("nearest \(nearest.fragment ?? "") \(nearest.line)") }
    if asked == 0 { parts.append("none has been read") }
    if fragments > 0 {
      parts.append(
        "\(Wording.count(forms.count, "form", "forms")) of \(Wording.count(fragments, "fragment", "fragments"))")
    } else if waiting.isEmpty, asked > 0 {
      parts.append("no other in \(Wording.count(asked, "fragment", "fragments"))")
    }
    if !waiting.isEmpty { parts.append("looking through \(asked - waiting.count + 1) of \(asked)") }
    return start + parts.joined(separator: " · ")
  }
}

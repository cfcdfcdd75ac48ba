import Platform
import Text

// A folder of drawings: files named `LETTER_NUMBER.txt`, LETTER the code point of a Greek letter in four hexadecimal digits. In a file a line a point,
// `x,y,milliseconds`, y upward, and `BREAK` where the pen was lifted; `START` opens it. So the drawings of Omniglot (Lake et al. 2015) come.

/// Letters that people drew with a mouse, as pen strokes: more shapes of those letters that still look as in documents.
public struct StrokeDrawings: Sendable {
  /// By letter; none for letters whose printed shape is not that of the papyri.
  let forms: [[CursiveForm]]

  /// Letters whose modern minuscule came down from the cursive: α θ ι κ λ μ ο π ρ τ υ φ χ ψ ω. The others were taken over from bookhands or changed since.
  private static let kept: Set<Character> = Set("ΑΘΙΚΛΜΟΠΡΤΥΦΧΨΩ")

  /// - Throws: where the folder cannot be read or holds no drawing of these letters.
  public init(folder: String) throws(ScribeError) {
    var forms = [[CursiveForm]](repeating: [], count: 24)
    do {
      for name in try Files.list(folder).sorted() where name.hasSuffix(".txt") {
        guard let mark = name.split(separator: "_").first, let code = UInt32(mark, radix: 16),
          Greek.index(of: code) < 24, case let letter = Int(Greek.index(of: code)),
          Self.kept.contains(Greek.capitals[letter])
        else { continue }
        let text = try Files.text(folder + "/" + name, limit: 1 << 20)
        if let form = Self.form(letter, text) { forms[letter].append(form) }
      }
    } catch { throw ScribeError(.unreadable, "\(folder): \(error)") }
    guard forms.contains(where: { !$0.isEmpty }) else {
      throw ScribeError(
        .malformed, "\(folder): no drawings of letters (LETTER_NUMBER.txt with lines of x,y,milliseconds)")
    }
    self.forms = forms
  }

  /// The drawing with its points thinned to what makes its shape, in x-heights; nil where there is nothing to see.
  static func form(_ letter: Int, _ text: String) -> CursiveForm? {
    var strokes: [[(x: Float, y: Float)]] = [[]]
    for row in text.split(separator: "\n") {
      let numbers = row.split(separator: ",")
      if numbers.count >= 2, let x = Float(numbers[0]), let y = Float(numbers[1]), x.isFinite, y.isFinite {
        strokes[strokes.count - 1].append((x, y))
      } else if row == "BREAK" {
        strokes.append([])
      }
    }
    strokes.removeAll { $0.count < 2 }
    let all = strokes.joined()
    guard let low = all.map(\.y).min(), let high = all.map(\.y).max(), high - low > 4 else { return nil }
    // Where the letter stands: rho hangs, phi and psi do both, the others fill the small letters' height.
    let (bottom, top): (Float, Float) =
      switch Greek.capitals[letter] {
      case "Ρ", "Μ": (-0.5, 1)
      case "Φ", "Ψ": (-0.5, 1.3)
      case "Χ": (-0.2, 1)
      case "Θ", "Λ": (0, 1.2)
      case "Ο": (0.1, 0.85)
      default: (0, 1)
      }
    let scale = (top - bottom) / (high - low)
    let knots = strokes.map { stroke in
      thinned(stroke.map { ($0.x * scale, bottom + ($0.y - low) * scale) }, 0.04).map {
        Knot(x: $0.0, y: $0.1, corner: false)
      }
    }
    return CursiveForm(letter: letter, strokes: knots)
  }

  /// Leaves out points that lie within `near` of the straight line between those kept (Ramer 1972, Douglas and Peucker 1973).
  private static func thinned(_ points: [(Float, Float)], _ near: Float) -> [(Float, Float)] {
    guard points.count > 2 else { return points }
    let (a, b) = (points[0], points[points.count - 1])
    let (dx, dy) = (b.0 - a.0, b.1 - a.1)
    let length = max(1e-6, (dx * dx + dy * dy).squareRoot())
    var (far, most) = (0, Float(0))
    for k in 1..<points.count - 1 {
      let (px, py) = (points[k].0 - a.0, points[k].1 - a.1)
      let off = length > 0.02 ? abs(px * dy - py * dx) / length : (px * px + py * py).squareRoot()
      if off > most { (far, most) = (k, off) }
    }
    guard most > near else { return [a, b] }
    return thinned(Array(points[...far]), near).dropLast() + thinned(Array(points[far...]), near)
  }
}

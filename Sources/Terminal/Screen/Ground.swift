import Platform

/// Colours for the ground a terminal has, and for eyes that need contrast.
///
/// Views draw for a dark ground. On a light one their bright colours nearly vanish: those of letters on the terminal's own ground are exchanged for
/// dark ones of the same hue; what has a ground of its own stays, as do pictures. With high contrast all are exchanged for such as stand out by 7:1
/// at least (WCAG 2, level AAA). The terminal is asked for its ground (OSC 11); `GRAPHEION_THEME` says it instead: `light`, `dark`, `contrast`,
/// `contrast-light`, `contrast-dark`. What the scholar has chosen for himself comes before both (`ScreenWishes`).
struct Ground: Hashable, Sendable {
  var isLight = false
  var hasContrast = false
  /// Whether the environment says what the ground is: then what the terminal says does not count.
  private(set) var isSaid = false
  /// What somebody has chosen: it is not exchanged again.
  private let letters: [UInt8: Colour]
  private let grounds: [UInt8: Colour]

  /// - Parameter wishes: the colours that somebody has chosen.
  init(theme: String?, _ wishes: ScreenWishes = ScreenWishes()) {
    (letters, grounds) = (wishes.letters, wishes.grounds)
    let words = theme?.split(separator: "-") ?? []
    isLight = words.contains("light")
    isSaid = isLight || words.contains("dark")
    hasContrast = words.contains("contrast")
  }

  /// By entries of the xterm palette.
  private static let light: [UInt8: UInt8] = [
    245: 240, 180: 94, 150: 22, 221: 94, 114: 22, 117: 25, 203: 124, 209: 124, 230: 16, 254: 16,
  ]
  private static let lightContrast: [UInt8: UInt8] = [
    245: 16, 180: 52, 150: 22, 221: 52, 114: 22, 117: 18, 203: 88, 209: 88, 230: 16, 254: 16,
  ]
  private static let darkContrast: [UInt8: UInt8] = [
    245: 255, 180: 229, 150: 194, 221: 226, 114: 120, 117: 159, 203: 217, 209: 216,
  ]

  /// What letters on the terminal's own ground are exchanged for.
  var exchanged: [UInt8: UInt8] {
    isLight ? (hasContrast ? Self.lightContrast : Self.light) : hasContrast ? Self.darkContrast : [:]
  }

  /// Whether views are shown as they are drawn.
  var isPlain: Bool { !isLight && !hasContrast && letters.isEmpty && grounds.isEmpty }

  func style(_ style: Style) -> Style {
    guard style.background.isStandard else {
      guard let ground = style.background.paletteIndex.flatMap({ grounds[$0] }) else { return style }
      return Style(ground.legible, on: ground, style.attributes)
    }
    guard let index = style.foreground.paletteIndex else { return style }
    if let chosen = letters[index] { return Style(chosen, on: .standard, style.attributes) }
    guard let other = exchanged[index] else { return style }
    return Style(.palette(other), on: .standard, style.attributes)
  }

  /// Whether a colour that a terminal told (`rgb:ffff/ffff/ffff`, any number of digits) is a light one; nil for what is no colour.
  static func isLight(_ told: Substring) -> Bool? {
    guard told.hasPrefix("rgb:") else { return nil }
    let parts = told.dropFirst(4).split(separator: "/").compactMap { part -> Double? in
      guard (1...4).contains(part.count), let value = Int(part, radix: 16) else { return nil }
      return Double(value) / Double(1 << (4 * part.count) - 1)
    }
    guard parts.count == 3 else { return nil }
    return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] > 0.5
  }
}

extension Grid {
  /// The same for a ground.
  func on(_ ground: Ground) -> Grid {
    guard !ground.isPlain else { return self }
    var grid = self
    grid.restyleAll(ground.style)
    return grid
  }
}

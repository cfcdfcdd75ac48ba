/// Colours for a terminal whose ground is light.
///
/// Views draw for a dark ground. On a light one their bright colours nearly vanish: those of letters on the terminal's own ground are exchanged for
/// dark ones of the same hue; what has a ground of its own stays, as do pictures. The terminal is asked for its ground (OSC 11);
/// `GRAPHEION_THEME`, `light` or `dark`, says it instead.
enum LightGround {
  /// By entries of the xterm palette.
  static let exchanged: [UInt8: UInt8] = [
    245: 240, 180: 94, 150: 22, 221: 94, 114: 22, 117: 25, 203: 124, 209: 124, 230: 16, 254: 16,
  ]

  static func style(_ style: Style) -> Style {
    guard style.background.isStandard, let index = style.foreground.paletteIndex, let dark = exchanged[index] else {
      return style
    }
    return Style(.palette(dark), on: .standard, style.attributes)
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
  /// The same for a light ground.
  func onLightGround() -> Grid {
    var grid = self
    grid.restyleAll(LightGround.style)
    return grid
  }
}

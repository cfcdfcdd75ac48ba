/// What is asked of a screen beside what its terminal can do. The environment has the last word.
public struct ScreenWishes: Hashable, Sendable {
  /// `light`, `dark`, `contrast`, `contrast-light`, `contrast-dark`; nil: the terminal is asked for its ground.
  public var theme: String?
  /// How pictures are shown; nil: the terminal is asked.
  public var pictures: PictureProtocol?
  /// The editor of a whole text, as a shell reads it; nil: `$VISUAL`, `$EDITOR`.
  public var editor: String?
  /// Whether grids are written in plain lines (`LinearWriter`).
  public var isLinear = false
  /// What letters on the terminal's own ground, and grounds, are drawn in instead, by entries of the xterm palette.
  private(set) var letters: [UInt8: Colour] = [:]
  private(set) var grounds: [UInt8: Colour] = [:]

  public init() {}

  public mutating func exchange(_ drawn: UInt8, for colour: Colour, asGround: Bool) {
    if asGround { grounds[drawn] = colour } else { letters[drawn] = colour }
  }

  public func exchanged(_ drawn: UInt8, asGround: Bool) -> Colour? { asGround ? grounds[drawn] : letters[drawn] }
}

extension Colour {
  /// A colour by its name: an entry of the xterm palette from 0 to 255, or `#rrggbb`.
  public init?(name: String) {
    if let index = UInt8(name) {
      self = .palette(index)
    } else {
      guard name.hasPrefix("#"), name.utf8.count == 7, name.dropFirst().allSatisfy(\.isHexDigit),
        let value = UInt32(name.dropFirst(), radix: 16)
      else { return nil }
      self = .rgb(
        UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value))
    }
  }

  /// Its name, as it is read.
  public var name: String {
    if let index = paletteIndex { return String(index) }
    let (red, green, blue) = components ?? (0, 0, 0)
    return "#"
      + [red, green, blue].map { value in
        let digits = String(value, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }

  /// Black or white, whichever is read better on it.
  var legible: Colour {
    guard let (red, green, blue) = components else { return .standard }
    return 299 * Int(red) + 587 * Int(green) + 114 * Int(blue) > 127_000 ? .palette(16) : .palette(231)
  }
}

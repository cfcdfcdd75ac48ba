/// How a cell is drawn: two colours and attributes.
public struct Style: Hashable, Sendable {
  /// What a terminal can do to a letter beside colouring it.
  public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let bold = Attributes(rawValue: 1)
    public static let dim = Attributes(rawValue: 2)
    public static let underline = Attributes(rawValue: 4)
    public static let reverse = Attributes(rawValue: 8)
  }

  public var foreground: Colour
  public var background: Colour
  public var attributes: Attributes

  public init(_ foreground: Colour = .standard, on background: Colour = .standard, _ attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  public static let plain = Style()

  /// The same with more attributes.
  public func with(_ more: Attributes) -> Style { Style(foreground, on: background, attributes.union(more)) }

  /// The same on another ground.
  public func on(_ ground: Colour) -> Style { Style(foreground, on: ground, attributes) }
}

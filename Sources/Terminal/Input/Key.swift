/// A key as it was pressed, with the modifiers a terminal can tell.
public struct Key: Hashable, Sendable {
  public enum Code: Hashable, Sendable {
    /// A typed scalar: a letter, or a mark that joins the letter before it.
    case character(Unicode.Scalar)
    case enter, tab, escape, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 ... F12.
    case function(Int)
  }

  public struct Modifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let shift = Modifiers(rawValue: 1)
    public static let alt = Modifiers(rawValue: 2)
    public static let control = Modifiers(rawValue: 4)
  }

  public var code: Code
  public var modifiers: Modifiers

  public init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// The typed scalar, where it is one without control or alt.
  public var typed: Unicode.Scalar? {
    guard case .character(let scalar) = code, modifiers.isDisjoint(with: [.alt, .control]) else { return nil }
    return scalar
  }
}

/// Keys are named `a`, `Ctrl-R`, `Alt-Left`, `Enter`, `PgUp`, `F1`: in the command table, in help and in tests.
extension Key: CustomStringConvertible {
  private static let names: [(Code, String)] = [
    (.enter, "Enter"), (.tab, "Tab"), (.escape, "Esc"), (.backspace, "Backspace"), (.delete, "Del"),
    (.insert, "Ins"), (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"), (.home, "Home"),
    (.end, "End"), (.pageUp, "PgUp"), (.pageDown, "PgDn"), (.character(" "), "Space"),
  ]

  public var description: String {
    var text = ""
    if modifiers.contains(.control) { text += "Ctrl-" }
    if modifiers.contains(.alt) { text += "Alt-" }
    if modifiers.contains(.shift) { text += "Shift-" }
    if let name = Key.names.first(where: { $0.0 == code })?.1 { return text + name }
    switch code {
    case .function(let number): return text + "F\(number)"
    case .character(let scalar):
      let letter = String(Character(scalar))
      return text + (modifiers.contains(.control) ? letter.uppercased() : letter)
    default: return text
    }
  }

  /// The key of a name, or nil where it names none.
  public init?(_ name: String) {
    var rest = name[...]
    var modifiers = Modifiers()
    for (prefix, modifier) in [("Ctrl-", Modifiers.control), ("Alt-", .alt), ("Shift-", .shift)]
    where rest.hasPrefix(prefix) && rest.count > prefix.count {
      rest = rest.dropFirst(prefix.count)
      modifiers.insert(modifier)
    }
    if let code = Key.names.first(where: { $0.1 == rest })?.0 {
      self.init(code, modifiers)
    } else if rest.first == "F", let number = Int(rest.dropFirst()), (1...12).contains(number) {
      self.init(.function(number), modifiers)
    } else {
      var scalars = rest.unicodeScalars
      if modifiers.contains(.control) { scalars = rest.lowercased()[...].unicodeScalars }
      guard let scalar = scalars.first, scalars.count == 1 else { return nil }
      self.init(.character(scalar), modifiers)
    }
  }
}

/// What the mouse did, in cells from the upper left corner.
public struct MouseEvent: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case press, release, drag, wheelUp, wheelDown }
  public var kind: Kind
  /// 0 left, 1 middle, 2 right.
  public var button: Int
  public var x: Int
  public var y: Int

  public init(_ kind: Kind, button: Int = 0, x: Int, y: Int) {
    self.kind = kind
    self.button = button
    self.x = x
    self.y = y
  }
}

/// Something that came from the keyboard's side.
public enum Input: Hashable, Sendable {
  case key(Key)
  case mouse(MouseEvent)
  /// Text pasted at once; line ends are `\n`.
  case paste(String)
}

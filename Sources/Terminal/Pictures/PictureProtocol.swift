import Platform

/// How a terminal shows pixels.
///
/// Terminals are asked at the start (`TerminalQuestions`), and nothing waits for what they answer: till then, and where none is, pictures are cells.
/// `GRAPHEION_PICTURES`, else the scholar's settings, say it instead: `cells`, `kitty`, `sixel`, `iterm`.
public enum PictureProtocol: String, CaseIterable, Sendable {
  case cells, kitty, sixel, iterm

  /// What the environment says; nil where the terminal is to be asked.
  static var byEnvironment: PictureProtocol? {
    Environment.value("GRAPHEION_PICTURES").flatMap { PictureProtocol(rawValue: $0.lowercased()) }
  }
}

/// What a terminal says about itself when it is asked.
enum TerminalReply: Hashable, Sendable {
  /// Primary device attributes: 4 among them is sixel.
  case attributes([Int])
  /// Pixels of a cell.
  case cell(Size)
  /// How many colours a sixel picture may have.
  case colours(Int)
  /// Whether its ground is light.
  case ground(isLight: Bool)
  /// It knows kitty's graphics.
  case graphics
  /// Its name and version.
  case name(String)
}

/// What a terminal is asked, in one go: every terminal answers the last question, and those before it if it understands them.
enum TerminalQuestions {
  /// A picture of one pixel that is only asked about; the terminal's name; its ground; the pixels of a cell; the colours of a sixel picture; the device
  /// attributes.
  static let bytes: [UInt8] = Array(
    "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[>0q\u{1B}]11;?\u{1B}\\\u{1B}[16t\u{1B}[?1;1;0S\u{1B}[c".utf8)

  /// What is to be made of a sequence that is no key; nil for what answers none of the questions.
  static func reply(_ sequence: ArraySlice<UInt8>) -> TerminalReply? {
    let text = String(decoding: sequence, as: UTF8.self)
    if text.hasPrefix("\u{1B}_Gi=31;") { return text.contains(";OK") ? .graphics : nil }
    if text.hasPrefix("\u{1B}P>|") { return .name(String(text.dropFirst(4).dropLast(2))) }
    if text.hasPrefix("\u{1B}]11;") {
      let end = text.hasSuffix("\u{7}") ? 1 : 2
      return Ground.isLight(text.dropFirst(5).dropLast(end)).map { .ground(isLight: $0) }
    }
    guard text.hasPrefix("\u{1B}["), let last = text.last else { return nil }
    let numbers = text.dropFirst(2).dropLast().drop { $0 == "?" }.split(separator: ";").map { Int($0) ?? 0 }
    if last == "c", text.hasPrefix("\u{1B}[?") { return .attributes(numbers) }
    if last == "S", text.hasPrefix("\u{1B}[?1;0;"), numbers.count == 3, numbers[2] >= 2 { return .colours(numbers[2]) }
    if last == "t", numbers.count == 3, numbers[0] == 6, (1...256).contains(numbers[1]), (1...256).contains(numbers[2])
    {
      return .cell(Size(width: numbers[2], height: numbers[1]))
    }
    return nil
  }
}

/// What is known of how a terminal shows pixels, from what it answered.
struct PictureAbility: Hashable, Sendable {
  /// Pixels of a cell; nil where nobody said.
  var cell: Size?
  /// Colours of a sixel picture.
  private(set) var colours = SixelPicture.mostColours
  private var has: Set<String> = []
  let chosen: PictureProtocol?

  init(chosen: PictureProtocol?) { self.chosen = chosen }

  mutating func take(_ reply: TerminalReply) {
    switch reply {
    case .attributes(let numbers): if numbers.contains(4) { has.insert("sixel") }
    case .cell(let size): cell = size
    case .colours(let count): colours = min(count, SixelPicture.mostColours)
    case .ground: break
    case .graphics: has.insert("kitty")
    case .name(let name): if name.hasPrefix("iTerm2") || name.hasPrefix("WezTerm") { has.insert("iterm") }
    }
  }

  /// The best of what it can do. Pictures need to know how large a cell is.
  var best: PictureProtocol {
    guard cell != nil else { return .cells }
    return chosen
      ?? (has.contains("kitty") ? .kitty : has.contains("iterm") ? .iterm : has.contains("sixel") ? .sixel : .cells)
  }
}

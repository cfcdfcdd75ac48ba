import CNcursesw
import Glibc
import Platform

/// What the environment and the terminfo entry say about the terminal.
struct TerminalType {
  let name: String
  let depth: ColourDepth
  let codes: TerminalCodes
  /// The finest blocks that its font surely has.
  let blocks: CellBlocks
  let hasMouse: Bool
  /// Whether it reads questions that it does not understand over: terminals of our time do, and those have the mouse; the console does not.
  let canBeAsked: Bool
  /// Keys by the sequences of the terminfo entry.
  let keys: [[UInt8]: Key]
  /// What sets the terminal free again in a crash, when ncurses cannot be asked.
  let farewell: [UInt8]

  static let startMouse = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h\u{1B}[?2004h"
  static let endMouse = "\u{1B}[?2004l\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"

  /// Looks the terminal up. Nothing is sent to it.
  ///
  /// - Parameter isLinear: whether its cursor need not be placed.
  init(isLinear: Bool) throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal(stream: "standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(stream: "standard output") }
    guard let name = Environment.value("TERM"), !name.isEmpty else { throw .noTerminalType }
    var status: Int32 = 0
    guard setupterm(nil, STDOUT_FILENO, &status) == 0 else { throw .unknownTerminalType(name) }
    guard isLinear || (gr_string("cup") != nil && !name.hasPrefix("dumb")) else { throw .cannotPlaceCursor(name) }
    self.name = name
    let found = TerminalType.depth(
      colours: Int(tigetnum("colors")), isRGB: gr_flag("RGB") != 0, noColour: Environment.value("NO_COLOR"),
      colourTerm: Environment.value("COLORTERM"))
    depth = isLinear ? .none : found
    hasMouse = !isLinear && gr_string("kmous") != nil
    canBeAsked = hasMouse && !name.hasPrefix("linux")
    keys = TerminalType.keySequences()
    codes = TerminalCodes(depth: depth)
    // The fonts of the console hold 512 letters: half blocks are among them.
    blocks = name.hasPrefix("linux") ? .half : CellBlocks.usual(at: depth)
    farewell = isLinear ? [] : (hasMouse ? Array(TerminalType.endMouse.utf8) : []) + codes.end
  }

  /// Decides how many colours to use. `NO_COLOR` wins when it is set and not empty; `COLORTERM` tells of 24 bits that terminfo does not know of.
  static func depth(colours: Int, isRGB: Bool, noColour: String?, colourTerm: String?) -> ColourDepth {
    if let noColour, !noColour.isEmpty { return .none }
    if colours < 8 { return .none }
    if isRGB || (colours >= 256 && (colourTerm == "truecolor" || colourTerm == "24bit")) { return .direct }
    if colours >= 256 { return .palette }
    return colours >= 16 ? .sixteen : .eight
  }

  private static func keySequences() -> [[UInt8]: Key] {
    var names: [(String, Key)] = [
      ("kcuu1", Key(.up)), ("kcud1", Key(.down)), ("kcub1", Key(.left)), ("kcuf1", Key(.right)),
      ("khome", Key(.home)), ("kend", Key(.end)), ("kpp", Key(.pageUp)), ("knp", Key(.pageDown)),
      ("kdch1", Key(.delete)), ("kich1", Key(.insert)), ("kcbt", Key(.tab, .shift)), ("kent", Key(.enter)),
    ]
    for number in 1...12 { names.append(("kf\(number)", Key(.function(number)))) }
    var keys: [[UInt8]: Key] = [:]
    for (name, key) in names {
      guard let value = gr_string(name) else { continue }
      let sequence = Array(String(cString: value).utf8)
      if sequence.count > 1, sequence[0] == 0x1B { keys[sequence] = key }
    }
    return keys
  }

  /// Makes the C library speak UTF-8, which ncurses needs for Greek, whatever the environment says.
  static func useUTF8() {
    setlocale(LC_CTYPE, "")
    if String(cString: nl_langinfo(Int32(CODESET))).uppercased() == "UTF-8" { return }
    for name in ["C.UTF-8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil { return }
  }
}

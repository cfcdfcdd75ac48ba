/// Turns the bytes a terminal sends into keys, mouse events and pasted text.
///
/// Understood: UTF-8; control characters; `ESC x` as Alt-x; CSI and SS3 sequences of xterm, rxvt, the Linux console, screen and tmux
/// with xterm's modifier parameter; whatever else the terminal's terminfo entry names (`extra`); mouse reports of mode
/// 1006 (`CSI < b ; x ; y M`); answers to `TerminalQuestions`; bracketed paste (`CSI 200 ~ ... CSI 201 ~`). Unknown sequences are swallowed whole, never typed
/// into a text. A lone ESC is a key of its own once no byte follows in time: the caller waits
/// `escapeDelay` while `isWaiting` and then calls `flush`.
public struct KeyDecoder: Sendable {
  /// Milliseconds after which a lone ESC counts as the Escape key. Long enough for a sequence cut in two by a network.
  public static let escapeDelay = 60
  /// A sequence or a paste longer than this is dropped or ended.
  private static let longestSequence = 64
  private static let longestPaste = 1 << 20

  private var bytes: [UInt8] = []
  private var pasted: [UInt8]?
  private var replies: [TerminalReply] = []
  /// Sequences of the terminal at hand, from terminfo.
  private let extra: [[UInt8]: Key]

  public init(extra: [[UInt8]: Key] = [:]) { self.extra = extra }

  /// Whether bytes are held back that may become more than they are.
  public var isWaiting: Bool { !bytes.isEmpty }

  /// Takes bytes in and returns what they complete.
  public mutating func feed(_ more: some Sequence<UInt8>) -> [Input] {
    bytes.append(contentsOf: more)
    return drain(isFinal: false)
  }

  /// No more bytes came in time: what is held back is taken as it stands.
  public mutating func flush() -> [Input] { drain(isFinal: true) }

  /// What the terminal answered since the last call.
  mutating func takeReplies() -> [TerminalReply] {
    defer { replies = [] }
    return replies
  }

  private enum Step {
    case input(Input, Int)
    case reply(TerminalReply, Int)
    case skip(Int)
    case more
  }

  private mutating func drain(isFinal: Bool) -> [Input] {
    var inputs: [Input] = []
    var start = 0
    while start < bytes.count {
      if pasted != nil {
        let used = takePaste(from: start, isFinal: isFinal, into: &inputs)
        if used == 0 { break }
        start += used
        continue
      }
      let step = KeyDecoder.next(bytes[start...], isFinal: isFinal, extra: extra)
      if case .more = step { break }
      switch step {
      case .input(let input, let used):
        inputs.append(input)
        start += used
      case .reply(let reply, let used):
        replies.append(reply)
        start += used
      case .skip(let used):
        if bytes[start..<start + used].elementsEqual(KeyDecoder.pasteStart) { pasted = [] }
        start += used
      case .more: break
      }
    }
    bytes.removeFirst(start)
    return inputs
  }

  // MARK: Paste

  private static let pasteStart: [UInt8] = Array("\u{1B}[200~".utf8)
  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  /// Moves bytes of a paste to `pasted` up to its end mark; returns how many were used.
  private mutating func takePaste(from start: Int, isFinal: Bool, into inputs: inout [Input]) -> Int {
    let rest = bytes[start...]
    let mark = KeyDecoder.pasteEnd
    var end = rest.endIndex
    var isComplete = false
    var index = rest.startIndex
    while let escape = rest[index...].firstIndex(of: 0x1B) {
      if rest[escape...].starts(with: mark) {
        end = escape
        isComplete = true
        break
      }
      if mark.starts(with: rest[escape...]) && !isFinal {
        end = escape
        break
      }
      index = escape + 1
    }
    if let room = pasted.map({ KeyDecoder.longestPaste - $0.count }), room > 0 {
      pasted?.append(contentsOf: rest[..<end].prefix(room))
    }
    guard isComplete else { return end - start }
    let text = String(decoding: pasted ?? [], as: UTF8.self)
    pasted = nil
    inputs.append(
      .paste(
        text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
          .split(separator: "\r", omittingEmptySubsequences: false).joined(separator: "\n")))
    return end - start + mark.count
  }

  // MARK: One key

  private static func next(_ bytes: ArraySlice<UInt8>, isFinal: Bool, extra: [[UInt8]: Key]) -> Step {
    let first = bytes[bytes.startIndex]
    if first == 0x1B { return escape(bytes, isFinal: isFinal, extra: extra) }
    if first >= 0x80 { return utf8(bytes, isFinal: isFinal, modifiers: []) }
    return .input(.key(control(first)), 1)
  }

  private static func control(_ byte: UInt8) -> Key {
    switch byte {
    case 0x0D, 0x0A: Key(.enter)
    case 0x09: Key(.tab)
    case 0x7F, 0x08: Key(.backspace)
    case 0x00: Key(.character(" "), .control)
    case 0x01...0x1A: Key(.character(Unicode.Scalar(byte + 0x60)), .control)
    case 0x1C...0x1F: Key(.character(Unicode.Scalar(byte + 0x40)), .control)
    default: Key(.character(Unicode.Scalar(byte)))
    }
  }

  private static func utf8(_ bytes: ArraySlice<UInt8>, isFinal: Bool, modifiers: Key.Modifiers) -> Step {
    let first = bytes[bytes.startIndex]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    if first < 0xC2 || first > 0xF4 { return .skip(1) }
    let sequence = bytes.prefix(length)
    // A sequence that is broken off by something else is dropped up to there.
    for (offset, byte) in sequence.enumerated().dropFirst() where byte & 0xC0 != 0x80 { return .skip(offset) }
    guard sequence.count == length else { return isFinal ? .skip(bytes.count) : .more }
    guard let text = String(validating: sequence, as: UTF8.self), let scalar = text.unicodeScalars.first,
      scalar.value >= 0xA0
    else { return .skip(length) }
    return .input(.key(Key(.character(scalar), modifiers)), length)
  }

  private static func escape(_ bytes: ArraySlice<UInt8>, isFinal: Bool, extra: [[UInt8]: Key]) -> Step {
    let start = bytes.startIndex
    for (sequence, key) in extra where bytes.starts(with: sequence) { return .input(.key(key), sequence.count) }
    guard bytes.count > 1 else { return isFinal ? .input(.key(Key(.escape)), 1) : .more }
    switch bytes[start + 1] {
    case 0x5B: return controlSequence(bytes, isFinal: isFinal)
    case 0x4F:
      guard bytes.count > 2 else { return isFinal ? .input(.key(Key(.character("O"), .alt)), 2) : .more }
      guard let key = KeyDecoder.final(bytes[start + 2]) ?? KeyDecoder.applicationPad(bytes[start + 2]) else {
        return .skip(3)
      }
      return .input(.key(key), 3)
    case 0x1B: return .input(.key(Key(.escape)), 1)
    case 0x50, 0x5D, 0x5F: return answer(bytes, isFinal: isFinal)
    case 0x80...:
      switch utf8(bytes.dropFirst(), isFinal: isFinal, modifiers: .alt) {
      case .input(let input, let used): return .input(input, used + 1)
      case .skip(let used): return .skip(used + 1)
      case .reply, .more: return .more
      }
    default:
      var key = control(bytes[start + 1])
      key.modifiers.insert(.alt)
      return .input(.key(key), 2)
    }
  }

  /// `ESC P`, `ESC ]` and `ESC _` up to `ESC \` or BEL: what a terminal answers. Alone they are Alt-P, Alt-] and Alt-_.
  private static func answer(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Step {
    let start = bytes.startIndex
    var end = start + 2
    while end < bytes.endIndex, end - start < longestAnswer {
      if bytes[end] == 0x1B {
        guard end + 1 < bytes.endIndex, bytes[end + 1] == 0x5C else { break }
        let length = end + 2 - start
        return TerminalQuestions.reply(bytes[start..<end + 2]).map { .reply($0, length) } ?? .skip(length)
      }
      if bytes[end] == 0x07 {
        let length = end + 1 - start
        return TerminalQuestions.reply(bytes[start...end]).map { .reply($0, length) } ?? .skip(length)
      }
      end += 1
    }
    let isOpen = end + 1 >= bytes.endIndex && !isFinal
    return isOpen ? .more : .input(.key(Key(control(bytes[start + 1]).code, .alt)), 2)
  }

  private static let longestAnswer = 1024

  /// `CSI parameters intermediates final`.
  private static func controlSequence(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Step {
    let start = bytes.startIndex
    guard bytes.count > 2 else { return isFinal ? .input(.key(Key(.character("["), .alt)), 2) : .more }
    // The Linux console names F1-F5 `CSI [ A` ... `CSI [ E`.
    if bytes[start + 2] == 0x5B {
      guard bytes.count > 3 else { return isFinal ? .skip(3) : .more }
      let number = Int(bytes[start + 3]) - 0x40
      return (1...5).contains(number) ? .input(.key(Key(.function(number))), 4) : .skip(4)
    }
    var end = start + 2
    while end < bytes.endIndex, (0x20...0x3F).contains(bytes[end]) {
      end += 1
      if end - start > longestSequence { return .skip(end - start) }
    }
    guard end < bytes.endIndex else { return isFinal ? .skip(bytes.count) : .more }
    let length = end - start + 1
    let final = bytes[end]
    // A control character inside breaks the sequence off; it is a key again.
    if final < 0x20 { return .skip(length - 1) }
    let body = bytes[(start + 2)..<end]
    if final == 0x63 || final == 0x74 || (final == 0x53 && body.first == 0x3F) {
      return TerminalQuestions.reply(bytes[start...end]).map { .reply($0, length) } ?? .skip(length)
    }
    if body.first == 0x3C, final == 0x4D || final == 0x6D {
      return mouse(body.dropFirst(), final: final, length: length)
    }
    let numbers = body.split(separator: 0x3B, omittingEmptySubsequences: false).map(number)
    let modifiers = numbers.count > 1 ? modifiers(numbers[1]) : []
    switch final {
    case 0x7E:
      guard let key = tilde(numbers.first ?? 0) else { return .skip(length) }
      return .input(.key(Key(key.code, key.modifiers.union(modifiers))), length)
    case 0x5A: return .input(.key(Key(.tab, .shift)), length)
    default:
      guard let key = KeyDecoder.final(final), body.allSatisfy({ $0 == 0x3B || (0x30...0x39).contains($0) }) else {
        return .skip(length)
      }
      return .input(.key(Key(key.code, modifiers)), length)
    }
  }

  /// A decimal number from a parameter; 0 where it is empty or absurd.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int {
    guard digits.count <= 6 else { return 0 }
    return digits.reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1) - 0x30 : $0 }
  }

  /// xterm's modifier parameter: 1 + shift 1 + alt 2 + control 4.
  private static func modifiers(_ parameter: Int) -> Key.Modifiers {
    guard parameter > 1 else { return [] }
    let bits = parameter - 1
    var modifiers = Key.Modifiers()
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & 2 != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.control) }
    return modifiers
  }

  private static func final(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x41: Key(.up)
    case 0x42: Key(.down)
    case 0x43: Key(.right)
    case 0x44: Key(.left)
    case 0x46: Key(.end)
    case 0x48: Key(.home)
    case 0x50...0x53: Key(.function(Int(byte) - 0x4F))
    default: nil
    }
  }

  /// The keypad in application mode: Enter, and the digits and signs as typed.
  private static func applicationPad(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x4D: Key(.enter)
    case 0x6A...0x79: Key(.character(Unicode.Scalar(byte - 0x40)))
    default: nil
    }
  }

  private static func tilde(_ number: Int) -> Key? {
    switch number {
    case 1, 7: Key(.home)
    case 2: Key(.insert)
    case 3: Key(.delete)
    case 4, 8: Key(.end)
    case 5: Key(.pageUp)
    case 6: Key(.pageDown)
    case 11...15: Key(.function(number - 10))
    case 17...21: Key(.function(number - 11))
    case 23, 24: Key(.function(number - 12))
    default: nil
    }
  }

  private static func mouse(_ body: ArraySlice<UInt8>, final: UInt8, length: Int) -> Step {
    let numbers = body.split(separator: 0x3B, omittingEmptySubsequences: false).map(number)
    guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return .skip(length) }
    let (code, x, y) = (numbers[0], numbers[1] - 1, numbers[2] - 1)
    let kind: MouseEvent.Kind
    switch code & 0b1110_0000 {
    case 64: kind = code & 1 == 0 ? .wheelUp : .wheelDown
    case 32: kind = .drag
    default: kind = final == 0x6D ? .release : .press
    }
    return .input(.mouse(MouseEvent(kind, button: code & 64 == 0 ? code & 3 : 0, x: x, y: y)), length)
  }
}

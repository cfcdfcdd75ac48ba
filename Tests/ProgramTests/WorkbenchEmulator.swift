/// Enough of a terminal to see what the program drew: text, cursor moves, erasing; colours are passed over.
///
/// Understands what the terminfo entries of xterm, screen, tmux, linux and vt100 make ncurses send. Text is UTF-8; marks join the cell before them.
struct Emulator {
  let width: Int
  let height: Int
  private(set) var cells: [String]
  private(set) var x = 0
  private(set) var y = 0
  private var saved = (0, 0)
  private var pending: [UInt8] = []
  private var last = " "
  /// Names of private modes that are on (`?1049`, `?1000`, ...).
  private(set) var modes: Set<Int> = []
  /// What was sent between `ESC P` or `ESC _` and `ESC \`.
  private(set) var strings: [String] = []
  /// Where the cursor stood at each of them.
  private(set) var places: [(x: Int, y: Int)] = []
  /// Of each cell the entry of the palette that it is drawn in, where it is one.
  private(set) var colours: [Int?]
  private var colour: Int?
  /// Bytes that no rule knew; tests want none.
  private(set) var unknown: [String] = []
  private var top = 0
  private var bottom: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    bottom = height - 1
    cells = [String](repeating: " ", count: width * height)
    colours = [Int?](repeating: nil, count: width * height)
  }

  var rows: [String] {
    (0..<height).map { row in
      var text = cells[row * width..<(row + 1) * width].joined()[...]
      while text.last == " " || text.last == "\u{A0}" { text.removeLast() }
      return String(text)
    }
  }

  var text: String { rows.joined(separator: "\n") }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    var index = 0
    while index < pending.count, let used = step(pending[index...]) { index += used }
    pending.removeFirst(index)
  }

  /// Takes one character or sequence; nil where more bytes are needed.
  private mutating func step(_ bytes: ArraySlice<UInt8>) -> Int? {
    let first = bytes[bytes.startIndex]
    switch first {
    case 0x1B: return escape(bytes)
    case 0x0D: x = 0
    case 0x0A: lineFeed()
    case 0x08: x = max(0, x - 1)
    case 0x09: x = min(width - 1, (x / 8 + 1) * 8)
    case 0x00...0x1F, 0x7F: break
    default:
      let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
      guard bytes.count >= length else { return nil }
      put(String(decoding: bytes.prefix(length), as: UTF8.self))
      return length
    }
    return 1
  }

  private mutating func put(_ text: String) {
    if let scalar = text.unicodeScalars.first, scalar.properties.generalCategory == .nonspacingMark {
      if x > 0 { cells[y * width + min(x, width) - 1] += text }
      return
    }
    if x >= width {
      x = 0
      lineFeed()
    }
    cells[y * width + x] = text
    colours[y * width + x] = colour
    last = text
    x += 1
  }

  private mutating func lineFeed() {
    if y == bottom { scroll(up: 1) } else { y = min(height - 1, y + 1) }
  }

  private mutating func scroll(up count: Int) {
    for _ in 0..<count {
      cells.removeSubrange(top * width..<(top + 1) * width)
      cells.insert(contentsOf: [String](repeating: " ", count: width), at: bottom * width)
    }
  }

  private mutating func escape(_ bytes: ArraySlice<UInt8>) -> Int? {
    let start = bytes.startIndex
    guard bytes.count > 1 else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "["): return control(bytes)
    case UInt8(ascii: "("), UInt8(ascii: ")"): return bytes.count > 2 ? 3 : nil
    case UInt8(ascii: "7"): saved = (x, y)
    case UInt8(ascii: "8"): (x, y) = saved
    case UInt8(ascii: "M"): y = max(0, y - 1)
    case UInt8(ascii: "D"): lineFeed()
    case UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "c"): break
    // Strings to the terminal: what it is asked, and pictures.
    case UInt8(ascii: "P"), UInt8(ascii: "_"):
      var end = start + 2
      while end + 1 < bytes.endIndex, bytes[end] != 0x1B || bytes[end + 1] != 0x5C { end += bytes[end] == 0x1B ? 2 : 1 }
      guard end + 1 < bytes.endIndex else { return nil }
      places.append((x, y))
      strings.append(String(decoding: bytes[start + 1..<end], as: UTF8.self))
      return end + 2 - start
    case UInt8(ascii: "]"):
      // It ends with BEL or with ESC \\.
      guard let end = bytes[(start + 2)...].firstIndex(where: { $0 == 7 || $0 == 0x1B }) else { return nil }
      if bytes[end] == 7 { return end - start + 1 }
      return end + 1 < bytes.endIndex ? end + 2 - start : nil
    default: unknown.append("ESC \(bytes[start + 1])")
    }
    return 2
  }

  private mutating func control(_ bytes: ArraySlice<UInt8>) -> Int? {
    let start = bytes.startIndex
    guard let end = bytes.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
    let body = String(decoding: bytes[(start + 2)..<end], as: UTF8.self)
    let isPrivate = body.hasPrefix("?")
    let numbers = body.filter { $0.isNumber || $0 == ";" }.split(separator: ";", omittingEmptySubsequences: false)
      .map { Int($0) ?? 0 }
    let first = numbers.first ?? 0
    let count = max(1, first)
    switch Character(Unicode.Scalar(bytes[end])) {
    case "H", "f": (y, x) = (min(height, max(1, first)) - 1, min(width, max(1, numbers.count > 1 ? numbers[1] : 1)) - 1)
    case "A": y = max(0, y - count)
    case "B": y = min(height - 1, y + count)
    case "C": x = min(width - 1, x + count)
    case "D": x = max(0, min(x, width - 1) - count)
    case "G": x = min(width, count) - 1
    case "d": y = min(height, count) - 1
    case "J":
      let range = first == 0 ? y * width + x..<cells.count : first == 1 ? 0..<y * width + x : 0..<cells.count
      for index in range { cells[index] = " " }
    case "K":
      let range = first == 0 ? min(x, width)..<width : first == 1 ? 0..<min(x + 1, width) : 0..<width
      for column in range { cells[y * width + column] = " " }
    case "X": for column in x..<min(width, x + count) { cells[y * width + column] = " " }
    case "P":
      for column in x..<width {
        cells[y * width + column] = column + count < width ? cells[y * width + column + count] : " "
      }
    case "@":
      for column in stride(from: width - 1, through: x, by: -1) {
        cells[y * width + column] = column - count >= x ? cells[y * width + column - count] : " "
      }
    case "b": for _ in 0..<count { put(last) }
    case "r": (top, bottom) = (max(1, first) - 1, (numbers.count > 1 && numbers[1] > 0 ? numbers[1] : height) - 1)
    case "S" where !isPrivate: scroll(up: count)
    case "S": break
    case "h" where isPrivate: modes.formUnion(numbers)
    case "l" where isPrivate: modes.subtract(numbers)
    case "m":
      var rest = numbers.isEmpty ? [0] : numbers[...]
      while let number = rest.popFirst() {
        switch number {
        case 0, 39: colour = nil
        case 30...37: colour = number - 30
        case 90...97: colour = number - 82
        case 38, 48:
          // 5 and an entry of the palette, or 2 and three samples.
          let entry = rest.first == 5 ? rest.dropFirst().first : nil
          if number == 38 { colour = entry }
          rest = rest.dropFirst(rest.first == 5 ? 2 : 4)
        default: break
        }
      }
    case "h", "l", "t", "n", "c", "q", "u": break
    default: unknown.append("CSI \(body)\(Character(Unicode.Scalar(bytes[end])))")
    }
    return end - start + 1
  }
}

/// What the changed cells of a terminal need: the bytes of the shortest way to tell them, to hold what a program sends against.
///
/// Follows what the program writes (cursor, colours, attributes, text) and keeps the cells as the terminal has them. Each changed cell needs its text, its
/// colours where they are others than those of the cell told before, all of them in one sequence, and the cursor a move where it does not stand there.
struct CellCost {
  private struct Cell: Hashable {
    var text: [UInt8] = [0x20]
    var style = Style()
  }

  /// Parts of an SGR sequence, as they were told.
  private struct Style: Hashable {
    var front: [Int] = []
    var ground: [Int] = []
    var attributes: Set<Int> = []
  }

  private let columns: Int
  private var cells: [Cell]
  private var before: [Cell]
  private var style = Style()
  private var at = 0
  private var rest: [UInt8] = []

  init(columns: Int, rows: Int) {
    self.columns = columns
    cells = [Cell](repeating: Cell(), count: columns * rows)
    before = cells
  }

  /// Takes what was sent since the last frame; how many bytes its changed cells need.
  mutating func need(of bytes: [UInt8]) -> Int {
    take(bytes)
    defer { before = cells }
    var need = 0
    var told: Style?
    var next = -1
    for place in cells.indices where cells[place] != before[place] {
      if place != next {
        // ESC [ row ; column H
        need += 4 + "\(place / columns + 1)".count + "\(place % columns + 1)".count
      }
      if let told, told != cells[place].style { need += Self.change(from: told, to: cells[place].style) }
      if told == nil { need += Self.change(from: Style(), to: cells[place].style) }
      told = cells[place].style
      need += cells[place].text.count
      next = place + 1
    }
    return need
  }

  private static func change(from old: Style, to new: Style) -> Int {
    var parts: [Int] = []
    if new.attributes != old.attributes { parts += [0] + new.attributes }
    if new.front != old.front || new.attributes != old.attributes {
      parts += new.front.isEmpty && !old.front.isEmpty ? [39] : new.front
    }
    if new.ground != old.ground || new.attributes != old.attributes {
      parts += new.ground.isEmpty && !old.ground.isEmpty ? [49] : new.ground
    }
    return parts.isEmpty ? 0 : 3 + parts.map { "\($0)".count }.reduce(0, +) + parts.count - 1
  }

  private mutating func take(_ bytes: [UInt8]) {
    var input = (rest + bytes)[...]
    rest = []
    while let first = input.first {
      if first == 0x1B {
        guard input.count > 1 else { break }
        guard input[input.startIndex + 1] == UInt8(ascii: "[") else {
          // A choice of letters has a byte more.
          let isChoice = [UInt8(ascii: "("), UInt8(ascii: ")")].contains(input[input.startIndex + 1])
          input.removeFirst(min(input.count, isChoice ? 3 : 2))
          continue
        }
        guard let end = input.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { break }
        control(String(decoding: input[(input.startIndex + 2)..<end], as: UTF8.self), input[end])
        input = input[(end + 1)...]
      } else if first < 0x20 {
        if first == 0x0D { at -= at % columns }
        input.removeFirst()
      } else {
        let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard input.count >= length else { break }
        let text = Array(input.prefix(length))
        // Marks join the letter before them.
        let isMark = length == 2 && first == 0xCC || length == 2 && first == 0xCD && text[1] < 0xB0
        if isMark, at > 0 {
          cells[at - 1].text += text
        } else if cells.indices.contains(at) {
          cells[at] = Cell(text: text, style: style)
          at += 1
        }
        input.removeFirst(length)
      }
    }
    rest = Array(input)
  }

  private mutating func control(_ body: String, _ kind: UInt8) {
    var numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    switch kind {
    case UInt8(ascii: "H"):
      at = (max(1, numbers.first ?? 1) - 1) * columns + max(1, numbers.count > 1 ? numbers[1] : 1) - 1
    case UInt8(ascii: "J"):
      for place in cells.indices { cells[place] = Cell() }
    case UInt8(ascii: "m"):
      while let number = numbers.first {
        let length = [38, 48].contains(number) && numbers.count > 1 ? (numbers[1] == 5 ? 3 : 5) : 1
        let part = Array(numbers.prefix(length))
        numbers.removeFirst(min(length, numbers.count))
        switch number {
        case 0: style = Style()
        case 30...39, 90...97: style.front = number == 39 ? [] : part
        case 40...49, 100...107: style.ground = number == 49 ? [] : part
        default: style.attributes.insert(number)
        }
      }
    default: break
    }
  }
}

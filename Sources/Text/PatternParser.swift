/// Reads patterns by recursive descent and builds the automaton from the end to the beginning.
struct PatternParser {
  indirect enum Node {
    case letters(UInt32)
    case lineStart
    case lineEnd
    case both([Node])
    case either([Node])
    case several(Node, least: Int, most: Int?)
  }

  private static let depthLimit = 64
  private static let stateLimit = 1000

  private let characters: [Character]
  private let offset: Int
  private var position = 0
  private var depth = 0
  private(set) var states: [LetterPattern.State] = [.accept]
  private(set) var hasLetter = false

  init(_ characters: [Character], offset: Int) {
    self.characters = characters
    self.offset = offset
  }

  mutating func wildcards() throws(PatternError) -> Int {
    var parts: [Node] = []
    for character in characters {
      switch character {
      case "?": parts.append(.letters(LetterPattern.anyLetter))
      case "*": parts.append(.several(.letters(LetterPattern.anyLetter), least: 0, most: nil))
      default: if let letter = letter(character) { parts.append(.letters(letter)) }
      }
    }
    // Stars at the ends ask for nothing.
    while case .several? = parts.last { parts.removeLast() }
    while case .several? = parts.first { parts.removeFirst() }
    return try build(.both(parts), before: 0)
  }

  mutating func regularExpression() throws(PatternError) -> Int {
    let node = try either()
    guard position == characters.count else { throw error("a ')' too many") }
    return try build(node, before: 0)
  }

  private func error(_ reason: String) -> PatternError { PatternError(column: position + offset + 1, reason: reason) }

  private mutating func letter(_ character: Character) -> UInt32? {
    guard let byte = LetterBytes.of(String(character)).first else { return nil }
    hasLetter = true
    return 1 << UInt32(byte)
  }

  // MARK: Regular expressions

  private var current: Character? { position < characters.count ? characters[position] : nil }

  private mutating func either() throws(PatternError) -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.depthLimit else { throw error("too many brackets inside each other") }
    var parts = [try both()]
    while current == "|" {
      position += 1
      parts.append(try both())
    }
    return parts.count == 1 ? parts[0] : .either(parts)
  }

  private mutating func both() throws(PatternError) -> Node {
    var parts: [Node] = []
    while let character = current, character != "|", character != ")" {
      guard let part = try single(character) else { continue }
      parts.append(try repeated(part))
    }
    return .both(parts)
  }

  /// nil for a space, which does not count.
  private mutating func single(_ character: Character) throws(PatternError) -> Node? {
    position += 1
    switch character {
    case ".": return .letters(LetterPattern.anyLetter)
    case "^": return .lineStart
    case "$": return .lineEnd
    case "[": return .letters(try set())
    case "(":
      let inner = try either()
      guard current == ")" else { throw error("a '(' is not closed") }
      position += 1
      return inner
    case let space where space.isWhitespace: return nil
    default:
      if let letter = letter(character) { return .letters(letter) }
      position -= 1
      let isRepeat = "?*+{".contains(character)
      throw error(isRepeat ? "'\(character)' has nothing to repeat" : "'\(character)' is no Greek letter")
    }
  }

  private mutating func set() throws(PatternError) -> UInt32 {
    var letters: UInt32 = 0
    let isNegated = current == "^"
    if isNegated { position += 1 }
    while let character = current, character != "]" {
      guard let first = letter(character) else { throw error("'\(character)' is no Greek letter") }
      position += 1
      letters |= first
      guard current == "-" else { continue }
      position += 1
      guard let end = current, let last = letter(end), last >= first else { throw error("this range has no end") }
      position += 1
      letters |= (last << 1) - first
    }
    guard current == "]" else { throw error("a '[' is not closed") }
    position += 1
    return (isNegated ? ~letters : letters) & LetterPattern.anyLetter
  }

  private mutating func repeated(_ node: Node) throws(PatternError) -> Node {
    switch current {
    case "?": return try repeated(node, least: 0, most: 1)
    case "*": return try repeated(node, least: 0, most: nil)
    case "+": return try repeated(node, least: 1, most: nil)
    case "{":
      let end = characters[position...].firstIndex(of: "}")
      let words = end.map {
        String(characters[(position + 1)..<$0]).split(separator: ",", omittingEmptySubsequences: false)
      }
      guard let end, let words, words.count <= 2, let least = Int(words[0]), (0...100).contains(least) else {
        throw error("after '{' come one or two numbers up to 100 and '}'")
      }
      var most: Int? = least
      if words.count == 2 { most = words[1].isEmpty ? nil : Int(words[1]) }
      guard words.count == 1 || words[1].isEmpty || (most.map { (least...100).contains($0) } ?? false) else {
        throw error("after '{' come one or two numbers up to 100 and '}'")
      }
      position = end
      return try repeated(node, least: least, most: most)
    default: return node
    }
  }

  private mutating func repeated(_ node: Node, least: Int, most: Int?) throws(PatternError) -> Node {
    position += 1
    return .several(node, least: least, most: most)
  }

  // MARK: The automaton

  private mutating func add(_ state: LetterPattern.State) throws(PatternError) -> Int {
    guard states.count < Self.stateLimit else { throw PatternError(column: 1, reason: "the pattern is too large") }
    states.append(state)
    return states.count - 1
  }

  /// Adds the states of a node that goes on to `next`; returns where it begins.
  private mutating func build(_ node: Node, before next: Int) throws(PatternError) -> Int {
    switch node {
    case .letters(let letters): return try add(.letters(letters, next: next))
    case .lineStart: return try add(.lineStart(next: next))
    case .lineEnd: return try add(.lineEnd(next: next))
    case .both(let parts):
      var start = next
      for part in parts.reversed() { start = try build(part, before: start) }
      return start
    case .either(let parts):
      var start = try build(parts[parts.count - 1], before: next)
      for part in parts.dropLast().reversed() { start = try add(.fork(try build(part, before: next), start)) }
      return start
    case .several(let part, let least, let most):
      var start = next
      if let most {
        for _ in least..<most { start = try add(.fork(try build(part, before: start), next)) }
      } else {
        let loop = try add(.fork(next, next))
        states[loop] = .fork(try build(part, before: loop), next)
        start = loop
      }
      for _ in 0..<least { start = try build(part, before: start) }
      return start
    }
  }
}

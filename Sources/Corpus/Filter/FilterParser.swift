import Text

/// Reads the filter language (specified in `Filter.swift`) by recursive descent.
struct FilterParser {
  private enum Token: Hashable {
    case open, close, and, or, not
    /// A condition: a field name and operator with its value, or (field nil) a plain text.
    case condition(field: String?, sign: String, value: String)
  }

  private static let depthLimit = 64
  private static let signs = ["<=", ">=", "<", ">", "=", ":"]

  private let characters: [Character]
  private var position = 0
  private var depth = 0
  /// Whether what comes next stands within brackets or behind a `not`.
  private var isInner = false

  init(_ text: String) { characters = Array(text) }

  mutating func filter() throws(FilterError) -> Filter.Node {
    skipSpace()
    if position == characters.count { return .all }
    let node = try either()
    skipSpace()
    guard position == characters.count else { throw error("a ')' too many") }
    if case .either(let parts) = node, parts.contains(where: Self.asksOfAll) { throw misplaced() }
    return node
  }

  private func error(_ reason: String, at place: Int? = nil) -> FilterError {
    FilterError(column: (place ?? position) + 1, reason: reason)
  }

  /// Whether a part of the question is about all fragments together.
  private static func asksOfAll(_ node: Filter.Node) -> Bool {
    switch node {
    case .uncertain: true
    case .both(let parts): parts.contains(where: asksOfAll)
    default: false
    }
  }

  private func misplaced(at place: Int = 0) -> FilterError {
    error(
      "'uncertain' asks about all fragments that match: it stands beside the rest, not in brackets, 'or' or 'not'",
      at: place)
  }

  private mutating func skipSpace() {
    while position < characters.count && characters[position].isWhitespace { position += 1 }
  }

  private mutating func either() throws(FilterError) -> Filter.Node {
    var parts = [try both()]
    while try peek() == .or {
      _ = try next()
      parts.append(try both())
    }
    return parts.count == 1 ? parts[0] : .either(parts)
  }

  private mutating func both() throws(FilterError) -> Filter.Node {
    var parts = [try single()]
    while true {
      switch try peek() {
      case nil, .or, .close: return parts.count == 1 ? parts[0] : .both(parts)
      case .and: _ = try next()
      default: break
      }
      parts.append(try single())
    }
  }

  private mutating func single() throws(FilterError) -> Filter.Node {
    guard depth < Self.depthLimit else { throw error("too many brackets and 'not's inside each other") }
    depth += 1
    defer { depth -= 1 }
    skipSpace()
    let place = position
    let wasInner = isInner
    defer { isInner = wasInner }
    switch try next() {
    case .not:
      isInner = true
      return .not(try single())
    case .open:
      isInner = true
      let node = try either()
      guard try next() == .close else { throw error("this '(' is not closed", at: place) }
      return node
    case .condition(let field, let sign, let value): return try condition(field, sign, value, at: place)
    case nil: throw error("something to look for is missing at the end")
    case .close, .and, .or: throw error("something to look for is missing here", at: place)
    }
  }

  private mutating func peek() throws(FilterError) -> Token? {
    let place = position
    defer { position = place }
    return try next()
  }

  private mutating func next() throws(FilterError) -> Token? {
    skipSpace()
    guard position < characters.count else { return nil }
    let marks: [Character: Token] = ["(": .open, ")": .close, "&": .and, "|": .or, "!": .not]
    if let token = marks[characters[position]] {
      position += 1
      return token
    }
    if characters[position] == "\"" { return .condition(field: nil, sign: ":", value: try quoted()) }
    let start = position
    while position < characters.count, characters[position].isLetter { position += 1 }
    let name = String(characters[start..<position])
    if !name.isEmpty, let sign = Self.signs.first(where: { starts(with: $0) }) {
      position += sign.count
      let isQuoted = position < characters.count && characters[position] == "\""
      return .condition(field: name.lowercased(), sign: sign, value: isQuoted ? try quoted() : word())
    }
    position = start
    let text = word()
    switch text.lowercased() {
    case "and": return .and
    case "or": return .or
    case "not": return .not
    default: return .condition(field: nil, sign: ":", value: text)
    }
  }

  private func starts(with sign: String) -> Bool {
    characters[position...].starts(with: sign)
  }

  private mutating func word() -> String {
    let start = position
    while position < characters.count, !characters[position].isWhitespace, !"()\"".contains(characters[position]) {
      position += 1
    }
    return String(characters[start..<position])
  }

  private mutating func quoted() throws(FilterError) -> String {
    let start = position
    guard let end = characters[(start + 1)...].firstIndex(of: "\"") else {
      throw error("this quotation mark is not closed", at: start)
    }
    position = end + 1
    return String(characters[(start + 1)..<end])
  }
}

// MARK: Conditions

extension FilterParser {
  private func condition(
    _ name: String?, _ sign: String, _ value: String, at place: Int
  ) throws(FilterError) -> Filter.Node {
    guard let name else { return .text(.any, needle: FilterSubject.folded(value), exact: false) }
    guard !value.isEmpty else { throw error("what '\(name)' should be is missing", at: place) }
    if name == "date" {
      let years = try range(sign, value, at: place)
      // `years` are whole numbers or infinite; the bounds keep conversion safe.
      let limit = 1_000_000.0
      let low = max(-limit, years.lowerBound.rounded(.up))
      let high = min(limit, years.upperBound.rounded(.down))
      guard low <= high else { throw error("'\(value)' holds no year", at: place) }
      return .date(Int(low)...Int(high))
    }
    if let field = Filter.NumberField(rawValue: name) { return .number(field, try range(sign, value, at: place)) }
    if name == "uncertain" {
      guard !isInner else { throw misplaced(at: place) }
      guard sign == ":" || sign == "=", let count = Int(value), (1...1_000_000).contains(count) else {
        throw error("how many fragments 'uncertain' should give is missing: uncertain:20", at: place)
      }
      return .uncertain(count)
    }
    if name == "state" { return .state(try choice(value, sign, at: place)) }
    if name == "has" { return .has(try choice(value, sign, at: place)) }
    if name == "text" {
      guard sign == ":" else { throw error("'text' is searched in, it knows ':' only", at: place) }
      do throws(PatternError) { return .letters(try LetterPattern(value)) } catch {
        throw self.error("in the pattern: \(error.reason)", at: place)
      }
    }
    guard let field = Filter.TextField(rawValue: name) else {
      let known =
        Filter.TextField.allCases.map(\.rawValue).filter { $0 != "any" } + [
          "text", "date", "state", "has", "uncertain",
        ]
        + Filter.NumberField.allCases.map(\.rawValue)
      throw error("there is no field '\(name)'; there are \(known.joined(separator: ", "))", at: place)
    }
    guard sign == ":" || sign == "=" else { throw error("'\(name)' is text and knows ':' and '=' only", at: place) }
    return .text(field, needle: FilterSubject.folded(value), exact: sign == "=")
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ value: String, _ sign: String, at place: Int
  ) throws(FilterError) -> Choice {
    guard sign == ":" || sign == "=", let choice = Choice(rawValue: value.lowercased()) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("'\(value)' is not one of \(known)", at: place)
    }
    return choice
  }

  /// `100`, `100..200`, `..200`, `100..` after `:` or `=`; one number after a comparison.
  private func range(_ sign: String, _ value: String, at place: Int) throws(FilterError) -> ClosedRange<Double> {
    func number(_ text: String) throws(FilterError) -> Double {
      guard let number = Double(text), number.isFinite else { throw error("'\(text)' is no number", at: place) }
      return number
    }
    let all = Double.infinity
    switch sign {
    case "<": return -all...(try number(value)).nextDown
    case "<=": return -all...(try number(value))
    case ">": return (try number(value)).nextUp...all
    case ">=": return (try number(value))...all
    default: break
    }
    let dots = value.indices.first { value[$0...].hasPrefix("..") }
    guard let dots else {
      let only = try number(value)
      return only...only
    }
    let (left, right) = (String(value[..<dots]), String(value[dots...].dropFirst(2)))
    let low = left.isEmpty ? -all : try number(left)
    let high = right.isEmpty ? all : try number(right)
    guard low <= high else { throw error("'\(value)' ends before it begins", at: place) }
    return low...high
  }
}

import Text

/// What a filter asks of a fragment, wherever the answers come from: an entry (`FilterSubject`) or a row of the index.
protocol FilterTarget {
  /// Whether `needle` is in one of a field's texts, or is one of them.
  func has(_ needle: [UInt8], in field: Filter.TextField, exact: Bool) -> Bool
  func number(_ field: Filter.NumberField) -> Double?
  var years: ClosedRange<Int>? { get }
  var state: FragmentState { get }
  func has(_ thing: Filter.Thing) -> Bool
  func holds(_ pattern: LetterMatcher) -> Bool
}

/// A filter ready to be asked of one fragment after another; for one thread, because patterns remember what they met.
struct FilterEvaluator {
  private let root: Filter.Node
  private var matchers: [LetterPattern: LetterMatcher] = [:]

  init(_ root: Filter.Node) {
    self.root = root
    prepare(root)
  }

  private mutating func prepare(_ node: Filter.Node) {
    switch node {
    case .both(let parts), .either(let parts): for part in parts { prepare(part) }
    case .not(let part): prepare(part)
    case .letters(let pattern): matchers[pattern] = LetterMatcher(pattern)
    default: break
    }
  }

  func matches(_ target: some FilterTarget) -> Bool { matches(root, target) }

  private func matches(_ node: Filter.Node, _ target: some FilterTarget) -> Bool {
    switch node {
    case .all, .uncertain: true
    case .both(let parts): parts.allSatisfy { matches($0, target) }
    case .either(let parts): parts.contains { matches($0, target) }
    case .not(let part): !matches(part, target)
    case .text(let field, let needle, let exact): target.has(needle, in: field, exact: exact)
    case .letters(let pattern): matchers[pattern].map(target.holds) ?? false
    case .number(let field, let range): target.number(field).map(range.contains) ?? false
    case .date(let years): target.years.map(years.overlaps) ?? false
    case .state(let state): target.state == state
    case .has(let thing): target.has(thing)
    }
  }
}

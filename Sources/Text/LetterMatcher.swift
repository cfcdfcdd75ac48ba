/// Looks for a pattern in the letters of a fragment: the pattern's automaton made deterministic step by step, as sets of states are met.
///
/// Letters are the bytes of `LetterBytes`, a 0 after every line. One step a letter, whatever the pattern; not for several threads at once.
public final class LetterMatcher {
  /// The symbols: 0 the end of a line, then letters.
  private static let symbols = LetterBytes.count + 1
  /// Sets kept at most; beyond, all are forgotten and met anew.
  private static let limit = 4000
  private static let unknown: Int32 = -1

  /// An automaton made deterministic so far. `isSearching`: a match may begin at every letter, not only at the first.
  private struct Automaton {
    let isSearching: Bool
    var numbers: [[Bool]: Int32] = [:]
    var sets: [[Bool]] = []
    var accepts: [Bool] = []
    var steps: [Int32] = []
    /// After a letter, and after the end of a line.
    var begins: [Int32] = [unknown, unknown]
    /// The set without states, from which nothing comes any more.
    var dead = unknown
  }

  private let states: [LetterPattern.State]
  private let start: Int
  private var searching = Automaton(isSearching: true)
  private var anchored = Automaton(isSearching: false)

  public convenience init(_ pattern: LetterPattern) { self.init(states: pattern.states, start: pattern.start) }

  init(states: [LetterPattern.State], start: Int) {
    self.states = states
    self.start = start
  }

  /// Whether the pattern is there where no letter is.
  var acceptsNothing: Bool {
    let begin = closure([start], at: .lineStart)
    return begin[0] || step(begin, 0, false)[0]
  }

  /// Whether the pattern occurs, lines read on into the next ones.
  public func occurs(in letters: UnsafeRawBufferPointer) -> Bool {
    var state = begin(&searching, afterLineEnd: true)
    var place = 0
    while place < letters.count {
      // As far as all steps are known: a nanosecond or two a letter.
      let isFound = searching.steps.withUnsafeBufferPointer { steps in
        searching.accepts.withUnsafeBufferPointer { accepts in
          while place < letters.count {
            let next = steps[Int(state) * Self.symbols + min(Int(letters[place]), Self.symbols - 1)]
            if next == Self.unknown { return false }
            state = next
            place += 1
            if accepts[Int(state)] { return true }
          }
          return false
        }
      }
      if isFound { return true }
      guard place < letters.count else { return false }
      state = next(&searching, state, Int(letters[place]))
      place += 1
      if searching.accepts[Int(state)] { return true }
    }
    return false
  }

  /// The longest match that begins at `place` and ends before `end`: the place behind its last letter; nil for none.
  public func end(from place: Int, before end: Int, in letters: UnsafeRawBufferPointer) -> Int? {
    var state = begin(&anchored, afterLineEnd: place == 0 || letters[place - 1] == 0)
    var found: Int?
    var place = place
    while place < end {
      // As far as all steps are known, and something may still come.
      let isOver = anchored.steps.withUnsafeBufferPointer { steps in
        anchored.accepts.withUnsafeBufferPointer { accepts in
          let dead = anchored.dead
          while place < end {
            let next = steps[Int(state) * Self.symbols + min(Int(letters[place]), Self.symbols - 1)]
            if next == Self.unknown { return false }
            if next == dead { return true }
            state = next
            if accepts[Int(state)] { found = letters[place] == 0 ? place : place + 1 }
            place += 1
          }
          return true
        }
      }
      if isOver { return found }
      state = next(&anchored, state, Int(letters[place]))
      if anchored.accepts[Int(state)] { found = letters[place] == 0 ? place : place + 1 }
      place += 1
    }
    return found
  }

  // MARK: Sets of states

  private func begin(_ automaton: inout Automaton, afterLineEnd: Bool) -> Int32 {
    let known = automaton.begins[afterLineEnd ? 1 : 0]
    if known != Self.unknown { return known }
    let number = self.number(of: closure([start], at: afterLineEnd ? .lineStart : .inside), in: &automaton)
    automaton.begins[afterLineEnd ? 1 : 0] = number
    return number
  }

  private func next(_ automaton: inout Automaton, _ state: Int32, _ symbol: Int) -> Int32 {
    let symbol = min(symbol, Self.symbols - 1)
    let known = automaton.steps[Int(state) * Self.symbols + symbol]
    if known != Self.unknown { return known }
    let set = step(automaton.sets[Int(state)], symbol, automaton.isSearching)
    if automaton.sets.count >= Self.limit {
      automaton = Automaton(isSearching: automaton.isSearching)
      return number(of: set, in: &automaton)
    }
    let number = number(of: set, in: &automaton)
    automaton.steps[Int(state) * Self.symbols + symbol] = number
    return number
  }

  private func number(of set: [Bool], in automaton: inout Automaton) -> Int32 {
    if let known = automaton.numbers[set] { return known }
    let number = Int32(automaton.sets.count)
    automaton.numbers[set] = number
    if !set.contains(true) { automaton.dead = number }
    automaton.sets.append(set)
    automaton.accepts.append(set[0])
    automaton.steps += [Int32](repeating: Self.unknown, count: Self.symbols)
    return number
  }

  private func step(_ set: [Bool], _ symbol: Int, _ isSearching: Bool) -> [Bool] {
    var reached: [Int] = isSearching ? [start] : []
    guard symbol > 0 else {
      // The end of a line is looked through: every state stays, and what waits for it goes on. The accepting one does not stay: a match
      // ends where its last letter stands.
      let here = states.indices.filter { set[$0] && $0 != 0 }
      let ended = closure(here, at: .lineEnd)
      reached += states.indices.filter { ended[$0] }
      return closure(reached, at: .lineStart)
    }
    for (index, state) in states.enumerated() where set[index] {
      if case .letters(let letters, let next) = state, letters >> UInt32(symbol) & 1 == 1 { reached.append(next) }
    }
    return closure(reached, at: .inside)
  }

  private enum Position { case lineStart, inside, lineEnd }

  /// All states reached without a letter.
  private func closure(_ reached: [Int], at position: Position) -> [Bool] {
    var set = [Bool](repeating: false, count: states.count)
    var open = reached
    while let index = open.popLast() {
      guard !set[index] else { continue }
      set[index] = true
      switch states[index] {
      case .fork(let one, let other): open += [one, other]
      case .lineStart(let next): if position == .lineStart { open.append(next) }
      case .lineEnd(let next): if position == .lineEnd { open.append(next) }
      case .letters, .accept: break
      }
    }
    return set
  }
}

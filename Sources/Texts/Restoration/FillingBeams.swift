import Inference

/// Looks for the likeliest fillings of a gap with a decoder.
///
/// Tokens are of many lengths, and what has come farther is less likely; so beams are compared with those that have come as far. All that
/// stand at one place are continued together, and what stands there is likely or not by the decoder's numbers alone. Ways to the same letters
/// through other tokens count together.
struct FillingBeams {
  let session: DecoderSession
  let rule: FillingState.Rule
  /// Beams that are continued from one place.
  let width: Int
  /// Tokens that may stand in a filling.
  let greek: [Int]
  /// What follows the gap, for a decoder that was not told of it; it then speaks for or against each filling.
  let following: [Int]

  private struct Beam {
    var state: FillingState
    /// The token that is yet to be looked up; nil for the beginning.
    var token: Int?
    var parent: Int?
    /// The logarithm of the probability.
    var weight: Float
  }

  /// A filling, and the logarithm of its probability.
  typealias Filling = (letters: [UInt8], weight: Float)

  /// - Precondition: the session has read the prompt, and its logits are those of its end.
  func search() throws(ModelError) -> [Filling] {
    var waiting: [[FillingState: Beam]] = Array(repeating: [:], count: 8 * rule.letters.upperBound + 1)
    var ended: [(state: FillingState, weight: Float, cell: Int?)] = []
    expand(Beam(state: FillingState(), weight: 0), cell: nil, row: 0, &waiting, &ended)
    for place in waiting.indices {
      // Each is looked up, the longest too: how likely a filling ends is a part of its probability.
      let beams = chosen(waiting[place].values, lettersLeft: rule.letters.upperBound - place / 8)
      waiting[place] = [:]
      guard !beams.isEmpty else { continue }
      let cells = try session.branch(beams.map { $0.token ?? 0 }, after: beams.map(\.parent))
      for (row, beam) in beams.enumerated() { expand(beam, cell: cells[row], row: row, &waiting, &ended) }
    }
    let best = ended.sorted { Self.isBefore(($0.weight, $0.state), ($1.weight, $1.state)) }.prefix(2 * width)
    return try follow(Array(best))
  }

  /// The likeliest of those that stand at one place: so many letters, and of the same letters no more than two divisions into words
  /// on the average.
  private func chosen(_ beams: some Collection<Beam>, lettersLeft: Int) -> [Beam] {
    // At up to four places a letter beams may stand, and none is to find that those before it took all cells.
    let room = min(2 * width, session.free / (4 * lettersLeft + 4))
    var letters: Set<[UInt8]> = []
    var chosen: [Beam] = []
    for beam in beams.sorted(by: { Self.isBefore(($0.weight, $0.state), ($1.weight, $1.state)) }) {
      guard letters.count < width, chosen.count < room else { break }
      letters.insert(beam.state.plain)
      chosen.append(beam)
    }
    return chosen
  }

  private static func isBefore(_ one: (Float, FillingState), _ other: (Float, FillingState)) -> Bool {
    one.0 != other.0 ? one.0 > other.0 : one.1.letters.lexicographicallyPrecedes(other.1.letters)
  }

  /// Continues a beam by every token that keeps to the rule, and ends it where it may end.
  private func expand(
    _ beam: Beam, cell: Int?, row: Int, _ waiting: inout [[FillingState: Beam]],
    _ ended: inout [(state: FillingState, weight: Float, cell: Int?)]
  ) {
    let sum = session.logSum(row)
    let vocabulary = session.model.vocabulary
    session.withLogits(row) { logits in
      if beam.state.mayEnd(rule) {
        // A decoder that fills the middle says itself when it is full.
        let ends = following.first.map { [$0] } ?? Array(vocabulary.ends)
        ended.append((beam.state, beam.weight + (ends.map { logits[$0] - sum }.max() ?? 0), cell))
      }
      guard beam.state.letters.count < rule.letters.upperBound else { return }
      var taken = 0
      for token in greek.sorted(by: { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }) {
        guard taken < 2 * width else { break }
        guard let state = beam.state.after(vocabulary.bytes(of: token), rule) else { continue }
        taken += 1
        let next = Beam(state: state, token: token, parent: cell, weight: beam.weight + logits[token] - sum)
        var stays = next
        if let other = waiting[state.progress][state] {
          stays = other.weight >= next.weight ? other : next
          stays.weight = logAdd(other.weight, next.weight)
        }
        waiting[state.progress][state] = stays
      }
    }
  }

  /// Lets the rest of what follows the gap speak, too. Fillings that there is no room for are the unlikeliest, and go.
  private func follow(_ ends: [(state: FillingState, weight: Float, cell: Int?)]) throws(ModelError) -> [Filling] {
    var fillings = ends.map { (letters: $0.state.letters, weight: $0.weight) }
    guard following.count > 1 else { return fillings }
    var done = 0
    while done < ends.count {
      let part = done..<min(ends.count, done + width)
      guard session.free >= part.count * following.count else { break }
      var cells = part.map { ends[$0].cell }
      for step in 1..<following.count {
        cells = try session.branch(part.map { _ in following[step - 1] }, after: cells)
        for (row, number) in part.enumerated() {
          fillings[number].weight += session.withLogits(row) { $0[following[step]] } - session.logSum(row)
        }
      }
      done = part.upperBound
    }
    fillings.removeSubrange(done...)
    return fillings
  }
}

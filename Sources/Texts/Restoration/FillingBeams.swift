import Inference

/// A language model as a search for fillings sees it.
protocol FillingModel {
  /// Where a beam stands that was looked up.
  associatedtype Place

  /// Beams that can still be looked up.
  var room: Int { get }
  /// Looks up what follows some beams: each goes from a place (nil: from the beginning of the gap) by a token. Rows of the functions below are
  /// these beams, in order.
  func lookUp(_ beams: [(from: Place?, token: FillingToken)]) throws -> [Place]
  /// Looks up what the gap may begin with; that is row 0.
  func begin() throws
  /// Tokens that may follow, likeliest first.
  func tokens(_ row: Int) -> [FillingToken]
  /// The logarithm of how likely a filling ends there.
  func end(_ row: Int) -> Float
}

/// A token of a language model, and the logarithm of how likely it is where it stands.
struct FillingToken {
  var number: Int
  var bytes: ArraySlice<UInt8>
  var weight: Float
}

/// Looks for the likeliest fillings of a gap with a language model.
///
/// Tokens are of many lengths, and what has come farther is less likely; so beams are compared with those that have come as far. All that
/// stand at one place are continued together, and what stands there is likely or not by the model's numbers alone. Ways to the same letters
/// through other tokens count together.
struct FillingBeams<Model: FillingModel> {
  let model: Model
  let rule: FillingState.Rule
  /// Beams that are continued from one place.
  let width: Int

  private struct Beam {
    var state: FillingState
    /// What is yet to be looked up.
    var token: FillingToken
    var from: Model.Place?
    /// The logarithm of the probability.
    var weight: Float
  }

  /// A filling (letters, marked where words begin), the logarithm of its probability, and where it ends.
  typealias Filling = (letters: [UInt8], weight: Float, place: Model.Place?)

  /// Up to twice `width` fillings, likeliest first.
  func search() throws -> [Filling] {
    var waiting: [[FillingState: Beam]] = Array(repeating: [:], count: 8 * rule.letters.upperBound + 1)
    var ended: [(state: FillingState, weight: Float, place: Model.Place?)] = []
    try model.begin()
    expand(FillingState(), weight: 0, place: nil, row: 0, &waiting, &ended)
    for place in waiting.indices {
      // Each is looked up, the longest too: how likely a filling ends is a part of its probability.
      let beams = chosen(waiting[place].values, lettersLeft: rule.letters.upperBound - place / 8)
      waiting[place] = [:]
      guard !beams.isEmpty else { continue }
      let places = try model.lookUp(beams.map { ($0.from, $0.token) })
      for (row, beam) in beams.enumerated() {
        expand(beam.state, weight: beam.weight, place: places[row], row: row, &waiting, &ended)
      }
    }
    return ended.sorted { Self.isBefore(($0.weight, $0.state), ($1.weight, $1.state)) }.prefix(2 * width)
      .map { ($0.state.letters, $0.weight, $0.place) }
  }

  /// The likeliest of those that stand at one place: so many letters, and of the same letters no more than two divisions into words
  /// on the average.
  private func chosen(_ beams: some Collection<Beam>, lettersLeft: Int) -> [Beam] {
    // At up to four places a letter beams may stand, and none is to find that those before it took all room.
    let room = min(2 * width, model.room / (4 * lettersLeft + 4))
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
    _ state: FillingState, weight: Float, place: Model.Place?, row: Int, _ waiting: inout [[FillingState: Beam]],
    _ ended: inout [(state: FillingState, weight: Float, place: Model.Place?)]
  ) {
    if state.mayEnd(rule) { ended.append((state, weight + model.end(row), place)) }
    guard state.letters.count < rule.letters.upperBound else { return }
    var taken = 0
    for token in model.tokens(row) {
      guard taken < 2 * width else { break }
      guard let next = state.after(token.bytes, rule) else { continue }
      taken += 1
      var beam = Beam(state: next, token: token, from: place, weight: weight + token.weight)
      if let other = waiting[next.progress][next] {
        let sum = logAdd(other.weight, beam.weight)
        if other.weight >= beam.weight { beam = other }
        beam.weight = sum
      }
      waiting[next.progress][next] = beam
    }
  }
}

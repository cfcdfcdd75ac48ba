import Inference

/// A decoder on this machine, asked for fillings.
struct DecoderFilling: FillingModel {
  let session: DecoderSession
  /// What the decoder is given before the gap is filled.
  let prompt: [Int]
  /// Tokens that may stand in a filling.
  let greek: [Int]
  /// What follows the gap, for a decoder that was not told of it; it then speaks for or against each filling.
  let following: [Int]
  /// Cells that are kept for that.
  let kept: Int

  var room: Int { max(0, session.free - kept) }

  func begin() throws { try session.read(prompt) }

  func lookUp(_ beams: [(from: Int?, token: FillingToken)]) throws -> [Int] {
    try session.branch(beams.map(\.token.number), after: beams.map(\.from))
  }

  func tokens(_ row: Int) -> [FillingToken] {
    let sum = session.logSum(row)
    let vocabulary = session.model.vocabulary
    return session.withLogits(row) { logits in
      greek.sorted { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }.map {
        FillingToken(number: $0, bytes: vocabulary.bytes(of: $0), weight: logits[$0] - sum)
      }
    }
  }

  /// A decoder that fills the middle says itself when it is full; any other how it goes on.
  func end(_ row: Int) -> Float {
    let ends = following.first.map { [$0] } ?? session.model.vocabulary.ends
    let sum = session.logSum(row)
    return session.withLogits(row) { logits in ends.map { logits[$0] - sum }.max() ?? 0 }
  }

  /// Fillings with what the rest of the following text says of them. Those that there is no room for are the unlikeliest, and go.
  func followed(_ found: [FillingBeams<DecoderFilling>.Filling], atOnce: Int) throws
    -> [FillingBeams<DecoderFilling>.Filling]
  {
    guard following.count > 1 else { return found }
    var fillings = found
    var done = 0
    while done < found.count {
      let part = done..<min(found.count, done + atOnce)
      guard session.free >= part.count * following.count else { break }
      var cells = part.map { found[$0].place }
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

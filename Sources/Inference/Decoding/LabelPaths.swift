import Glibc

/// The paths through a lattice that spell one given text: their mass, the best of them, and what could stand in each letter's place.
///
/// Connectionist temporal classification as Graves et al. 2006: states are blank, letter, blank, letter, … blank. `forward[t][s]` is the mass
/// of paths that end in state s at frame t, its emission included; `backward[t][s]` the mass of what can follow, the emission at t excluded. Both in
/// natural logarithms. Costs 2 x frames x states additions of logarithms.
struct LabelPaths {
  let lattice: Lattice
  /// Classes, from 1.
  let labels: [Int]
  private let states: Int
  private let forward: [Float]
  private let backward: [Float]
  /// log p(text | lattice).
  let logProbability: Float

  init(_ lattice: Lattice, labels: [Int]) {
    self.lattice = lattice
    self.labels = labels
    let states = 2 * labels.count + 1
    self.states = states
    let frames = lattice.frames
    var symbols = [Int](repeating: 0, count: states)
    // Whether the blank before a letter may be left out: where the letter before it is another.
    var mayJump = [Bool](repeating: false, count: states)
    for (index, label) in labels.enumerated() {
      symbols[2 * index + 1] = label
      mayJump[2 * index + 1] = index > 0 && labels[index - 1] != label
    }
    var forward = [Float](repeating: -.infinity, count: frames * states)
    var backward = forward
    if frames > 0 {
      forward[0] = lattice[0, 0]
      if states > 1 { forward[1] = lattice[0, symbols[1]] }
      for t in 1..<max(1, frames) {
        for s in 0..<states {
          var sum = forward[(t - 1) * states + s]
          if s >= 1 { sum = logAdd(sum, forward[(t - 1) * states + s - 1]) }
          if mayJump[s] { sum = logAdd(sum, forward[(t - 1) * states + s - 2]) }
          forward[t * states + s] = sum + lattice[t, symbols[s]]
        }
      }
      backward[(frames - 1) * states + states - 1] = 0
      if states > 1 { backward[(frames - 1) * states + states - 2] = 0 }
      for t in stride(from: frames - 2, through: 0, by: -1) {
        for s in 0..<states {
          var sum = backward[(t + 1) * states + s] + lattice[t + 1, symbols[s]]
          if s + 1 < states { sum = logAdd(sum, backward[(t + 1) * states + s + 1] + lattice[t + 1, symbols[s + 1]]) }
          if s + 2 < states && mayJump[s + 2] {
            sum = logAdd(sum, backward[(t + 1) * states + s + 2] + lattice[t + 1, symbols[s + 2]])
          }
          backward[t * states + s] = sum
        }
      }
    }
    self.forward = forward
    self.backward = backward
    if frames == 0 {
      logProbability = labels.isEmpty ? 0 : -.infinity
    } else {
      let last = (frames - 1) * states
      logProbability = states > 1 ? logAdd(forward[last + states - 1], forward[last + states - 2]) : forward[last]
    }
  }

  /// Frames of each letter on the likeliest path.
  func alignment() -> [ClosedRange<Int>] {
    let frames = lattice.frames
    guard frames > 0, !labels.isEmpty, logProbability > -.infinity else { return [] }
    var best = [Float](repeating: -.infinity, count: frames * states)
    var step = [Int8](repeating: 0, count: frames * states)
    best[0] = lattice[0, 0]
    best[1] = lattice[0, labels[0]]
    for t in 1..<max(1, frames) {
      for s in 0..<states {
        var (score, from): (Float, Int8) = (best[(t - 1) * states + s], 0)
        if s >= 1, best[(t - 1) * states + s - 1] > score { (score, from) = (best[(t - 1) * states + s - 1], 1) }
        if s % 2 == 1, s >= 3, labels[s / 2] != labels[s / 2 - 1], best[(t - 1) * states + s - 2] > score {
          (score, from) = (best[(t - 1) * states + s - 2], 2)
        }
        best[t * states + s] = score + lattice[t, s % 2 == 1 ? labels[s / 2] : 0]
        step[t * states + s] = from
      }
    }
    let last = (frames - 1) * states
    var state = best[last + states - 1] > best[last + states - 2] ? states - 1 : states - 2
    var ranges = [ClosedRange<Int>](repeating: 0...0, count: labels.count)
    var end: Int?
    for t in stride(from: frames - 1, through: 0, by: -1) {
      if state % 2 == 1 {
        if end == nil { end = t }
        ranges[state / 2] = t...end!
      }
      let next = state - Int(step[t * states + state])
      if next != state { end = nil }
      state = next
    }
    return ranges
  }

  /// For letter `index`: how the mass divides between the classes that could stand there, the text around it as it is.
  /// Entry 0 is no letter at all; entries sum to 1. Only frames between the neighbours' are looked at.
  func alternatives(at index: Int, frames window: ClosedRange<Int>) -> [Float] {
    let before = 2 * index
    let next: Int? = index + 1 < labels.count ? labels[index + 1] : nil
    let previous: Int? = index > 0 ? labels[index - 1] : nil
    var masses = [Float](repeating: -.infinity, count: lattice.classes)
    let lastFrame = lattice.frames - 1
    func entering(_ t: Int, _ symbol: Int) -> Float {
      guard t > 0 else { return index == 0 ? 0 : -.infinity }
      let blank = forward[(t - 1) * states + before]
      guard let previous, previous != symbol else { return blank }
      return logAdd(blank, forward[(t - 1) * states + before - 1])
    }
    func leaving(_ t: Int, _ symbol: Int) -> Float {
      guard t < lastFrame else { return next == nil ? 0 : -.infinity }
      let row = (t + 1) * states + before
      let blank = backward[row + 2] + lattice[t + 1, 0]
      guard let next, next != symbol else { return blank }
      return logAdd(blank, backward[row + 3] + lattice[t + 1, next])
    }
    for symbol in 1..<lattice.classes {
      // A class that is nowhere likelier than one in a million cannot matter.
      guard window.contains(where: { lattice[$0, symbol] > -14 }) else { continue }
      var running: Float = -.infinity
      for t in window {
        running = logAdd(running, entering(t, symbol)) + lattice[t, symbol]
        masses[symbol] = logAdd(masses[symbol], running + leaving(t, symbol))
      }
    }
    if let next {
      for t in window {
        var sum: Float = index == 0 ? 0 : -.infinity
        if t > 0 {
          sum = forward[(t - 1) * states + before]
          if let previous, previous != next { sum = logAdd(sum, forward[(t - 1) * states + before - 1]) }
        }
        masses[0] = logAdd(masses[0], sum + lattice[t, next] + backward[t * states + before + 3])
      }
    } else if lattice.frames > 0 {
      masses[0] = forward[lastFrame * states + before]
      if index > 0 { masses[0] = logAdd(masses[0], forward[lastFrame * states + before - 1]) }
    }
    let total = masses.reduce(-Float.infinity, logAdd)
    return masses.map { total > -.infinity ? expf($0 - total) : 0 }
  }
}

/// log(exp(a) + exp(b)).
@inline(__always) func logAdd(_ a: Float, _ b: Float) -> Float {
  let (high, low) = a > b ? (a, b) : (b, a)
  // Below one part in ten million the smaller one is lost in a Float anyway; this also keeps infinities apart.
  guard high - low < 17 else { return high }
  return high + log1pf(expf(low - high))
}

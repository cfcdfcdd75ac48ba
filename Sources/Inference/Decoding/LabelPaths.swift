import Glibc

/// The paths through a lattice that spell one given text: their mass, the best of them, and what could stand in each letter's place.
///
/// Connectionist temporal classification as Graves et al. 2006: states are blank, letter, blank, letter, … blank. `forward[t][s]` is the mass
/// of paths that end in state s at frame t, its emission included; `backward[t][s]` the mass of what can follow, the emission at t excluded. Each
/// frame's masses are divided by their sum, whose logarithm is carried along, so that products replace sums of logarithms (Rabiner 1989).
/// Costs 2 x frames x states multiplications.
struct LabelPaths {
  let lattice: Lattice
  /// `lattice.likelihoods`.
  private let likely: [Float]
  /// Classes, from 1.
  let labels: [Int]
  private let states: Int
  private let forward: [Double]
  private let backward: [Double]
  /// What a frame's masses are to be multiplied by, in logarithms.
  private let forwardScale: [Double]
  private let backwardScale: [Double]
  /// log p(text | lattice).
  let logProbability: Float

  init(_ lattice: Lattice, _ likely: [Float], labels: [Int]) {
    self.lattice = lattice
    self.likely = likely
    self.labels = labels
    let states = 2 * labels.count + 1
    self.states = states
    let frames = lattice.frames
    guard frames > 0 else {
      (forward, backward, forwardScale, backwardScale) = ([], [], [], [])
      logProbability = labels.isEmpty ? 0 : -.infinity
      return
    }
    var symbols = [Int](repeating: 0, count: states)
    // 1 for a letter the blank before which may be left out: where the letter before it is another.
    var jump = [Double](repeating: 0, count: states + 2)
    for (index, label) in labels.enumerated() {
      symbols[2 * index + 1] = label
      jump[2 * index + 1] = index > 0 && labels[index - 1] != label ? 1 : 0
    }
    let classes = lattice.classes
    var scales = [Double](repeating: 0, count: frames)
    // Two columns of nothing before the first state, and after the last: no state needs a condition.
    let forward = [Double](unsafeUninitializedCapacity: frames * states) { out, count in
      var row = [Double](repeating: 0, count: states + 2)
      row[2] = Double(likely[0])
      if states > 1 { row[3] = Double(likely[symbols[1]]) }
      var scale = 0.0
      for t in 0..<frames {
        if t > 0 {
          for s in stride(from: states - 1, through: 0, by: -1) {
            row[s + 2] = (row[s + 2] + row[s + 1] + jump[s] * row[s]) * Double(likely[t * classes + symbols[s]])
          }
        }
        scale += Self.bringToOne(&row)
        scales[t] = scale
        for s in 0..<states { out[t * states + s] = row[s + 2] }
      }
      count = frames * states
    }
    forwardScale = scales
    self.forward = forward
    backward = [Double](unsafeUninitializedCapacity: frames * states) { out, count in
      var row = [Double](repeating: 0, count: states + 2)
      row[states - 1] = 1
      if states > 1 { row[states - 2] = 1 }
      var scale = 0.0
      for t in stride(from: frames - 1, through: 0, by: -1) {
        if t < frames - 1 {
          for s in 0..<states { row[s] *= Double(likely[(t + 1) * classes + symbols[s]]) }
          for s in 0..<states { row[s] += row[s + 1] + jump[s + 2] * row[s + 2] }
        }
        scale += Self.bringToOne(&row)
        scales[t] = scale
        for s in 0..<states { out[t * states + s] = row[s] }
      }
      count = frames * states
    }
    backwardScale = scales
    let last = (frames - 1) * states
    let end = forward[last + states - 1] + (states > 1 ? forward[last + states - 2] : 0)
    logProbability = end > 0 ? Float(log(end) + forwardScale[frames - 1]) : -.infinity
  }

  /// log p(text | lattice) alone, as `init` finds it: nothing is kept, some quarter of the time.
  ///
  /// Masses lie in two rows, one for letters and one for the blanks before them, and are brought to 1 only every few frames: no likelihood
  /// is so small that a double would not hold eight of them.
  static func logProbability(_ lattice: Lattice, _ likely: [Float], of labels: [Int]) -> Float {
    let (frames, classes, count) = (lattice.frames, lattice.classes, labels.count)
    guard frames > 0 else { return labels.isEmpty ? 0 : -.infinity }
    var blanks = [Double](repeating: 0, count: count + 1)
    // One of nothing before the first letter.
    var letters = [Double](repeating: 0, count: count + 1)
    let jumps = labels.indices.map { $0 > 0 && labels[$0 - 1] != labels[$0] ? 1.0 : 0 }
    var scale = 0.0
    likely.withUnsafeBufferPointer { likely in
      blanks.withUnsafeMutableBufferPointer { blanks in
        letters.withUnsafeMutableBufferPointer { letters in
          labels.withUnsafeBufferPointer { labels in
            jumps.withUnsafeBufferPointer { jumps in
              blanks[0] = Double(likely[0])
              if count > 0 { letters[1] = Double(likely[labels[0]]) }
              for t in 1..<max(1, frames) {
                let row = UnsafeBufferPointer(rebasing: likely[t * classes..<(t + 1) * classes])
                let blank = Double(row[0])
                blanks[count] = (blanks[count] + letters[count]) * blank
                for i in stride(from: count - 1, through: 0, by: -1) {
                  let before = letters[i]
                  letters[i + 1] = (letters[i + 1] + blanks[i] + jumps[i] * before) * Double(row[labels[i]])
                  blanks[i] = (blanks[i] + before) * blank
                }
                if t % 8 == 0 { scale += bringToOne(blanks, letters) }
              }
            }
          }
        }
      }
    }
    let end = blanks[count] + (count > 0 ? letters[count] : 0)
    return end > 0 ? Float(log(end) + scale) : -.infinity
  }

  /// Divides both rows by the sum of all; its logarithm.
  private static func bringToOne(
    _ a: UnsafeMutableBufferPointer<Double>, _ b: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let sum = a.reduce(0, +) + b.reduce(0, +)
    guard sum > 0 else { return 0 }
    let gain = 1 / sum
    for index in 0..<a.count {
      a[index] *= gain
      b[index] *= gain
    }
    return log(sum)
  }

  /// Divides by the sum; its logarithm.
  private static func bringToOne(_ row: inout [Double]) -> Double {
    let sum = row.reduce(0, +)
    guard sum > 0 else { return 0 }
    let gain = 1 / sum
    for index in row.indices { row[index] *= gain }
    return log(sum)
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
    let classes = lattice.classes
    let lastFrame = lattice.frames - 1
    // Masses of all frames of the window in one scale each.
    let (reference, end) = (max(0, window.lowerBound - 1), min(lastFrame, window.upperBound + 1))
    let ahead = (reference...end).map { exp(forwardScale[$0] - forwardScale[reference]) }
    let behind = (reference...end).map { exp(backwardScale[$0] - backwardScale[end]) }
    func forward(_ t: Int, _ s: Int) -> Double { self.forward[t * states + s] * ahead[t - reference] }
    func backward(_ t: Int, _ s: Int) -> Double { self.backward[t * states + s] * behind[t - reference] }
    // Before the first frame there is the empty text, after the last nothing: both in the scale of the frame beside them.
    let (beginning, ending) = (exp(-forwardScale[reference]), exp(-backwardScale[end]))
    // What may go before the letter at a frame, and after it: blank only, and where the neighbour is another letter.
    func entering(_ t: Int) -> (Double, Double) {
      guard t > 0 else { return (index == 0 ? beginning : 0, 0) }
      return (forward(t - 1, before), previous == nil ? 0 : forward(t - 1, before - 1))
    }
    func leaving(_ t: Int) -> (Double, Double) {
      guard t < lastFrame else { return (next == nil ? ending : 0, 0) }
      let blank = backward(t + 1, before + 2) * Double(likely[(t + 1) * classes])
      guard let next else { return (blank, 0) }
      return (blank, backward(t + 1, before + 3) * Double(likely[(t + 1) * classes + next]))
    }
    let enter = window.map(entering)
    let leave = window.map(leaving)
    var masses = [Double](repeating: 0, count: classes)
    for symbol in 1..<classes {
      // A class that is nowhere likelier than one in a million cannot matter.
      guard window.contains(where: { likely[$0 * classes + symbol] > 1e-6 }) else { continue }
      var running = 0.0
      for (place, t) in window.enumerated() {
        let entered = enter[place].0 + (previous == symbol ? 0 : enter[place].1)
        running = (running + entered) * Double(likely[t * classes + symbol])
        masses[symbol] += running * (leave[place].0 + (next == symbol ? 0 : leave[place].1))
      }
    }
    if let next {
      for (place, t) in window.enumerated() {
        let entered = enter[place].0 + (previous == next ? 0 : enter[place].1)
        masses[0] += entered * Double(likely[t * classes + next]) * backward(t, before + 3)
      }
    } else {
      // The window reaches to the end of the line.
      masses[0] = (forward(lastFrame, before) + (index > 0 ? forward(lastFrame, before - 1) : 0)) * ending
    }
    let total = masses.reduce(0, +)
    return masses.map { total > 0 ? Float($0 / total) : 0 }
  }
}

/// log(exp(a) + exp(b)).
@inline(__always) package func logAdd(_ a: Float, _ b: Float) -> Float {
  let (high, low) = a > b ? (a, b) : (b, a)
  // Below one part in ten million the smaller one is lost in a Float anyway; this also keeps infinities apart.
  guard high - low < 17 else { return high }
  return high + log1pf(expf(low - high))
}

import CKernels
import Foundation
import Testing

/// CTC against the sum over every path, and its gradient against finite differences.
struct NetworkCTCTests {
  static func logSoftmax(_ logits: [Float], _ classes: Int) -> [Float] {
    var values = logits
    grapheion_log_softmax(logits.count / classes, classes, &values)
    return values
  }

  static func loss(_ logits: [Float], _ classes: Int, _ label: [Int32]) -> (loss: Float, gradient: [Float]) {
    let frames = logits.count / classes
    var scratch = [Float](repeating: 0, count: Int(grapheion_ctc_scratch(frames, label.count)))
    var gradient = [Float](repeating: 7, count: logits.count)
    let loss = grapheion_ctc(
      frames, classes, logSoftmax(logits, classes), label.count, label, &gradient, &scratch)
    return (loss, gradient)
  }

  /// The probability of the label as the sum over all classes^frames paths.
  static func bruteForce(_ logits: [Float], _ classes: Int, _ label: [Int32]) -> Double {
    let p = logSoftmax(logits, classes).map { exp(Double($0)) }
    let frames = logits.count / classes
    var sum = 0.0
    var path = [Int](repeating: 0, count: frames)
    while true {
      var read: [Int32] = []
      var before = 0
      for c in path {
        if c != 0 && c != before { read.append(Int32(c)) }
        before = c
      }
      if read == label { sum += path.enumerated().reduce(1) { $0 * p[$1.offset * classes + $1.element] } }
      var place = 0
      while place < frames {
        path[place] += 1
        if path[place] < classes { break }
        path[place] = 0
        place += 1
      }
      if place == frames { return sum }
    }
  }

  @Test(arguments: 1...6) func isTheSumOverAllPaths(frames: Int) {
    var numbers = Numbers(UInt64(frames))
    for label: [Int32] in [[], [1], [2, 1], [1, 1], [1, 2, 1], [2, 2, 2], [1, 2, 3], [3, 3, 1]] {
      let logits = numbers.many(frames * 4).map { 2 * $0 }
      let plain = Self.bruteForce(logits, 4, label)
      let (loss, gradient) = Self.loss(logits, 4, label)
      if plain == 0 {
        #expect(loss == .infinity)
        #expect(gradient.allSatisfy { $0 == 0 })
      } else {
        #expect(abs(Double(loss) + log(plain)) < 1e-4, "\(label) in \(frames) frames")
        for i in logits.indices {
          var (up, down) = (logits, logits)
          up[i] += 1e-2
          down[i] -= 1e-2
          let numeric = (log(Self.bruteForce(down, 4, label)) - log(Self.bruteForce(up, 4, label))) / 2e-2
          #expect(abs(numeric - Double(gradient[i])) < 1e-3)
        }
      }
    }
  }

  @Test func longLinesStayFinite() {
    var numbers = Numbers(3)
    let logits = numbers.many(2000 * 25).map { 20 * $0 }
    let label = (0..<300).map { Int32($0 % 24 + 1) }
    let (loss, gradient) = Self.loss(logits, 25, label)
    #expect(loss.isFinite && loss > 0)
    for frame in 0..<2000 {  // the gradient of a softmax sums to nothing, but for rounding over 2000 frames
      #expect(abs(gradient[frame * 25..<(frame + 1) * 25].reduce(0, +)) < 5e-2)
    }
  }
}

import Inference
import Raster
import Text

/// How well a network reads: letters wrong over letters written.
public struct LetterErrors: Hashable, Sendable {
  public var errors = 0
  public var letters = 0
  public var lines = 0
  public var rate: Double { letters == 0 ? 0 : Double(errors) / Double(letters) }
}

/// A fixed set of lines kept apart from training.
public struct ValidationSet: Sendable {
  public let name: String
  let lines: [PreparedLine]

  /// The first `count` lines of the source: numbers that training never draws.
  public init(name: String, lines source: any LineSource, count: Int, alphabet: [Character]) {
    self.name = name
    lines = (0..<UInt64(count)).map { LinePreparer.validation($0, of: source, alphabet: alphabet) }
  }

  /// Reads every line greedily (the best class of each frame, repeats and blanks dropped).
  func measure(weights: [Float], layout: ReaderLayout, state: ReaderState) -> LetterErrors {
    var sum = LetterErrors()
    for line in lines {
      var batch = LineBatch(height: layout.config.height)
      batch.append(pixels: line.pixels, width: line.width)
      weights.withUnsafeBufferPointer { state.forward(batch, layout: layout, weights: $0.baseAddress!) }
      let read = Self.greedy(state, batch.frames(of: 0))
      sum.errors += EditDistance.between(read, line.label)
      sum.letters += line.label.count
      sum.lines += 1
    }
    return sum
  }

  static func greedy(_ state: ReaderState, _ frames: Range<Int>) -> [Int32] {
    let classes = state.config.classes
    var read: [Int32] = []
    var before = 0
    for frame in frames {
      let row = state.logProbabilities.pointer + frame * classes
      var best = 0
      for c in 1..<classes where row[c] > row[best] { best = c }
      if best != 0 && best != before { read.append(Int32(best)) }
      before = best
    }
    return read
  }
}

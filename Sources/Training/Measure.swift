import CKernels
import Inference
import Raster
import Text

/// How well a network reads: letters wrong over letters written, and how unlikely it finds what is written.
public struct LetterErrors: Hashable, Sendable {
  public var errors = 0
  public var letters = 0
  public var lines = 0
  /// Minus log probability of the lines' texts, in nats. Lines with more letters than frames are left out.
  public var surprise = 0.0
  public var rate: Double { letters == 0 ? 0 : Double(errors) / Double(letters) }
  /// Nats a letter: moves where `rate` stands still, on the few lines that a scholar's corrections leave to measure by.
  public var loss: Double { letters == 0 ? 0 : surprise / Double(letters) }

  public init(errors: Int = 0, letters: Int = 0, lines: Int = 0, surprise: Double = 0) {
    (self.errors, self.letters, self.lines, self.surprise) = (errors, letters, lines, surprise)
  }

  public static func + (a: LetterErrors, b: LetterErrors) -> LetterErrors {
    var sum = a
    sum.errors += b.errors
    sum.letters += b.letters
    sum.lines += b.lines
    sum.surprise += b.surprise
    return sum
  }
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

  /// Lines that are what they are, each once.
  public init(name: String, lines: [LineSample], alphabet: [Character]) {
    self.init(name: name, lines: ListedLines(lines), count: lines.count, alphabet: alphabet)
  }

  /// Reads every line greedily (the best class of each frame, repeats and blanks dropped).
  func measure(weights: [Float], layout: ReaderLayout, state: ReaderState) -> LetterErrors {
    var sum = LetterErrors()
    let scratch = FloatBuffer()
    for line in lines {
      var batch = LineBatch(height: layout.config.height)
      batch.append(pixels: line.pixels, width: line.width)
      weights.withUnsafeBufferPointer { state.forward(batch, layout: layout, weights: $0.baseAddress!) }
      let frames = batch.frames(of: 0)
      let read = Self.greedy(state, frames)
      scratch.reserve(Int(grapheion_ctc_scratch(frames.count, line.label.count)))
      let surprise = grapheion_ctc(
        frames.count, layout.config.classes, state.logProbabilities.pointer, line.label.count, line.label, nil,
        scratch.pointer)
      if surprise.isFinite { sum.surprise += Double(surprise) }
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

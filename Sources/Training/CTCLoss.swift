import CKernels
import Inference

/// Minus log probability of each line's letters under the network's lattice, summed over a batch.
final class CTCLoss {
  struct Sum {
    /// Of the lines that can be read at all: in nats.
    var total = 0.0
    var letters = 0
    /// Lines with more letters than frames to write them in: left out, with no gradient.
    var impossible = 0
  }

  private let scratch = FloatBuffer()

  /// Fills the gradient at the logits, `gradients.logits`, multiplied by `factor`.
  ///
  /// - Parameter labels: classes of the letters of each line.
  func sum(
    _ batch: LineBatch, _ labels: [[Int32]], _ state: ReaderState, into gradients: ReaderGradients, factor: Float = 1
  ) -> Sum {
    precondition(labels.count == batch.lines)
    let classes = state.config.classes
    gradients.logits.reserve(batch.frames * classes)
    var sum = Sum()
    for (line, label) in labels.enumerated() {
      let range = batch.frames(of: line)
      scratch.reserve(Int(grapheion_ctc_scratch(range.count, label.count)))
      let loss = grapheion_ctc(
        range.count, classes, state.logProbabilities.pointer + range.lowerBound * classes, label.count, label,
        gradients.logits.pointer + range.lowerBound * classes, scratch.pointer)
      if loss.isFinite {
        sum.total += Double(loss)
        sum.letters += label.count
      } else {
        sum.impossible += 1
      }
    }
    if factor != 1 { grapheion_scale(batch.frames * classes, factor, gradients.logits.pointer) }
    return sum
  }
}

// The checkpoint of a training run, little-endian:
//
//   8 bytes   "GRTRAIN1"
//   8 x u64   parameters P, step, seed, lines drawn, milliseconds trained, shape (a hash of the network's tensors), checksum, 0
//   4 x P f32 weights, first moments, second moments, averaged weights
//
// The checksum is the CRC-32C of everything else, plus 2^32; 0 in files of earlier programs, which have none. Values that are no numbers are refused: a
// run that has lost its way must not go on. Written beside the old one and renamed over it, so that there is a whole one at any time.
import CKernels
import Glibc
import Inference
import Platform

/// Everything a run needs to go on exactly where it stood.
public struct Checkpoint: Sendable {
  public var step = 0
  public var seed: UInt64 = 0
  public var milliseconds: UInt64 = 0
  public var weights: [Float]
  public var first: [Float]
  public var second: [Float]
  public var average: [Float]

  /// The start of a run from given weights.
  public init(weights: [Float], seed: UInt64) {
    self.weights = weights
    self.seed = seed
    first = [Float](repeating: 0, count: weights.count)
    second = first
    average = weights
  }

  /// Keeps the weights, for a run under a seed of its own; forgets how far the run was and what the optimiser remembers.
  public mutating func startAgain(seed: UInt64) {
    self.seed = seed
    weights = average
    first = [Float](repeating: 0, count: weights.count)
    second = first
    (step, milliseconds) = (0, 0)
  }

  /// One AdamW step (Loshchilov and Hutter 2019); biases and gains do not decay.
  ///
  /// - Parameter averaging: the share of the old that averaged weights keep.
  mutating func update(
    _ layout: some NetworkLayout, _ gradient: UnsafeMutablePointer<Float>, rate: Double, decay: Double,
    averaging: Double
  ) {
    step += 1
    let steps = Double(step)
    var adamw = grapheion_adamw(
      rate: Float(rate), beta1: 0.9, beta2: 0.98, epsilon: 1e-8, decay: 0,
      correction1: Float(1 - pow(0.9, steps)), correction2: Float(1 - pow(0.98, steps)))
    let keep = min(averaging, (1 + steps) / (10 + steps))
    weights.withUnsafeMutableBufferPointer { w in
      first.withUnsafeMutableBufferPointer { m in
        second.withUnsafeMutableBufferPointer { v in
          for tensor in layout.tensors {
            adamw.decay = tensor.isVector ? 0 : Float(decay)
            grapheion_adamw_step(
              &adamw, tensor.count, gradient + tensor.offset, m.baseAddress! + tensor.offset,
              v.baseAddress! + tensor.offset, w.baseAddress! + tensor.offset)
          }
        }
      }
      average.withUnsafeMutableBufferPointer { a in
        grapheion_average(layout.count, Float(1 - keep), w.baseAddress!, a.baseAddress!)
      }
    }
  }

  private static let magic = Array("GRTRAIN1".utf8)
  private static let headerBytes = 8 + 8 * 8
  private static let checksumPlace = (8 + 8 * 6)..<(8 + 8 * 7)

  /// Of everything but its own place.
  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { all in
      let head = Checksum.crc32c(UnsafeRawBufferPointer(rebasing: all[..<checksumPlace.lowerBound]))
      return 1 << 32
        | UInt64(Checksum.crc32c(UnsafeRawBufferPointer(rebasing: all[checksumPlace.upperBound...]), from: head))
    }
  }

  private static func shape(_ layout: some NetworkLayout) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for tensor in layout.tensors {
      for byte in "\(tensor.name) \(tensor.rows) \(tensor.columns);".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    return hash
  }

  /// Writes it in the place of the one before, which stays where this one holds values that are no numbers.
  public func write(to path: String, layout: some NetworkLayout) throws(TrainingError) {
    guard [weights, first, second, average].allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .diverged(step: step)
    }
    var bytes = Self.magic
    let header = [
      UInt64(weights.count), UInt64(step), seed, 0, milliseconds, Self.shape(layout), 0, 0,
    ]
    for value in header { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    for values in [weights, first, second, average] { values.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    let sum = Self.checksum(bytes)
    withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(Self.checksumPlace, with: $0) }
    do { try Files.replace(path, with: bytes) } catch { throw .system(error) }
  }

  /// Reads a checkpoint of a network of this shape.
  public init(path: String, layout: some NetworkLayout) throws(TrainingError) {
    let expected = Self.headerBytes + 16 * layout.count
    let bytes: [UInt8]
    do { bytes = try Files.read(path, limit: expected) } catch { throw .system(error) }
    guard bytes.count >= Self.headerBytes, Array(bytes.prefix(8)) == Self.magic else {
      throw .checkpoint(path, "it is not a checkpoint")
    }
    let header = (0..<8).map { i in
      bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8 + 8 * i, as: UInt64.self)) }
    }
    guard header[0] == UInt64(layout.count), header[5] == Self.shape(layout) else {
      throw .checkpoint(path, "it belongs to a network of another shape")
    }
    guard bytes.count == expected, let step = Int(exactly: header[1]) else {
      throw .checkpoint(path, "it is cut short")
    }
    guard header[6] == 0 || header[6] == Self.checksum(bytes) else {
      throw .checkpoint(
        path, "it is damaged (its checksum is wrong); the run can begin again from the last model saved")
    }
    let arrays = (0..<4).map { part in
      [Float](unsafeUninitializedCapacity: layout.count) { to, count in
        bytes.withUnsafeBytes { from in
          let start = Self.headerBytes + part * 4 * layout.count
          UnsafeMutableRawBufferPointer(to).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: from[start..<start + 4 * layout.count]))
        }
        count = layout.count
      }
    }
    guard arrays.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .checkpoint(path, "it holds values that are no numbers")
    }
    self.step = step
    (seed, milliseconds) = (header[2], header[4])
    (weights, first, second, average) = (arrays[0], arrays[1], arrays[2], arrays[3])
  }
}

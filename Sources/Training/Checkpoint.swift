// The checkpoint of a training run, little-endian:
//
//   8 bytes   "GRTRAIN1"
//   8 x u64   parameters P, step, seed, lines drawn, milliseconds trained, shape (a hash of the network's tensors), 0, 0
//   4 x P f32 weights, first moments, second moments, averaged weights
//
// Written beside the old one and renamed over it, so that there is a whole one at any time.
import Glibc
import Inference

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

  /// Keeps the weights; forgets how far the run was and what the optimiser remembers.
  public mutating func startAgain() {
    weights = average
    first = [Float](repeating: 0, count: weights.count)
    second = first
    (step, milliseconds) = (0, 0)
  }

  private static let magic = Array("GRTRAIN1".utf8)
  private static let headerBytes = 8 + 8 * 8

  private static func shape(_ layout: ReaderLayout) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for tensor in layout.tensors {
      for byte in "\(tensor.name) \(tensor.rows) \(tensor.columns);".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    return hash
  }

  public func write(to path: String, layout: ReaderLayout) throws(TrainingError) {
    var bytes = Self.magic
    let header = [
      UInt64(weights.count), UInt64(step), seed, 0, milliseconds, Self.shape(layout), 0, 0,
    ]
    for value in header { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    for values in [weights, first, second, average] { values.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    try TrainingFiles.replace(path, with: bytes)
  }

  /// Reads a checkpoint of a network of this shape.
  public init(path: String, layout: ReaderLayout) throws(TrainingError) {
    let expected = Self.headerBytes + 16 * layout.count
    let bytes = try TrainingFiles.read(path, limit: expected)
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
    self.step = step
    (seed, milliseconds) = (header[2], header[4])
    (weights, first, second, average) = (arrays[0], arrays[1], arrays[2], arrays[3])
  }
}

/// Why a run cannot start or go on.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
  case checkpoint(_ path: String, _ why: String)
  case file(_ call: String, _ path: String, errno: Int32)
  case noData(_ why: String)
  /// The loss is no number any more: the rate is too high.
  case diverged(step: Int)

  public var description: String {
    switch self {
    case .checkpoint(let path, let why): "\(path): cannot go on from this checkpoint: \(why)"
    case .file(let call, let path, let number): "\(path): \(call): \(String(cString: strerror(number)))"
    case .noData(let why): why
    case .diverged(let step): "the loss is no number at step \(step); start again with a lower --rate"
    }
  }
}

/// The few file operations of a run.
enum TrainingFiles {
  static func read(_ path: String, limit: Int) throws(TrainingError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .file("open", path, errno: errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while bytes.count <= limit {
      let count = Glibc.read(file, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .file("read", path, errno: errno) }
      if count == 0 { break }
      bytes.append(contentsOf: part[..<count])
    }
    return bytes
  }

  static func replace(_ path: String, with bytes: [UInt8]) throws(TrainingError) {
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .file("open", temporary, errno: errno) }
    var failure: TrainingError?
    var done = 0
    while done < bytes.count && failure == nil {
      let count = bytes.withUnsafeBytes { write(file, $0.baseAddress! + done, bytes.count - done) }
      if count > 0 { done += count } else if errno != EINTR { failure = .file("write", temporary, errno: errno) }
    }
    if failure == nil && fsync(file) != 0 { failure = .file("fsync", temporary, errno: errno) }
    close(file)
    if failure == nil && rename(temporary, path) != 0 { failure = .file("rename", path, errno: errno) }
    if let failure {
      unlink(temporary)
      throw failure
    }
  }

  static func append(_ text: String, to path: String) throws(TrainingError) {
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .file("open", path, errno: errno) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard write(file, bytes, bytes.count) == bytes.count else { throw .file("write", path, errno: errno) }
  }
}

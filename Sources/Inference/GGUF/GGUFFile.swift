// GGUF version 3, little-endian: the file format of weights that ggml made common.
//
//   "GGUF"  u32 version  u64 tensors  u64 metadata entries
//   metadata entry:  string key, u32 type, value          string: u64 length, UTF-8 bytes
//   tensor:          string name, u32 dimensions, u64 each (innermost first), u32 type, u64 offset into the data
//   padding to `general.alignment` (32), then the data; every tensor begins at a multiple of the alignment
//
// Types of metadata: 0 u8, 1 i8, 2 u16, 3 i16, 4 u32, 5 i32, 6 f32, 7 bool, 8 string, 9 array (u32 type, u64 count,
// values), 10 u64, 11 i64, 12 f64. Types of tensors: `GGUFTensor.Kind`. Nothing the file says is believed before
// it has been compared with the file's size.
import Platform

/// A value of the metadata.
public enum GGUFValue: Hashable, Sendable {
  case integer(Int64)
  case number(Double)
  case bool(Bool)
  case string(String)
  case array([GGUFValue])
}

/// A tensor as the file describes it.
public struct GGUFTensor: Hashable, Sendable {
  public var name: String
  /// Innermost first, as in the file.
  public var sizes: [Int]
  public var kind: Kind
  /// From the start of the file.
  var offset: Int
  public var count: Int { sizes.reduce(1, *) }
  /// What it takes in the file.
  public var bytes: Int { count / kind.blockSize * kind.blockBytes }
}

/// What is wrong with a model file.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    case unreadable, notGGUF, newerVersion, damaged, wrongKind, unwritable, stopped
  }
  public var code: Code
  public var path: String
  public var reason: String

  public init(_ code: Code, path: String, _ reason: String) {
    self.code = code
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}

/// A GGUF file. Grapheion's own models are read whole; those of gigabytes are mapped (`isMapped`): where such a file shrinks or its disk
/// fails, zeros stand in its place and `isIntact` is false.
public struct GGUFFile: Sendable {
  public let path: String
  public private(set) var metadata: [String: GGUFValue] = [:]
  public private(set) var tensors: [GGUFTensor] = []
  private let content: Content

  private enum Content: Sendable {
    case read([UInt8])
    case mapped(MappedFile)

    func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
      switch self {
      case .read(let bytes): try bytes.withUnsafeBytes(body)
      case .mapped(let file): try file.withBytes(body)
      }
    }
  }

  /// Bytes a model may have that is read whole.
  static let sizeLimit = 4 << 30

  public init(path: String, isMapped: Bool = false) throws(ModelError) {
    self.path = path
    do throws(SystemError) {
      content = isMapped ? .mapped(try MappedFile(path: path)) : .read(try Files.read(path, limit: Self.sizeLimit))
    } catch {
      throw ModelError(.unreadable, path: path, error.reason)
    }
    let outcome = content.withBytes { bytes in
      Result<([String: GGUFValue], [GGUFTensor]), ModelError> { () throws(ModelError) in
        var cursor = GGUFCursor(bytes: bytes, path: path)
        return try cursor.header()
      }
    }
    (metadata, tensors) = try outcome.get()
    // A model that was put together again says 0.
    if let parts = integer("split.count"), parts > 1 { throw partial(of: parts) }
    guard isIntact else { throw ModelError(.unreadable, path: path, "became shorter, or could not be read to its end") }
  }

  /// What is said of one file of several that hold a model together, as llama-gguf-split writes them.
  private func partial(of parts: Int) -> ModelError {
    let name = Files.name(path)
    let part = integer("split.no").map { $0 + 1 }
    // `papyri-00002-of-00003.gguf`: the first of them is named.
    let stem = name.firstRange(of: #/-\d{5}-of-\d{5}\.gguf$/#).map { name[..<$0.lowerBound] }
    let number = String(parts)
    let total = String(repeating: "0", count: max(0, 5 - number.count)) + number
    let first = stem.map { "\($0)-00001-of-\(total).gguf \($0).gguf" } ?? "FIRST-PART.gguf WHOLE.gguf"
    return ModelError(
      .wrongKind, path: path,
      "split.count is \(parts)\(part.map { ", split.no \($0 - 1)" } ?? ""): this is \(part.map { "part \($0)" } ?? "one part") of a model in \(parts) files; "
        + "put them together: llama-gguf-split --merge \(first)")
  }

  /// False once part of a mapped file could not be read.
  package var isIntact: Bool {
    if case .mapped(let file) = content { file.isIntact } else { true }
  }

  /// Where a tensor of a mapped file lies, as long as this file (or a copy of it) is held; nil where the file was read.
  func address(of tensor: GGUFTensor) -> UnsafeRawPointer? {
    guard case .mapped(let file) = content else { return nil }
    return file.withBytes { $0.baseAddress.map { $0 + tensor.offset } }
  }

  /// SHA-256 of the whole file.
  public var hash: String {
    content.withBytes { bytes in
      var hash = SHA256()
      hash.update(bytes)
      return hash.finish()
    }
  }

  /// Lends the bytes of a tensor as they stand in the file, for the time of `body`.
  public func withBytes<T>(of tensor: GGUFTensor, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    try content.withBytes { bytes in
      try body(UnsafeRawBufferPointer(rebasing: bytes[tensor.offset..<tensor.offset + tensor.bytes]))
    }
  }

  /// The values of a tensor as floats.
  /// - Throws: for a kind that cannot be read as numbers here.
  public func values(of tensor: GGUFTensor) throws(ModelError) -> [Float] {
    guard let decode = tensor.kind.decode else {
      throw ModelError(.wrongKind, path: path, "tensor '\(tensor.name)' is \(tensor.kind.name), which is not read here")
    }
    return withBytes(of: tensor) { bytes in
      [Float](unsafeUninitializedCapacity: tensor.count) { out, count in
        if let start = bytes.baseAddress, let first = out.baseAddress {
          decode(start, tensor.count / tensor.kind.blockSize, first)
        }
        count = tensor.count
      }
    }
  }

  /// The values of a tensor of kind i32.
  package func integers(of tensor: GGUFTensor) -> [Int32] {
    precondition(tensor.kind == .i32)
    return withBytes(of: tensor) { bytes in
      (0..<tensor.count).map { Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) }
    }
  }

  /// The values of a tensor of kind i8.
  package func bytes(of tensor: GGUFTensor) -> [Int8] {
    precondition(tensor.kind == .i8)
    return withBytes(of: tensor) { $0.map { Int8(bitPattern: $0) } }
  }

  public func string(_ key: String) -> String? {
    if case .string(let text)? = metadata[key] { text } else { nil }
  }
  public func integer(_ key: String) -> Int? {
    if case .integer(let number)? = metadata[key] { Int(exactly: number) } else { nil }
  }
  public func number(_ key: String) -> Double? {
    switch metadata[key] {
    case .number(let number)?: number
    case .integer(let number)?: Double(number)
    default: nil
    }
  }
  public func integers(_ key: String) -> [Int]? {
    guard case .array(let values)? = metadata[key] else { return nil }
    var numbers: [Int] = []
    for value in values {
      guard case .integer(let number) = value, let whole = Int(exactly: number) else { return nil }
      numbers.append(whole)
    }
    return numbers
  }
}

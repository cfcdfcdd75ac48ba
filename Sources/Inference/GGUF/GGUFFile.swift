// GGUF version 3, little-endian: the file format of weights that ggml made common.
//
//   "GGUF"  u32 version  u64 tensors  u64 metadata entries
//   metadata entry:  string key, u32 type, value          string: u64 length, UTF-8 bytes
//   tensor:          string name, u32 dimensions, u64 each (innermost first), u32 type, u64 offset into the data
//   padding to `general.alignment` (32), then the data; every tensor begins at a multiple of the alignment
//
// Types of metadata: 0 u8, 1 i8, 2 u16, 3 i16, 4 u32, 5 i32, 6 f32, 7 bool, 8 string, 9 array (u32 type, u64 count,
// values), 10 u64, 11 i64, 12 f64. Types of tensors used here: 0 f32, 1 f16, 24 i8, 26 i32. Nothing the file says is believed before
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
  public enum Kind: UInt32, Hashable, Sendable {
    case f32 = 0
    case f16 = 1
    case i8 = 24
    case i32 = 26
    var bytes: Int {
      switch self {
      case .f32, .i32: 4
      case .f16: 2
      case .i8: 1
      }
    }
  }

  public var name: String
  /// Innermost first, as in the file.
  public var sizes: [Int]
  public var kind: Kind
  /// From the start of the file.
  var offset: Int
  public var count: Int { sizes.reduce(1, *) }
}

/// What is wrong with a model file.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable { case unreadable, notGGUF, newerVersion, damaged, wrongKind, unwritable }
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

/// A GGUF file, mapped read-only.
public struct GGUFFile: Sendable {
  public let path: String
  public private(set) var metadata: [String: GGUFValue] = [:]
  public private(set) var tensors: [GGUFTensor] = []
  private let file: MappedFile

  static let entryLimit = 100_000

  public init(path: String) throws(ModelError) {
    self.path = path
    do throws(SystemError) { file = try MappedFile(path: path) } catch {
      let reason = error.description.hasPrefix(path + ": ") ? String(error.description.dropFirst(path.count + 2)) : ""
      throw ModelError(.unreadable, path: path, reason)
    }
    let outcome = file.withBytes { bytes in
      Result<([String: GGUFValue], [GGUFTensor]), ModelError> { () throws(ModelError) in
        var cursor = GGUFCursor(bytes: bytes, path: path)
        return try cursor.header()
      }
    }
    (metadata, tensors) = try outcome.get()
  }

  /// SHA-256 of the whole file.
  public var hash: String {
    file.withBytes { bytes in
      var hash = SHA256()
      hash.update(bytes)
      return hash.finish()
    }
  }

  /// The values of a tensor as floats.
  public func values(of tensor: GGUFTensor) -> [Float] {
    file.withBytes { bytes in
      [Float](unsafeUninitializedCapacity: tensor.count) { out, count in
        for index in 0..<tensor.count {
          switch tensor.kind {
          case .f32:
            let bits = bytes.loadUnaligned(fromByteOffset: tensor.offset + 4 * index, as: UInt32.self)
            out[index] = Float(bitPattern: UInt32(littleEndian: bits))
          case .f16:
            let bits = bytes.loadUnaligned(fromByteOffset: tensor.offset + 2 * index, as: UInt16.self)
            out[index] = HalfFloat.float(UInt16(littleEndian: bits))
          case .i8, .i32: out[index] = Float(Self.integer(bytes, tensor, index))
          }
        }
        count = tensor.count
      }
    }
  }

  /// The values of a tensor of kind i32.
  func integers(of tensor: GGUFTensor) -> [Int32] {
    precondition(tensor.kind == .i32)
    return file.withBytes { bytes in (0..<tensor.count).map { Self.integer(bytes, tensor, $0) } }
  }

  /// The values of a tensor of kind i8.
  func bytes(of tensor: GGUFTensor) -> [Int8] {
    precondition(tensor.kind == .i8)
    return file.withBytes { bytes in bytes[tensor.offset..<tensor.offset + tensor.count].map { Int8(bitPattern: $0) } }
  }

  private static func integer(_ bytes: UnsafeRawBufferPointer, _ tensor: GGUFTensor, _ index: Int) -> Int32 {
    if tensor.kind == .i8 { return Int32(Int8(bitPattern: bytes[tensor.offset + index])) }
    return Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: tensor.offset + 4 * index, as: Int32.self))
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

/// IEEE 754 half precision by bits, so that it works on every processor.
enum HalfFloat {
  static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: return Float(bitPattern: sign | 0x3F80_0000) * Float(fraction) * 0x1p-24
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The nearest half, ties to even; beyond its range the largest finite one.
  static func bits(_ value: Float) -> UInt16 {
    let sign = UInt16(value.bitPattern >> 16 & 0x8000)
    let size = min(value.magnitude, 65504)
    if size < 0x1p-14 { return sign | UInt16((size * 0x1p24).rounded(.toNearestOrEven)) }
    let pattern = size.bitPattern
    let rounded = pattern + 0xFFF + (pattern >> 13 & 1)
    return sign | UInt16((rounded >> 13) - (112 << 10))
  }
}

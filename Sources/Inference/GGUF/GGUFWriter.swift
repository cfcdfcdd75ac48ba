import Platform

/// Puts a GGUF file together in memory and writes it whole.
public struct GGUFWriter: Sendable {
  private var entries: [(key: String, type: UInt32, value: [UInt8])] = []
  private var tensors: [(name: String, sizes: [Int], kind: GGUFTensor.Kind, bytes: [UInt8])] = []

  public init() {}

  public mutating func set(_ key: String, _ value: GGUFValue) {
    var bytes: [UInt8] = []
    Self.append(value, to: &bytes)
    set(key, type: Self.type(value), bytes)
  }

  private mutating func set(_ key: String, type: UInt32, _ bytes: [UInt8]) {
    entries.removeAll { $0.key == key }
    entries.append((key, type, bytes))
  }

  // Narrower types, which other programs insist on.

  package mutating func set(_ key: String, narrow value: UInt32) {
    set(key, type: 4, withUnsafeBytes(of: value.littleEndian) { Array($0) })
  }

  package mutating func set(_ key: String, narrow value: Float) {
    set(key, type: 6, withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) })
  }

  package mutating func set(_ key: String, narrow values: [Float]) {
    set(key, type: 9, Self.array(type: 6, values.map(\.bitPattern)))
  }

  package mutating func set(_ key: String, narrow values: [Int32]) {
    set(key, type: 9, Self.array(type: 5, values))
  }

  private static func array<T: FixedWidthInteger>(type: UInt32, _ values: [T]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(type, to: &bytes)
    append(UInt64(values.count), to: &bytes)
    for value in values { append(value, to: &bytes) }
    return bytes
  }

  /// Adds a tensor; `sizes` innermost first.
  /// - Precondition: as many values as the sizes say, of kind f32 or f16.
  public mutating func add(_ name: String, sizes: [Int], kind: GGUFTensor.Kind = .f32, values: [Float]) {
    precondition(values.count == sizes.reduce(1, *) && (kind == .f32 || kind == .f16))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * kind.blockBytes)
    for value in values {
      if kind == .f16 {
        Self.append(Self.half(value).bitPattern, to: &bytes)
      } else {
        Self.append(value.bitPattern, to: &bytes)
      }
    }
    tensors.append((name, sizes, kind, bytes))
  }

  /// The nearest half; beyond its range the largest finite one; no number for none.
  static func half(_ value: Float) -> Float16 { value.isNaN ? .nan : Float16(min(max(value, -65504), 65504)) }

  /// Adds a tensor whose bytes are as its kind has them.
  package mutating func add(_ name: String, sizes: [Int], kind: GGUFTensor.Kind, bytes: [UInt8]) {
    precondition(kind.bytes(of: sizes.reduce(1, *)) == bytes.count)
    tensors.append((name, sizes, kind, bytes))
  }

  /// Adds a row of integers.
  public mutating func add(_ name: String, _ values: [Int8]) {
    tensors.append((name, [values.count], .i8, values.map { UInt8(bitPattern: $0) }))
  }

  public mutating func add(_ name: String, _ values: [Int32]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 4)
    for value in values { Self.append(value, to: &bytes) }
    tensors.append((name, [values.count], .i32, bytes))
  }

  /// The file. Same contents, same bytes.
  public func bytes() -> [UInt8] {
    var out = Array("GGUF".utf8)
    Self.append(UInt32(3), to: &out)
    Self.append(UInt64(tensors.count), to: &out)
    Self.append(UInt64(entries.count), to: &out)
    for (key, type, value) in entries {
      Self.append(key, to: &out)
      Self.append(type, to: &out)
      out += value
    }
    var offset = 0
    for tensor in tensors {
      Self.append(tensor.name, to: &out)
      Self.append(UInt32(tensor.sizes.count), to: &out)
      for size in tensor.sizes { Self.append(UInt64(size), to: &out) }
      Self.append(tensor.kind.rawValue, to: &out)
      Self.append(UInt64(offset), to: &out)
      offset += (tensor.bytes.count + 31) & ~31
    }
    for tensor in tensors {
      Self.pad(&out)
      out += tensor.bytes
    }
    Self.pad(&out)
    return out
  }

  /// Writes the file in place of whatever is there, whole or not at all.
  public func write(to path: String) throws(ModelError) {
    do throws(SystemError) { try Files.replace(path, with: bytes()) } catch {
      throw ModelError(.unwritable, path: path, "could not be written: \(error)")
    }
  }

  private static func pad(_ out: inout [UInt8]) {
    out += [UInt8](repeating: 0, count: (32 - out.count % 32) % 32)
  }

  private static func append<T: FixedWidthInteger>(_ value: T, to out: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) }
  }

  private static func append(_ text: String, to out: inout [UInt8]) {
    append(UInt64(text.utf8.count), to: &out)
    out += Array(text.utf8)
  }

  private static func type(_ value: GGUFValue) -> UInt32 {
    switch value {
    case .integer: 11
    case .number: 12
    case .bool: 7
    case .string: 8
    case .array: 9
    }
  }

  private static func append(_ value: GGUFValue, to out: inout [UInt8]) {
    switch value {
    case .integer(let number): append(number, to: &out)
    case .number(let number): append(number.bitPattern, to: &out)
    case .bool(let flag): out.append(flag ? 1 : 0)
    case .string(let text): append(text, to: &out)
    case .array(let values):
      append(values.first.map(type) ?? 4, to: &out)
      append(UInt64(values.count), to: &out)
      for value in values { append(value, to: &out) }
    }
  }
}

import Platform

/// Walks through the head of a GGUF file; every read is checked against the end.
struct GGUFCursor {
  let bytes: UnsafeRawBufferPointer
  let path: String
  private var position = 0

  init(bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  private func damaged(_ reason: String) -> ModelError {
    ModelError(.damaged, path: path, "\(reason) (byte \(position) of \(bytes.count))")
  }

  mutating func header() throws(ModelError) -> ([String: GGUFValue], [GGUFTensor]) {
    guard bytes.count >= 4, bytes[..<4].elementsEqual("GGUF".utf8) else {
      throw ModelError(
        .notGGUF, path: path, StandIn.words(for: bytes.prefix(StandIn.startSize)) ?? "is not a model in GGUF format")
    }
    position = 4
    let version = try integer(UInt32.self)
    guard version.byteSwapped > 3 || version == 0 else {
      throw ModelError(
        .newerVersion, path: path,
        "was written for processors of the other byte order (big-endian); it must be converted")
    }
    guard version == 3 || version == 2 else {
      throw ModelError(.newerVersion, path: path, "is GGUF version \(version); versions 2 and 3 are understood")
    }
    let tensorCount = try count(ofAtLeast: 24)
    let entryCount = try count(ofAtLeast: 12)
    var metadata: [String: GGUFValue] = [:]
    for _ in 0..<entryCount {
      let key = try string()
      guard metadata[key] == nil else { throw damaged("the key '\(key)' stands there twice") }
      metadata[key] = try value(try integer(UInt32.self), depth: 0)
    }
    var tensors: [GGUFTensor] = []
    var names: Set<String> = []
    for _ in 0..<tensorCount {
      let tensor = try tensor()
      guard names.insert(tensor.name).inserted else { throw damaged("the tensor '\(tensor.name)' stands there twice") }
      tensors.append(tensor)
    }
    var alignment = 32
    if case .integer(let stated)? = metadata["general.alignment"] {
      guard (1...4096).contains(stated), stated & (stated - 1) == 0 else { throw damaged("an alignment of \(stated)") }
      alignment = Int(stated)
    }
    let start = (position + alignment - 1) / alignment * alignment
    for index in tensors.indices {
      let size = tensors[index].bytes
      guard tensors[index].offset <= bytes.count, start <= bytes.count,
        size <= bytes.count - start - min(tensors[index].offset, bytes.count - start)
      else {
        throw ModelError(
          .damaged, path: path, "tensor '\(tensors[index].name)' reaches beyond the end: the file is cut short")
      }
      tensors[index].offset += start
    }
    return (metadata, tensors)
  }

  private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(ModelError) -> T {
    let size = MemoryLayout<T>.size
    guard bytes.count - position >= size else { throw damaged("the file is cut short") }
    defer { position += size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// A count of things that take at least `size` bytes each in what is left of the file.
  private mutating func count(ofAtLeast size: Int) throws(ModelError) -> Int {
    let count = try integer(UInt64.self)
    guard count <= UInt64((bytes.count - position) / size) else {
      throw damaged("a count of \(count), more than the file can hold")
    }
    return Int(count)
  }

  private mutating func string() throws(ModelError) -> String {
    let length = try count(ofAtLeast: 1)
    defer { position += length }
    guard let text = String(validating: bytes[position..<position + length], as: UTF8.self) else {
      throw damaged("a text that is not UTF-8")
    }
    return text
  }

  private mutating func value(_ type: UInt32, depth: Int) throws(ModelError) -> GGUFValue {
    switch type {
    case 0: return .integer(Int64(try integer(UInt8.self)))
    case 1: return .integer(Int64(try integer(Int8.self)))
    case 2: return .integer(Int64(try integer(UInt16.self)))
    case 3: return .integer(Int64(try integer(Int16.self)))
    case 4: return .integer(Int64(try integer(UInt32.self)))
    case 5: return .integer(Int64(try integer(Int32.self)))
    case 6: return .number(Double(Float(bitPattern: try integer(UInt32.self))))
    case 7: return .bool(try integer(UInt8.self) != 0)
    case 8: return .string(try string())
    case 9:
      guard depth < 4 else { throw damaged("arrays nested too deep") }
      let inner = try integer(UInt32.self)
      let total = try count(ofAtLeast: 1)
      guard total <= 1 << 20 else { throw damaged("an array of \(total) values among the metadata") }
      var values: [GGUFValue] = []
      for _ in 0..<total { values.append(try value(inner, depth: depth + 1)) }
      return .array(values)
    case 10: return .integer(Int64(clamping: try integer(UInt64.self)))
    case 11: return .integer(try integer(Int64.self))
    case 12: return .number(Double(bitPattern: try integer(UInt64.self)))
    default: throw damaged("a value of unknown type \(type)")
    }
  }

  private mutating func tensor() throws(ModelError) -> GGUFTensor {
    let name = try string()
    let dimensions = try integer(UInt32.self)
    guard (1...4).contains(dimensions) else { throw damaged("a tensor of \(dimensions) dimensions") }
    var sizes: [Int] = []
    var total = 1
    for _ in 0..<dimensions {
      let size = try integer(UInt64.self)
      guard size > 0, size <= UInt64(Int.max) else { throw damaged("tensor '\(name)' with a side of \(size)") }
      let (product, overflow) = total.multipliedReportingOverflow(by: Int(size))
      guard !overflow else { throw damaged("tensor '\(name)' larger than the file") }
      total = product
      sizes.append(Int(size))
    }
    let type = try integer(UInt32.self)
    guard let kind = GGUFTensor.Kind(rawValue: type) else {
      throw ModelError(
        .wrongKind, path: path,
        "tensor '\(name)' is of a type with the number \(type), which is not known here; f32, f16, bf16, q4_0, q8_0, q4_K, q5_K and q6_K are"
      )
    }
    // Several values may share a byte: it is their bytes that the file must hold.
    guard sizes[0] % kind.blockSize == 0, let size = kind.bytes(of: total), size <= bytes.count else {
      throw damaged("tensor '\(name)' larger than the file")
    }
    let offset = try integer(UInt64.self)
    guard offset <= UInt64(bytes.count) else {
      throw damaged("tensor '\(name)' lies beyond the end: the file is cut short")
    }
    return GGUFTensor(name: name, sizes: sizes, kind: kind, offset: Int(offset))
  }
}

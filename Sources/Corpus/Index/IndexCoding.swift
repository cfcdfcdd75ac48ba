/// Writes the numbers and texts of the index. Numbers are little endian; texts are their length in UTF-8 (32 bits) and their bytes.
struct IndexWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put<T: FixedWidthInteger>(_ number: T) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Bytes as they are, their number not written.
  mutating func append(_ part: [UInt8]) { bytes.append(contentsOf: part) }

  mutating func put(_ number: Int) { put(Int64(number)) }
  mutating func put(_ flag: Bool) { put(flag ? UInt8(1) : 0) }

  mutating func put(_ part: [UInt8]) {
    put(UInt32(part.count))
    bytes.append(contentsOf: part)
  }

  mutating func put(_ text: String) { put(Array(text.utf8)) }

  mutating func put<T>(_ value: T?, _ write: (inout IndexWriter, T) -> Void) {
    put(value != nil)
    if let value { write(&self, value) }
  }

  mutating func put(_ text: String?) { put(text) { $0.put($1 as String) } }
  mutating func put(_ number: Int?) { put(number) { $0.put($1 as Int) } }
  mutating func put(_ number: Double?) { put(number) { $0.put($1.bitPattern) } }

  mutating func put<T>(all list: [T], _ write: (inout IndexWriter, T) -> Void) {
    put(UInt32(list.count))
    for value in list { write(&self, value) }
  }
}

/// Reads what `IndexWriter` wrote, from bytes that may be anything: past their end all is zero or empty, and `isSound` is false.
struct IndexReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private(set) var isSound = true

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func number<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
    let size = MemoryLayout<T>.size
    guard isSound, bytes.count - position >= size else {
      isSound = false
      return 0
    }
    defer { position += size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  mutating func int() -> Int { Int(number(Int64.self)) }
  mutating func flag() -> Bool { number(UInt8.self) == 1 }

  /// A part of the bytes, not copied.
  mutating func part() -> UnsafeRawBufferPointer {
    let count = Int(number(UInt32.self))
    guard isSound, bytes.count - position >= count else {
      isSound = false
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func text() -> String { String(decoding: part(), as: UTF8.self) }

  mutating func optional<T>(_ read: (inout IndexReader) -> T) -> T? { flag() ? read(&self) : nil }
  mutating func optionalText() -> String? { optional { $0.text() } }
  mutating func optionalInt() -> Int? { optional { $0.int() } }
  mutating func optionalDouble() -> Double? { optional { Double(bitPattern: $0.number()) } }

  /// A list; a count that the bytes cannot hold ends early.
  mutating func all<T>(_ read: (inout IndexReader) -> T) -> [T] {
    let count = Int(number(UInt32.self))
    var list: [T] = []
    for _ in 0..<count {
      guard isSound else { break }
      list.append(read(&self))
    }
    return list
  }
}

/// CRC-32C (Castagnoli), as iSCSI and ext4 use it: finds torn and flipped bytes, not forgeries. Slicing by 8: about 2 GB/s.
public enum Checksum {
  private static let tables: [[UInt32]] = {
    var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
      tables[0][index] = value
    }
    for slice in 1..<8 {
      for index in 0..<256 {
        let previous = tables[slice - 1][index]
        tables[slice][index] = previous >> 8 ^ tables[0][Int(previous & 0xFF)]
      }
    }
    return tables
  }()
  private static let flat: [UInt32] = tables.flatMap { $0 }

  public static func crc32c(_ bytes: UnsafeRawBufferPointer, from start: UInt32 = 0) -> UInt32 {
    var value = ~start
    flat.withUnsafeBufferPointer { table in
      var index = 0
      while index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ UInt64(value)
        value = 0
        for slice in 0..<8 { value ^= table[(7 - slice) * 256 + Int(word >> UInt64(8 * slice) & 0xFF)] }
        index += 8
      }
      while index < bytes.count {
        value = value >> 8 ^ table[Int((value ^ UInt32(bytes[index])) & 0xFF)]
        index += 1
      }
    }
    return ~value
  }

  public static func crc32c(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32c($0) } }
}

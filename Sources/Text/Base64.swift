/// Bytes as text of 64 signs (RFC 4648), with padding. Linear.
public func base64(_ bytes: [UInt8]) -> String { String(decoding: base64Signs(bytes), as: UTF8.self) }

/// The same as the bytes of the signs: pictures are sent so, and are megabytes.
public func base64Signs(_ bytes: [UInt8]) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { out, count in
    bytes.withUnsafeBufferPointer { bytes in
      signPairs.withUnsafeBufferPointer { pairs in
        var (at, to) = (0, 0)
        func put(_ group: Int) {
          let (first, second) = (pairs[group >> 12], pairs[group & 0xFFF])
          out[to] = UInt8(truncatingIfNeeded: first >> 8)
          out[to + 1] = UInt8(truncatingIfNeeded: first)
          out[to + 2] = UInt8(truncatingIfNeeded: second >> 8)
          out[to + 3] = UInt8(truncatingIfNeeded: second)
          to += 4
        }
        while at + 3 <= bytes.count {
          put(Int(bytes[at]) << 16 | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2]))
          at += 3
        }
        if at < bytes.count {
          let isPair = at + 1 < bytes.count
          put(Int(bytes[at]) << 16 | (isPair ? Int(bytes[at + 1]) << 8 : 0))
          out[to - 1] = UInt8(ascii: "=")
          if !isPair { out[to - 2] = UInt8(ascii: "=") }
        }
        count = to
      }
    }
  }
}

/// Two signs for each twelve bits.
private let signPairs: [UInt16] = {
  let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8).map(UInt16.init)
  return (0..<4096).map { signs[$0 >> 6] << 8 | signs[$0 & 63] }
}()

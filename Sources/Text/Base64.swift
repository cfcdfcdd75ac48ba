/// Bytes as text of 64 signs (RFC 4648), with padding. Linear.
public func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var out: [UInt8] = []
  out.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let count = min(3, bytes.count - start)
    var group = UInt32(bytes[start]) << 16
    if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
    if count > 2 { group |= UInt32(bytes[start + 2]) }
    for digit in 0..<4 {
      out.append(digit <= count ? digits[Int(group >> UInt32(18 - 6 * digit)) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: out, as: UTF8.self)
}

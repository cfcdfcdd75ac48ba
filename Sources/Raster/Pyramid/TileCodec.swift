// A tile, compressed without loss.
//
//   byte 0     kind: 0 raw samples follow as they lie in a Bitmap; 1 coded, as below
//   bits       most significant bit first
//
// Coded: colour is turned into green, red - green, blue - green (modulo 256), then each plane stands for itself, row by
// row. A sample is predicted by the median of left, above and left + above - corner (the predictor of JPEG-LS, ITU-T T.87);
// outside the plane stands 0, left of a row the sample above. The difference d, as a signed byte, is folded to
// 0, -1, 1, -2 ... = 0, 1, 2, 3 .... Runs of up to 32 samples of a row begin with 3 bits k: 7 says that all differences
// are 0; else each is u >> k in unary (ones, ended by a zero) and the k low bits (Rice's code). Fifteen ones and no zero
// say that the eight bits of u follow.
//
// Photographs of papyrus are noisy: this packs them tighter than zlib at its fastest, in a fifth of the time.

/// Packs tiles and unpacks them. Has scratch memory of its own: one for each thread.
struct TileCodec {
  /// Samples of a row that share one k.
  private static let run = 32
  private static let longestUnary = 15

  private var plane: [UInt8] = []
  private var packed: [UInt8] = []

  /// Packs `width * height * channels` samples.
  mutating func pack(
    _ samples: UnsafeBufferPointer<UInt8>, width: Int, height: Int, channels: Int,
    into use: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    let count = width * height
    precondition(samples.count == count * channels)
    if plane.count < count { plane = [UInt8](repeating: 0, count: count) }
    // The longest code of a sample has 23 bits.
    let most = 1 + 3 * samples.count + samples.count / 8 + 64
    if packed.count < most { packed = [UInt8](repeating: 0, count: most) }
    let used = packed.withUnsafeMutableBufferPointer { out -> Int in
      var writer = BitWriter(out.baseAddress! + 1)
      out[0] = 1
      plane.withUnsafeMutableBufferPointer { plane in
        for channel in 0..<channels {
          if channels == 1 {
            plane.baseAddress!.update(from: samples.baseAddress!, count: count)
          } else if channel == 0 {
            for i in 0..<count { plane[i] = samples[3 * i + 1] }
          } else {
            let other = channel == 1 ? 0 : 2
            for i in 0..<count { plane[i] = samples[3 * i + other] &- samples[3 * i + 1] }
          }
          Self.pack(plane.baseAddress!, width: width, height: height, into: &writer)
        }
      }
      let coded = 1 + writer.finish()
      if coded <= samples.count { return coded }
      out[0] = 0
      (out.baseAddress! + 1).update(from: samples.baseAddress!, count: samples.count)
      return 1 + samples.count
    }
    try packed.withUnsafeBytes { try use(UnsafeRawBufferPointer(rebasing: $0[..<used])) }
  }

  private static func pack(
    _ plane: UnsafeMutablePointer<UInt8>, width: Int, height: Int, into writer: inout BitWriter
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: width) { folded in
      for y in 0..<height {
        let row = plane + y * width
        let above = y > 0 ? row - width : nil
        var left = Int32(above?[0] ?? 0)
        var corner = left
        for x in 0..<width {
          let up = Int32(above?[x] ?? 0)
          let d = Int8(truncatingIfNeeded: Int32(row[x]) &- median(left, up, corner))
          folded[x] = UInt8(bitPattern: (d &<< 1) ^ (d &>> 7))
          left = Int32(row[x])
          corner = up
        }
        var x = 0
        while x < width {
          let end = min(x + run, width)
          var sum = 0
          for i in x..<end { sum &+= Int(folded[i]) }
          if sum == 0 {
            writer.put(7, bits: 3)
          } else {
            var k = 0
            while k < 6, sum >> k > end - x { k += 1 }
            writer.put(UInt64(k), bits: 3)
            for i in x..<end {
              let u = Int(folded[i])
              let unary = u >> k
              if unary < longestUnary {
                // `unary` ones, a zero, k bits.
                writer.put(((1 << UInt64(unary + 1)) - 2) << UInt64(k) | UInt64(u & (1 << k - 1)), bits: unary + 1 + k)
              } else {
                writer.put((1 << UInt64(longestUnary) - 1) << 8 | UInt64(u), bits: longestUnary + 8)
              }
            }
          }
          x = end
        }
      }
    }
  }

  /// Unpacks a tile; nil where the bytes cannot be such a tile.
  mutating func unpack(_ bytes: UnsafeRawBufferPointer, width: Int, height: Int, channels: Int) -> [UInt8]? {
    let count = width * height
    guard let kind = bytes.first else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: bytes[1...])
    switch kind {
    case 0:
      return body.count == count * channels ? [UInt8](body) : nil
    case 1:
      if plane.count < count { plane = [UInt8](repeating: 0, count: count) }
      var reader = BitReader(body)
      let samples = [UInt8](unsafeUninitializedCapacity: count * channels) { out, initialised in
        plane.withUnsafeMutableBufferPointer { plane in
          // Green first; the other two need it.
          for channel in 0..<channels {
            Self.unpack(plane.baseAddress!, width: width, height: height, from: &reader)
            if channels == 1 {
              out.baseAddress!.update(from: plane.baseAddress!, count: count)
            } else if channel == 0 {
              for i in 0..<count { out[3 * i + 1] = plane[i] }
            } else {
              let other = channel == 1 ? 0 : 2
              for i in 0..<count { out[3 * i + other] = plane[i] &+ out[3 * i + 1] }
            }
          }
        }
        initialised = count * channels
      }
      return reader.isSpent ? samples : nil
    default:
      return nil
    }
  }

  private static func unpack(
    _ plane: UnsafeMutablePointer<UInt8>, width: Int, height: Int, from reader: inout BitReader
  ) {
    for y in 0..<height {
      let row = plane + y * width
      let above = y > 0 ? row - width : nil
      var left = Int32(above?[0] ?? 0)
      var corner = left
      var x = 0
      while x < width {
        let end = min(x + run, width)
        let k = reader.take(3)
        for i in x..<end {
          var d: Int32 = 0
          if k < 7 {
            let u = Int32(truncatingIfNeeded: reader.takeRice(k, longest: longestUnary))
            d = (u >> 1) ^ -(u & 1)
          }
          let up = Int32(above?[i] ?? 0)
          let value = UInt8(truncatingIfNeeded: median(left, up, corner) &+ d)
          row[i] = value
          left = Int32(value)
          corner = up
        }
        x = end
      }
    }
  }

  /// The median of a, b and a + b - c.
  @inline(__always) private static func median(_ a: Int32, _ b: Int32, _ c: Int32) -> Int32 {
    max(min(a, b), min(max(a, b), a &+ b &- c))
  }
}

/// Appends bits, the most significant first; the caller provides room.
private struct BitWriter {
  private var out: UnsafeMutablePointer<UInt8>
  private let start: UnsafeMutablePointer<UInt8>
  private var pending: UInt64 = 0
  private var pendingBits = 0

  init(_ out: UnsafeMutablePointer<UInt8>) {
    self.out = out
    start = out
  }

  /// At most 32 bits.
  @inline(__always) mutating func put(_ value: UInt64, bits: Int) {
    pending = pending << UInt64(bits) | value
    pendingBits &+= bits
    if pendingBits >= 32 {
      pendingBits &-= 32
      UnsafeMutableRawPointer(out).storeBytes(
        of: UInt32(truncatingIfNeeded: pending >> UInt64(pendingBits)).bigEndian, as: UInt32.self)
      out += 4
    }
  }

  /// Fills up the last byte; the number of bytes in all.
  mutating func finish() -> Int {
    while pendingBits > 0 {
      let shift = pendingBits - 8
      out.pointee = UInt8(truncatingIfNeeded: shift >= 0 ? pending >> UInt64(shift) : pending << UInt64(-shift))
      out += 1
      pendingBits = max(0, shift)
    }
    return out - start
  }
}

/// Takes bits in the order they were put; after the end come zeros, so that no input leads outside the bytes.
private struct BitReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// The next bits, at the top.
  private var window: UInt64 = 0
  private var windowBits = 0
  /// Bits taken.
  private var taken = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether exactly the bytes were used.
  var isSpent: Bool { (taken + 7) / 8 == bytes.count }

  @inline(__always) private mutating func fill() {
    if position &+ 8 <= bytes.count {
      let next = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      window |= next >> UInt64(windowBits)
      let whole = (64 &- windowBits) >> 3
      position &+= whole
      windowBits &+= whole << 3
    } else {
      while windowBits <= 56 {
        let next = position < bytes.count ? UInt64(bytes[position]) : 0
        window |= next << UInt64(56 - windowBits)
        position &+= 1
        windowBits &+= 8
      }
    }
  }

  @inline(__always) private mutating func drop(_ bits: Int) {
    window <<= UInt64(bits)
    windowBits &-= bits
    taken &+= bits
  }

  /// 1 to 32 bits.
  @inline(__always) mutating func take(_ bits: Int) -> Int {
    if windowBits < 32 { fill() }
    let value = Int(window >> UInt64(64 - bits))
    drop(bits)
    return value
  }

  @inline(__always) mutating func takeRice(_ k: Int, longest: Int) -> Int {
    if windowBits < 32 { fill() }
    let ones = (~window).leadingZeroBitCount
    if ones >= longest {
      drop(longest)
      return take(8)
    }
    drop(ones &+ 1)
    guard k > 0 else { return ones }
    let low = Int(window >> UInt64(64 - k))
    drop(k)
    return ones << k | low
  }
}

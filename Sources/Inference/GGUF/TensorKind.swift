import CKernels

extension GGUFTensor {
  /// How the numbers of a tensor are stored: one row of the table of kinds. Values stand in blocks of `blockSize`, each of `blockBytes` bytes; a
  /// row of the tensor (its innermost side) is whole blocks.
  ///
  /// Layouts are those of ggml. Kinds without `decode` can be named, measured and carried, but not read as numbers here.
  public struct Kind: Sendable, Hashable {
    /// As it stands in the file.
    public let rawValue: UInt32
    public let name: String
    public let blockSize: Int
    public let blockBytes: Int
    /// Turns so many blocks into numbers; the blocks may stand at any address. Products with rows as they are stored are `CKernels`' own
    /// (`grapheion_stored_product`, by `rawValue`).
    let decode: Decode?

    typealias Decode = @Sendable (_ blocks: UnsafeRawPointer, _ count: Int, _ out: UnsafeMutablePointer<Float>) -> Void

    init(_ rawValue: UInt32, _ name: String, blockSize: Int, blockBytes: Int, decode: Decode? = nil) {
      self.rawValue = rawValue
      self.name = name
      self.blockSize = blockSize
      self.blockBytes = blockBytes
      self.decode = decode
    }

    public static func == (a: Kind, b: Kind) -> Bool { a.rawValue == b.rawValue }
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

    /// The bytes of so many values; nil where they are no whole blocks, or no machine could hold them.
    public func bytes(of values: Int) -> Int? {
      guard values % blockSize == 0 else { return nil }
      let (bytes, overflow) = (values / blockSize).multipliedReportingOverflow(by: blockBytes)
      return overflow ? nil : bytes
    }
  }
}

extension GGUFTensor.Kind {
  public static let f32 = GGUFTensor.Kind(0, "f32", blockSize: 1, blockBytes: 4) { blocks, count, out in
    for index in 0..<count { out[index] = Float(bitPattern: word(blocks, index)) }
  }
  public static let f16 = GGUFTensor.Kind(1, "f16", blockSize: 1, blockBytes: 2) { blocks, count, out in
    for index in 0..<count { out[index] = half(blocks, 2 * index) }
  }
  public static let bf16 = GGUFTensor.Kind(30, "bf16", blockSize: 1, blockBytes: 2) {
    blocks, count, out in
    for index in 0..<count { out[index] = Float(bitPattern: UInt32(short(blocks, 2 * index)) << 16) }
  }
  public static let i8 = GGUFTensor.Kind(24, "i8", blockSize: 1, blockBytes: 1) { blocks, count, out in
    for index in 0..<count { out[index] = Float(blocks.load(fromByteOffset: index, as: Int8.self)) }
  }
  public static let i32 = GGUFTensor.Kind(26, "i32", blockSize: 1, blockBytes: 4) {
    blocks, count, out in
    for index in 0..<count { out[index] = Float(Int32(bitPattern: word(blocks, index))) }
  }
  /// A half that all 32 are multiplied by, then 32 numbers of 4 bits less 8: the first sixteen in the low halves of the bytes.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public static let q4_0 = GGUFTensor.Kind(
    2, "q4_0", blockSize: 32, blockBytes: 18
  ) { blocks, count, out in
    for block in 0..<count {
      let scale = half(blocks, 18 * block)
      for index in 0..<16 {
        let pair = blocks.load(fromByteOffset: 18 * block + 2 + index, as: UInt8.self)
        out[32 * block + index] = scale * Float(Int(pair & 15) - 8)
        out[32 * block + 16 + index] = scale * Float(Int(pair >> 4) - 8)
      }
    }
  }
  /// A half that all 32 are multiplied by, then 32 signed bytes.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public static let q8_0 = GGUFTensor.Kind(
    8, "q8_0", blockSize: 32, blockBytes: 34
  ) { blocks, count, out in
    for block in 0..<count {
      let scale = half(blocks, 34 * block)
      for index in 0..<32 {
        out[32 * block + index] = scale * Float(blocks.load(fromByteOffset: 34 * block + 2 + index, as: Int8.self))
      }
    }
  }

  /// 256 numbers of 4 bits in eight groups, each with a scale and an offset of 6 bits, which two halves multiply.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public static let q4_K = GGUFTensor.Kind(12, "q4_K", blockSize: 256, blockBytes: 144, decode: stored(12))
  /// As `q4_K`, of 5 bits.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public static let q5_K = GGUFTensor.Kind(13, "q5_K", blockSize: 256, blockBytes: 176, decode: stored(13))
  /// 256 numbers of 6 bits less 32 in sixteen groups, each with a scale of 8 bits, which a half multiplies.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public static let q6_K = GGUFTensor.Kind(14, "q6_K", blockSize: 256, blockBytes: 210, decode: stored(14))

  /// As `CKernels` reads super-blocks.
  private static func stored(_ kind: Int32) -> Decode {
    { blocks, count, out in grapheion_stored_values(kind, 256 * count, blocks, out) }
  }

  /// Every kind that can be named.
  public static let all: [GGUFTensor.Kind] = [
    f32, f16, q4_0, Self(3, "q4_1", blockSize: 32, blockBytes: 20), Self(6, "q5_0", blockSize: 32, blockBytes: 22),
    Self(7, "q5_1", blockSize: 32, blockBytes: 24), q8_0,
    Self(10, "q2_K", blockSize: 256, blockBytes: 84), Self(11, "q3_K", blockSize: 256, blockBytes: 110),
    q4_K, q5_K, q6_K, i8, i32, bf16,
    Self(9, "q8_1", blockSize: 32, blockBytes: 36), Self(15, "q8_K", blockSize: 256, blockBytes: 292),
    Self(16, "iq2_xxs", blockSize: 256, blockBytes: 66), Self(17, "iq2_xs", blockSize: 256, blockBytes: 74),
    Self(18, "iq3_xxs", blockSize: 256, blockBytes: 98), Self(19, "iq1_s", blockSize: 256, blockBytes: 50),
    Self(20, "iq4_nl", blockSize: 32, blockBytes: 18), Self(21, "iq3_s", blockSize: 256, blockBytes: 110),
    Self(22, "iq2_s", blockSize: 256, blockBytes: 82), Self(23, "iq4_xs", blockSize: 256, blockBytes: 136),
    Self(25, "i16", blockSize: 1, blockBytes: 2), Self(27, "i64", blockSize: 1, blockBytes: 8),
    Self(28, "f64", blockSize: 1, blockBytes: 8), Self(29, "iq1_m", blockSize: 256, blockBytes: 56),
    Self(34, "tq1_0", blockSize: 256, blockBytes: 54), Self(35, "tq2_0", blockSize: 256, blockBytes: 66),
    Self(39, "mxfp4", blockSize: 32, blockBytes: 17),
  ]

  /// nil for a number that no kind has.
  public init?(rawValue: UInt32) {
    guard let kind = Self.all.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }

  private static func word(_ bytes: UnsafeRawPointer, _ index: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
  }

  private static func short(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  private static func half(_ bytes: UnsafeRawPointer, _ offset: Int) -> Float {
    Float(Float16(bitPattern: short(bytes, offset)))
  }
}

extension Bitmap {
  /// The image in one channel: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). Linear in pixels.
  public func grey() -> Bitmap {
    guard channels == 3 else { return self }
    let grey = [UInt8](unsafeUninitializedCapacity: width * height) { out, count in
      pixels.withUnsafeBufferPointer { rgb in
        for i in 0..<width * height {
          let (r, g, b) = (UInt32(rgb[3 * i]), UInt32(rgb[3 * i + 1]), UInt32(rgb[3 * i + 2]))
          out[i] = UInt8(truncatingIfNeeded: (r &* 77 &+ g &* 150 &+ b &* 29 &+ 128) >> 8)
        }
      }
      count = width * height
    }
    return Bitmap(width: width, height: height, channels: 1, pixels: grey)
  }

  /// The image in three channels; a grey one gets three equal ones.
  public func colour() -> Bitmap {
    guard channels == 1 else { return self }
    let rgb = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { out, count in
      pixels.withUnsafeBufferPointer { grey in
        for i in grey.indices {
          out[3 * i] = grey[i]
          out[3 * i + 1] = grey[i]
          out[3 * i + 2] = grey[i]
        }
      }
      count = pixels.count * 3
    }
    return Bitmap(width: width, height: height, channels: 3, pixels: rgb)
  }
}

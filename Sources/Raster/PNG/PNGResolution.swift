import Platform

// A PNG is eight bytes and a row of chunks: length (4 bytes, most significant first), kind (4 letters), content, checksum (4). Chunk pHYs stands before the
// first IDAT: pixels per unit across and down (4 bytes each), and the unit, 1 for the metre.

/// How many pixels of a photograph are a millimetre of what it shows, where its file says so.
public enum PNGResolution {
  /// Pixels a metre, as pHYs has them.
  public struct Density: Hashable, Sendable {
    var across: UInt32
    var down: UInt32

    /// nil where one is 0.
    init?(across: UInt32, down: UInt32) {
      guard across > 0, down > 0 else { return nil }
      (self.across, self.down) = (across, down)
    }
  }

  /// What programs write where nobody measured anything (72 and 96 pixels an inch, 1 a millimetre) is below this; so is what no letter could be read
  /// in.
  private static let leastPerInch = 100.0
  private static let mostPerInch = 20_000.0
  /// What cameras and the programs that develop their pictures write whatever the distance was, in pixels an inch: all 26 photographs of one collection,
  /// from 394 to 3,588 pixels wide, say 240. A scan at just 300 is not told from them, and has no scale.
  private static let usualPerInch = [180.0, 240, 300, 314, 350]
  private static let mostChunks = 256

  /// nil where the file says nothing, or nothing that somebody measured. Converted photographs have what the converter left. Reads the heads of chunks.
  public static func pixelsPerMillimetre(path: String) -> Double? {
    guard let file = try? InputFile(path: path) else { return nil }
    var place = 8
    for _ in 0..<mostChunks {
      guard let head = try? file.read(at: place, count: 8 + 9), head.count >= 12 else { return nil }
      func number(_ at: Int) -> Int { head[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
      let length = number(0)
      switch String(decoding: head[4..<8], as: UTF8.self) {
      case "pHYs":
        guard length == 9, head.count == 17, head[16] == 1 else { return nil }
        return measured(across: Double(number(8)) / 1000, down: Double(number(12)) / 1000)
      case "IDAT", "IEND": return nil
      default: place += length + 12
      }
    }
    return nil
  }

  /// Pixels that are not square are no measure of a sheet.
  static func measured(across: Double, down: Double) -> Double? {
    let perInch = across * 25.4
    guard perInch >= leastPerInch, perInch <= mostPerInch, abs(across - down) <= 0.01 * across,
      !usualPerInch.contains(where: { abs($0 - perInch) < 0.5 })
    else { return nil }
    return (across + down) / 2
  }
}

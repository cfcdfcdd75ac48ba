import Foundation
import Platform
import Testing

@testable import Raster

/// What a file is is told by its bytes; what is half there is refused before a converter sees it.
@Suite struct ConversionTests {
  static let jpeg = Data(
    base64Encoded:
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wAALCAAFAAYBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EABkQAAEFAAAAAAAAAAAAAAAAAAABBRdSov/aAAgBAQAAPwB2OWWuUP/Z"
  )!

  /// An uncompressed grey TIFF: a directory and its pixels for each page.
  static func tiff(
    pages: [(width: Int, height: Int, isReduced: Bool)], big endian: Bool = false, orientation: Int? = nil
  ) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return endian ? bytes.reversed() : bytes
    }
    var bytes: [UInt8] = (endian ? Array("MM".utf8) : Array("II".utf8)) + number(42, 2) + number(8, 4)
    for (index, page) in pages.enumerated() {
      let entries = orientation == nil ? 9 : 10
      let pixels = bytes.count + 2 + entries * 12 + 4
      func entry(_ tag: Int, _ value: Int, isShort: Bool = false) -> [UInt8] {
        number(tag, 2) + number(isShort ? 3 : 4, 2) + number(1, 4)
          + (isShort ? number(value, 2) + [0, 0] : number(value, 4))
      }
      let size = page.width * page.height
      bytes += number(entries, 2)
      bytes += entry(254, page.isReduced ? 1 : 0) + entry(256, page.width) + entry(257, page.height)
      bytes += entry(258, 8, isShort: true) + entry(259, 1, isShort: true) + entry(262, 1, isShort: true)
      bytes +=
        entry(273, pixels) + (orientation.map { entry(274, $0, isShort: true) } ?? []) + entry(278, page.height)
        + entry(279, size)
      bytes += number(index + 1 < pages.count ? pixels + size : 0, 4)
      bytes += [UInt8](repeating: 100, count: size)
    }
    return bytes
  }

  private func file(_ bytes: some Sequence<UInt8>, _ name: String = "x.jpg") throws -> String {
    let folder = NSTemporaryDirectory() + "/grapheion-conversion-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    return folder + "/" + name
  }

  private func failure(_ body: () throws -> Void) -> RasterError? {
    do { try body() } catch { return error as? RasterError }
    return nil
  }

  @Test func typesAreToldByBytes() {
    func type(_ text: String) -> ImageType? { ImageType(start: Array(text.unicodeScalars.map { UInt8($0.value) })) }
    #expect(ImageType(start: Array(Self.jpeg)) == .jpeg)
    #expect(ImageType(start: Self.tiff(pages: [(1, 1, false)])) == .tiff)
    #expect(ImageType(start: Self.tiff(pages: [(1, 1, false)], big: true)) == .tiff)
    #expect(ImageType(start: PNG.encode(Bitmap(width: 1, height: 1, filledWith: 0))) == .png)
    #expect(type("RIFF....WEBPVP8 ") == .webp && type("GIF89a..") == .gif)
    #expect(type("\0\0\0\u{1C}ftypavif....") == .avif && type("\0\0\0\u{1C}ftypheic....") == .heic)
    #expect(type("\0\0\0\u{0C}jP  \r\n\u{87}\n") == .jp2 && type("\u{FF}O\u{FF}Q") == .j2k)
    #expect(type("BM....\0\0\0\0....\u{28}\0\0\0") == .bmp)
    #expect(type("%PDF-1.4\n%") == .pdf)
    for text in [
      "%!PS-Adobe-3.0\n", "<?xml version", "<svg ", " %PDF-1.4", "push graphic-context\n", "#EXTM3U\n",
      "ffconcat version",
      "BM is the name of a museum, not a bitmap", "id=ImageMagick", "\0\0\0\u{1C}ftypisom....",
      "II*\0\u{10}\0\0\0CR\u{2}\0", "", "GIF",
      "RIFF....AVI LIST",
    ] { #expect(type(text) == nil, "\(text)") }
  }

  @Test func whatIsNoImageNeverReachesAConverter() throws {
    for (text, words) in [
      ("%!PS-Adobe-3.0\nshowpage\n", "is no image that Grapheion takes"),
      ("<svg xmlns='http://www.w3.org/2000/svg'/>", "is no image that Grapheion takes"), ("", "is empty"),
      ("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "is a pointer of Git LFS"),
      ("<!DOCTYPE html><title>404</title>", "is a web page"),
    ] {
      let path = try file(Array(text.utf8))
      let target = path + ".png"
      #expect(failure { _ = try ImageConverter.pages(of: path) }?.reason.hasPrefix(words) == true)
      #expect(failure { try ImageConverter.convert(path, toPNG: target) }?.reason.hasPrefix(words) == true)
      #expect(!FileManager.default.fileExists(atPath: target))
    }
  }

  @Test func aJPEGCutAnywhereIsRefused() throws {
    let whole = Array(Self.jpeg)
    #expect(try ImageConverter.pages(of: try file(whole)) == [0])
    // Bytes behind the end of the image, as cameras and phones write them.
    #expect(try ImageConverter.pages(of: try file(whole + [1, 2, 0xFF, 3])) == [0])
    for length in 3..<whole.count {
      let path = try file(whole[..<length])
      #expect(failure { _ = try ImageConverter.pages(of: path) }?.reason == "the JPEG is cut short; copy it again")
    }
  }

  @Test(
    .enabled(
      if: ["vips", "magick", "convert", "gm"].contains { ChildProcess.find($0) != nil }, "no converter is installed"))
  func turnedTIFFsStandUpright() throws {
    let path = try file(Self.tiff(pages: [(60, 20, false)], orientation: 6))
    #expect(try ImageConverter.orientation(of: path) == .quarterClockwise)
    try ImageConverter.convert(path, toPNG: path + ".png")
    let header = try PNG.header(path: path + ".png")
    #expect(header.width == 20 && header.height == 60)
  }

  @Test(arguments: [false, true]) func pagesOfATIFF(isBig: Bool) throws {
    let bytes = Self.tiff(pages: [(6, 2, false), (3, 1, true), (5, 2, false)], big: isBig)
    #expect(try ImageConverter.pages(of: try file(bytes)) == [0, 2])
    let previews = Self.tiff(pages: [(3, 1, true)], big: isBig)
    #expect(failure { _ = try ImageConverter.pages(of: try file(previews)) }?.reason.contains("previews only") == true)
    // A directory that leads back to itself, and every cut before the last directory's end.
    var loop = Self.tiff(pages: [(6, 2, false)], big: isBig)
    loop.replaceSubrange(118..<122, with: isBig ? [0, 0, 0, 8] : [8, 0, 0, 0])
    #expect(failure { _ = try ImageConverter.pages(of: try file(loop)) }?.code == .damaged)
    for length in stride(from: 4, to: bytes.count - 11, by: 5) {
      let path = try file(bytes[..<length])
      let outcome = failure { _ = try ImageConverter.pages(of: path) }
      #expect(outcome?.code == .damaged, "cut at \(length)")
    }
  }

  /// Whether the converter this machine has makes a PNG of a JPEG when it is asked plainly: what is called `convert` may be something else.
  private static let converts: Bool = {
    let known = [("vips", ["copy"]), ("magick", []), ("convert", []), ("gm", ["convert"])]
    guard
      let (program, words) = known.lazy.compactMap({ name, words in ChildProcess.find(name).map { ($0, words) } }).first
    else { return false }
    let folder = NSTemporaryDirectory() + "/grapheion-converter-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try jpeg.write(to: URL(fileURLWithPath: folder + "/plain.jpg"))
      return try ChildProcess.run(program, words + [folder + "/plain.jpg", folder + "/plain.png"]).status == 0
    } catch {
      return false
    }
  }()

  /// With whatever converter this machine has.
  @Test(.enabled(if: converts, "no converter of JPEG is installed"))
  func namesMeanNothing() throws {
    for name in ["a[0].jpg", "%d.jpg", "{a,b}.jpg", "-write.jpg", "label:@x.jpg", "ps:x.jpg", "*.jpg", "x\ny.jpg"] {
      let path = try file(Self.jpeg, name)
      try ImageConverter.convert(path, toPNG: path + ".out%d[1]")
      let header = try PNG.header(path: path + ".out%d[1]")
      #expect(header.width == 6 && header.height == 5, "\(name)")
    }
    let path = try file(Self.tiff(pages: [(6, 2, false), (3, 1, true), (5, 4, false)]), "pages.png")
    try ImageConverter.convert(path, page: 2, toPNG: path + ".2")
    #expect(try PNG.header(path: path + ".2").height == 4)
  }

  /// A header may say anything; it is compared with the file before memory is taken.
  @Test func whatCannotStandInAFileIsRefusedBeforeMemoryIsTaken() throws {
    func png(_ width: UInt32, _ height: UInt32) -> [UInt8] {
      var bytes = PNG.encode(Bitmap(width: 1, height: 1, filledWith: 0))
      let header = [width, height].flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
      }
      bytes.replaceSubrange(16..<24, with: header)
      // The checksum of the chunk IHDR, CRC-32 of ISO 3309.
      var sum = ~UInt32(0)
      for byte in bytes[12..<29] {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: ~sum >> (24 - 8 * $0)) })
      return bytes
    }
    for (width, height) in [(1_000_000, 2_000_000_000), (1, 2_000_000_000), (600_000, 500)] as [(UInt32, UInt32)] {
      let path = try file(png(width, height), "x.png")
      #expect(failure { _ = try PNG.header(path: path) }?.reason.contains("cut short") == true)
      #expect(failure { _ = try TilePyramid.open(photograph: path, cache: path + ".tiles") }?.code == .damaged)
    }
    #expect(try PNG.header(path: try file(png(1, 1), "x.png")).width == 1)
    // A sound file that is too wide to be cut into tiles.
    let path = try file([], "wide.png")
    try PNG.write(Bitmap(width: 800_000, height: 2, filledWith: 0), to: path)
    #expect(failure { _ = try TilePyramid.open(photograph: path, cache: path + ".tiles") }?.code == .tooLarge)
  }

  @Test func pipesAreRefusedAtOnce() throws {
    let path = try file([], "x")
    #expect(mkfifo(path + ".pipe", 0o600) == 0)
    #expect(failure { _ = try ImageConverter.pages(of: path + ".pipe") }?.reason.contains("is a pipe") == true)
    #expect(failure { _ = try PNG.header(path: path + ".pipe") }?.reason.contains("is a pipe") == true)
  }

  /// A GIF of so many frames of one pixel, with a comment before each, each with a table of colours of its own or all with one.
  static func gif(frames: Int, hasOwnColours: Bool = false) -> [UInt8] {
    let colours: [UInt8] = [0, 0, 0, 255, 255, 255]
    var bytes = Array("GIF89a".utf8) + [1, 0, 1, 0, hasOwnColours ? 0 : 0x80, 0, 0] + (hasOwnColours ? [] : colours)
    for _ in 0..<frames {
      bytes += [0x21, 0xFE, 3, 0x2C, 0x2C, 0x3B, 2, 0x2C, 0, 0]
      bytes +=
        [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, hasOwnColours ? 0x80 : 0] + (hasOwnColours ? colours : []) + [2, 2, 0x44, 1, 0]
    }
    return bytes + [0x3B]
  }

  /// The same as WebP, of which only the chunks stand there.
  static func webp(frames: Int) -> [UInt8] {
    func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
      Array(name.utf8) + [UInt8(content.count), 0, 0, 0] + content + [UInt8](repeating: 0, count: content.count & 1)
    }
    let chunks =
      chunk("VP8X", [2] + [UInt8](repeating: 0, count: 9)) + chunk("ANIM", [0, 0, 0, 0, 0, 0])
      + (0..<frames).flatMap { _ in chunk("ANMF", Array("ANMF, ANMF!".utf8)) }
    return Array("RIFF".utf8) + [UInt8(chunks.count + 4), 0, 0, 0] + Array("WEBP".utf8) + chunks
  }

  /// A PNG that says it moves.
  static func apng(_ still: [UInt8], frames: UInt8) -> [UInt8] {
    let chunk = Array("acTL".utf8) + [0, 0, 0, frames, 0, 0, 0, 0]
    var sum = ~UInt32(0)
    for byte in chunk {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return still[..<33] + [0, 0, 0, 8] + chunk + (0..<4).map { UInt8(truncatingIfNeeded: ~sum >> (24 - 8 * $0)) }
      + still[33...]
  }

  @Test func framesOfMovingPicturesAreCounted() throws {
    let still = PNG.encode(Bitmap(width: 2, height: 2, filledWith: 9))
    for count in [1, 2, 5] {
      for bytes in [
        Self.gif(frames: count), Self.gif(frames: count, hasOwnColours: true), Self.webp(frames: count),
        Self.apng(still, frames: UInt8(count)),
      ] {
        #expect(try ImageConverter.frames(of: try file(bytes)) == count)
        // Cut anywhere it is no more than what is there.
        for end in stride(from: 0, to: bytes.count, by: 7) {
          #expect((1...count).contains(try ImageConverter.frames(of: try file(bytes[..<end]))))
        }
      }
    }
    for bytes in [still, Array(Self.jpeg), Self.tiff(pages: [(1, 1, false), (1, 1, false)]), Self.webp(frames: 0)] {
      #expect(try ImageConverter.frames(of: try file(bytes)) == 1)
    }
    // Hostile ones end, too.
    let endless = Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0] + [UInt8](repeating: 0x21, count: 5000)
    #expect(try ImageConverter.frames(of: try file(endless)) == 1)
    let hollow = Array(still[..<33]) + [0xFF, 0xFF, 0xFF, 0xFF] + Array("acTL".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]
    #expect(try ImageConverter.frames(of: try file(hollow)) == ImageConverter.mostFrames)
  }
}

import Platform

/// The types of images that Grapheion takes, told by what a file says of itself in its first bytes; its name says nothing.
///
/// Only pictures made of pixels are here. What draws, includes, runs or fetches (PostScript, PDF, SVG, playlists, films) is none of them, and
/// no file of another type is ever handed to a converter.
public enum ImageType: String, CaseIterable, Sendable {
  case png = "PNG"
  case jpeg = "JPEG"
  case tiff = "TIFF"
  case jp2 = "JPEG 2000"
  /// JPEG 2000 without its box.
  case j2k = "JPEG 2000 codestream"
  case webp = "WebP"
  case gif = "GIF"
  case bmp = "BMP"
  case heic = "HEIC"
  case avif = "AVIF"

  /// How many bytes `init(start:)` looks at.
  public static let startSize = 32

  /// The type of a file that begins with `start`; nil where it is none of them.
  public init?(start: [UInt8]) {
    func has(_ bytes: [UInt8], at offset: Int = 0) -> Bool { start.dropFirst(offset).starts(with: bytes) }
    func says(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }
    if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if has([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if says("II*\0") || says("MM\0*") || says("II+\0") || says("MM\0+") {
      // Canon's raw files say that they are TIFF; a converter would take the small picture in them.
      if says("CR", at: 8) { return nil }
      self = .tiff
    } else if has([0, 0, 0, 12]) && says("jP  ", at: 4) {
      self = .jp2
    } else if has([0xFF, 0x4F, 0xFF, 0x51]) {
      self = .j2k
    } else if says("RIFF") && says("WEBP", at: 8) {
      self = .webp
    } else if says("GIF87a") || says("GIF89a") {
      self = .gif
    } else if says("BM"), has([0, 0, 0, 0], at: 6), [12, 40, 52, 56, 64, 108, 124].contains(start.dropFirst(14).first) {
      self = .bmp
    } else if says("ftyp", at: 4) {
      if ["avif", "avis"].contains(where: { says($0, at: 8) }) {
        self = .avif
      } else if ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"].contains(where: { says($0, at: 8) }) {
        self = .heic
      } else {
        return nil
      }
    } else {
      return nil
    }
  }

  /// The type of a file; nil where it is no image. Reads its first bytes.
  public static func of(_ path: String) throws(RasterError) -> ImageType? {
    do throws(SystemError) { return ImageType(start: try Files.prefix(of: path, count: startSize)) } catch {
      throw RasterError(reading: error)
    }
  }

  /// What is said of a file that is none of them.
  public static let refusal =
    "is no image that Grapheion takes (PNG, JPEG, TIFF, JPEG 2000, WebP, GIF, BMP, HEIC, AVIF), whatever its name says"
}

extension RasterError {
  /// An error of the system while reading.
  init(reading error: SystemError) {
    self.init(.unreadable, path: error.path, error.reason)
  }
}

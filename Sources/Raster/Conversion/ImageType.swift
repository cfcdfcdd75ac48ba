import Platform

/// The types of images that Grapheion takes, told by what a file says of itself in its first bytes; its name says nothing.
///
/// Pictures made of pixels, and PDF, in which libraries hand out scans: its pages are drawn by poppler or libvips, which run and fetch nothing that stands in
/// it; never by ImageMagick, which would hand it to Ghostscript. What else draws, includes, runs or fetches (PostScript, SVG, playlists, films) is none of
/// them, and no file of another type is ever handed to a converter.
public struct ImageType: Hashable, Sendable {
  /// As people call it.
  public let name: String
  /// How names of such files end, in small letters.
  let endings: [String]
  /// What libvips calls its loader; nil where it reads the type only by guessing.
  let vipsLoader: String?
  /// What ImageMagick and GraphicsMagick call the type; nil where they are not asked.
  let magickFormat: String?
  /// Whether a file that begins so is one.
  let isStart: @Sendable (Start) -> Bool

  public static func == (a: ImageType, b: ImageType) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The first bytes of a file.
  struct Start {
    let bytes: [UInt8]
    func has(_ wanted: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: wanted) }
    func says(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }
    /// A box of ISO 14496-12 of one of these brands.
    func isBox(of brands: String...) -> Bool { says("ftyp", at: 4) && brands.contains { says($0, at: 8) } }
  }
}

extension ImageType {
  public static let png = ImageType(name: "PNG", endings: ["png"], vipsLoader: nil, magickFormat: "png") {
    $0.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }
  public static let jpeg = ImageType(
    name: "JPEG", endings: ["jpg", "jpeg", "jpe", "jfif"], vipsLoader: "jpegload_source", magickFormat: "jpeg"
  ) { $0.has([0xFF, 0xD8, 0xFF]) }
  /// Canon's raw files say that they are TIFF; a converter would take the small picture in them.
  public static let tiff = ImageType(
    name: "TIFF", endings: ["tif", "tiff"], vipsLoader: "tiffload_source", magickFormat: "tiff"
  ) { start in
    ["II*\0", "MM\0*", "II+\0", "MM\0+"].contains { start.says($0) } && !start.says("CR", at: 8)
  }
  public static let jp2 = ImageType(
    name: "JPEG 2000", endings: ["jp2", "jpf", "jpx"], vipsLoader: "jp2kload_source", magickFormat: "jp2"
  ) { $0.has([0, 0, 0, 12]) && $0.says("jP  ", at: 4) }
  /// JPEG 2000 without its box.
  public static let j2k = ImageType(
    name: "JPEG 2000 codestream", endings: ["j2k"], vipsLoader: "jp2kload_source", magickFormat: "j2k"
  ) { $0.has([0xFF, 0x4F, 0xFF, 0x51]) }
  public static let webp = ImageType(
    name: "WebP", endings: ["webp"], vipsLoader: "webpload_source", magickFormat: "webp"
  ) { $0.says("RIFF") && $0.says("WEBP", at: 8) }
  public static let gif = ImageType(name: "GIF", endings: ["gif"], vipsLoader: "gifload_source", magickFormat: "gif") {
    $0.says("GIF87a") || $0.says("GIF89a")
  }
  public static let bmp = ImageType(name: "BMP", endings: ["bmp"], vipsLoader: nil, magickFormat: "bmp") { start in
    start.says("BM") && start.has([0, 0, 0, 0], at: 6)
      && [12, 40, 52, 56, 64, 108, 124].contains(start.bytes.dropFirst(14).first)
  }
  public static let heic = ImageType(
    name: "HEIC", endings: ["heic", "heif"], vipsLoader: "heifload_source", magickFormat: "heic"
  ) { $0.isBox(of: "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1") }
  public static let avif = ImageType(
    name: "AVIF", endings: ["avif"], vipsLoader: "heifload_source", magickFormat: "avif"
  ) { $0.isBox(of: "avif", "avis") }

  public static let pdf = ImageType(
    name: "PDF", endings: ["pdf"], vipsLoader: "pdfload_source", magickFormat: nil
  ) { $0.says("%PDF-") }

  /// The whole table; no file begins as two of them.
  public static let all = [png, jpeg, tiff, jp2, j2k, webp, gif, bmp, heic, avif, pdf]

  /// How many bytes `init(start:)` looks at.
  public static let startSize = 32

  /// The type of a file that begins with `start`; nil where it is none of them.
  public init?(start: [UInt8]) {
    let start = Start(bytes: start)
    guard let type = ImageType.all.first(where: { $0.isStart(start) }) else { return nil }
    self = type
  }

  /// The type of a file; nil where it is no image. Reads its first bytes.
  public static func of(_ path: String) throws(RasterError) -> ImageType? {
    do throws(SystemError) { return ImageType(start: try Files.prefix(of: path, count: startSize)) } catch {
      throw RasterError(reading: error)
    }
  }

  /// What is said of a file that is none of them, by how it begins: what lies in its place, where that is plain.
  public static func refusal(_ start: [UInt8]) -> String { StandIn.words(for: start) ?? refusal }

  private static let refusal =
    "is no image that Grapheion takes (\(all.filter { $0 != .j2k }.map(\.name).joined(separator: ", "))), whatever its name says"

  /// Ends of names, in small letters, that say of a file that it is one of them.
  public static let endings = Set(all.flatMap(\.endings))
}

extension RasterError {
  /// An error of the system while reading.
  init(reading error: SystemError) {
    self.init(.unreadable, path: error.path, error.reason)
  }
}

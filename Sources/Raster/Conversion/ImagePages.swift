import Platform

// What must be known of a file before a converter sees it: how many pictures it holds, and whether it is whole. Converters make a picture of half a
// JPEG without a word, and take the first page of a TIFF as if there were no other.
//
// JPEG (ITU T.81): FF D8, then segments FF <marker> <length, 2 bytes, itself included> …; the scan's bytes follow its segment up to the next
// marker that is neither FF 00 nor a restart (FF D0 … D7); FF D9 ends it.
// TIFF: `TIFFDirectory`.
// PDF (ISO 32000): `%%EOF` is its last line; how many pages it has, the program tells that draws them.

extension ImageConverter {
  static let mostPages = 1000
  /// How far before the end of a PDF its last line may stand.
  private static let pdfTail = 2048

  /// The pages of a file that are pictures in their own right, by the number a converter knows them by: one, but for a TIFF or PDF of several.
  ///
  /// Throws `damaged` for a JPEG or PDF that is cut short, and for a TIFF whose directories are broken, that has no page of full size or one of floating-point
  /// samples; `unreadable` for a PDF where no program is installed that knows its pages.
  public static func pages(of path: String) throws(RasterError) -> [Int] {
    do {
      let bytes = BufferedInput(try InputFile(path: path))
      let start = try bytes.bytes(at: 0, count: max(ImageType.startSize, StandIn.startSize))
      guard let type = ImageType(start: start) else {
        throw RasterError(.damaged, path: path, ImageType.refusal(start))
      }
      switch type {
      case .jpeg:
        guard try jpegIsWhole(bytes) else {
          throw RasterError(.damaged, path: path, "the JPEG is cut short; copy it again")
        }
        return [0]
      case .tiff:
        guard let directories = try tiffDirectories(bytes) else {
          throw RasterError(.damaged, path: path, "the TIFF is cut short or damaged; copy it again")
        }
        let pages = directories.indices.filter { !directories[$0].isReduced }
        guard !pages.isEmpty else {
          throw RasterError(
            .damaged, path: path, "holds previews only, no picture of full size: a camera's raw file? Develop it first")
        }
        guard !pages.contains(where: { directories[$0].isFloat }) else {
          // How much of them is white nobody says: converters make all of it black or white.
          throw RasterError(.damaged, path: path, "holds floating-point samples; save it with 8 or 16 bits")
        }
        return pages
      case .pdf:
        let end = try bytes.bytes(at: max(0, bytes.size - pdfTail), count: pdfTail)
        guard end.indices.contains(where: { end[$0...].starts(with: "%%EOF".utf8) }) else {
          throw RasterError(.damaged, path: path, "the PDF is cut short; copy it again")
        }
        guard let count = try ConverterCall.pages(ofPDF: path) else { throw missing(.pdf, path) }
        guard (1...mostPages).contains(count) else {
          throw RasterError(.tooLarge, path: path, "has \(count) pages; from 1 to \(mostPages) can be taken")
        }
        return Array(0..<count)
      default: return [0]
      }
    } catch let error as SystemError {
      throw RasterError(reading: error)
    } catch let error as RasterError {
      throw error
    } catch {
      throw RasterError(.unreadable, path: path, "\(error)")
    }
  }

  private static func jpegIsWhole(_ file: BufferedInput) throws(SystemError) -> Bool {
    var place = 2
    while true {
      // To the next marker; bytes that belong to nothing are passed over, as decoders do.
      guard let start = try file.next(0xFF, from: place), var marker = try file.byte(at: start + 1) else {
        return false
      }
      place = start + 1
      while marker == 0xFF {
        place += 1
        guard let next = try file.byte(at: place) else { return false }
        marker = next
      }
      place += 1
      switch marker {
      case 0xD9: return true
      case 0x00, 0x01, 0xD0...0xD8: continue
      default:
        guard let high = try file.byte(at: place), let low = try file.byte(at: place + 1) else { return false }
        place += max(2, Int(high) << 8 | Int(low))
      }
    }
  }
}

/// Bytes of a file at any place, a window of it kept. One thread.
final class BufferedInput {
  private let file: InputFile
  private var window: [UInt8] = []
  private var start = 0
  private static let windowSize = 1 << 18

  init(_ file: InputFile) { self.file = file }

  var size: Int { file.size }

  /// Fewer than `count` where the file ends.
  func bytes(at offset: Int, count: Int) throws(SystemError) -> [UInt8] { try file.read(at: offset, count: count) }

  func byte(at offset: Int) throws(SystemError) -> UInt8? {
    if offset < start || offset >= start + window.count {
      window = try file.read(at: offset, count: Self.windowSize)
      start = offset
    }
    return window.isEmpty ? nil : window[offset - start]
  }

  /// The first place from `offset` on where `wanted` stands.
  func next(_ wanted: UInt8, from offset: Int) throws(SystemError) -> Int? {
    var offset = offset
    while try byte(at: offset) != nil {
      if let found = window[(offset - start)...].firstIndex(of: wanted) { return start + found }
      offset = start + window.count
    }
    return nil
  }
}

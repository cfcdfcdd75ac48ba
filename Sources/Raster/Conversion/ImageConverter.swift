import Platform

/// Images of other types made PNG, upright as their Exif orientation says, by a program that is installed: libvips, ImageMagick or GraphicsMagick; pages
/// of a PDF by poppler's programs or libvips.
///
/// The first of them that knows the type does it; where it refuses, the file is refused with its words, and no other program sees it. The file's
/// type is what its bytes say (`ImageType`), and is forced on the program. Its name is not told to it at all: the program reads standard input and writes
/// standard output, so that no `[`, `%d` or `-` in a name means anything. Time, memory and the size of the result are bounded.
public enum ImageConverter {
  static let bounds = ChildProcess.Bounds(seconds: 600, memory: 8 << 30, fileSize: 4 << 30)

  /// Makes a PNG of one page of an image that is none, or of a PNG that is not ready.
  ///
  /// - Parameters:
  ///   - page: one of `pages(of:)`.
  ///   - target: the file to make, flushed; after an error nothing of it is to be used.
  ///   - note: told what of the picture is not as the file has it.
  /// - Returns: what made it, with its version, and with the resolution where it drew a page: `vips-8.16.1`.
  @discardableResult
  public static func convert(_ path: String, page: Int = 0, toPNG target: String, note: (String) -> Void = { _ in })
    throws(RasterError) -> String
  {
    let input: InputFile
    let start: [UInt8]
    var directory: TIFFDirectory?
    do throws(SystemError) {
      input = try InputFile(path: path)
      start = try input.read(at: 0, count: max(ImageType.startSize, StandIn.startSize))
      if ImageType(start: start) == .tiff { directory = try tiffDirectory(BufferedInput(input), page: page) }
    } catch {
      throw RasterError(reading: error)
    }
    guard let type = ImageType(start: start) else { throw RasterError(.damaged, path: path, ImageType.refusal(start)) }
    let orientation = try orientation(of: path, page: page)
    if type == .png {
      let bits = try writeAnew(path, turnedBy: orientation, dropsAlpha: false, toPNG: target, note: note)
      return ((orientation == .upright ? [] : ["turned upright"]) + words(bits)).joined(separator: ", ")
    }
    let dropsAlpha = directory?.hasFalseAlpha == true
    for kind in ConverterCall.Kind.allCases {
      guard let call = try ConverterCall.call(kind, type, page: page, dropsAlpha: dropsAlpha, path) else { continue }
      let output = try RasterError.writing { () throws(SystemError) in try ReplacementFile(path: target) }
      let outcome: ChildProcess.Outcome
      do throws(SystemError) {
        outcome = try ChildProcess.run(call.program, call.words, input: input, output: output, bounds: bounds)
      } catch {
        throw RasterError(reading: error)
      }
      if outcome.status == 0, !outcome.ranOutOfTime, !saysCutShort(outcome.errors) {
        try RasterError.writing { () throws(SystemError) in try output.commit() }
        let bits = try writeAnew(
          target, turnedBy: call.leavesTurned ? orientation : .upright, dropsAlpha: dropsAlpha && call.leavesAlpha,
          toPNG: target, note: note)
        if let others = directory?.others, others > 0 {
          note(
            "has \(others) \(others == 1 ? "band" : "bands") beside its colours (infra-red, a mask): not taken")
        }
        return ([try call.version(path)] + (call.resolution.map { ["\($0) dpi"] } ?? []) + words(bits))
          .joined(separator: ", ")
      }
      // Built without the library that reads the type: it has not looked at the file.
      if says(outcome.errors, ["no decode delegate"]) { continue }
      throw RasterError(.damaged, path: path, refusal(of: Files.name(call.program), type, outcome))
    }
    throw missing(type, path)
  }

  private static func words(_ bits: Int?) -> [String] { bits.map { ["spread from \($0) bits"] } ?? [] }

  static func missing(_ type: ImageType, _ path: String) -> RasterError {
    RasterError(
      .unreadable, path: path,
      type == .pdf
        ? "is a PDF document, for whose pages no converter is installed (apt-get install poppler-utils, or libvips-tools)"
        : "is a \(type.name) image, for which no converter is installed (apt-get install libvips-tools, or imagemagick)"
    )
  }

  /// Whether a converter that was content with it has said that half of the image is missing.
  private static func saysCutShort(_ errors: [UInt8]) -> Bool {
    says(errors, ["premature end", "truncated", "unexpected end", "not enough data", "read error on strip"])
  }

  private static func says(_ errors: [UInt8], _ words: [String]) -> Bool {
    let text = String(decoding: errors, as: UTF8.self).lowercased()
    return words.contains { text.contains($0) }
  }

  private static func refusal(of program: String, _ type: ImageType, _ outcome: ChildProcess.Outcome) -> String {
    let start = "is a \(type.name) \(type == .pdf ? "document" : "image"), which \(program) could not convert to PNG"
    if outcome.ranOutOfTime { return start + " within \(bounds.seconds / 60) minutes" }
    let words = String(decoding: outcome.errors.prefix(2000), as: UTF8.self).split(separator: "\n").first {
      !$0.isEmpty
    }
    let advice =
      program == "vips" ? "" : "; libvips-tools, where it is installed, has no such limits of width, height and area"
    guard let words else { return start + " (status \(outcome.status))" }
    return start + ": \(words)" + (words.contains("limit") || words.contains("policy") ? advice : "")
  }
}

import Platform

/// Images of other types made PNG, upright as their Exif orientation says, by a program that is installed: libvips, ImageMagick or GraphicsMagick.
///
/// The first of them that knows the type does it; where it refuses, the file is refused with its words, and no other program sees it. The file's
/// type is what its bytes say (`ImageType`), and is forced on the program. Its name is not told to it at all: the program reads standard input and writes
/// standard output, so that no `[`, `%d` or `-` in a name means anything. Time, memory and the size of the result are bounded.
public enum ImageConverter {
  static let bounds = ChildProcess.Bounds(seconds: 600, memory: 8 << 30, fileSize: 4 << 30)

  /// Makes a PNG of one page of an image that is none.
  ///
  /// - Parameters:
  ///   - page: one of `pages(of:)`.
  ///   - target: the file to make, flushed; after an error it is as it was.
  public static func convert(_ path: String, page: Int = 0, toPNG target: String) throws(RasterError) {
    let input: InputFile
    let start: [UInt8]
    do throws(SystemError) {
      input = try InputFile(path: path)
      start = try input.read(at: 0, count: ImageType.startSize)
    } catch {
      throw RasterError(reading: error)
    }
    guard let type = ImageType(start: start), type != .png else {
      throw RasterError(.damaged, path: path, ImageType.refusal)
    }
    guard let (program, arguments) = try command(for: type, page: page, path) else {
      throw RasterError(
        .unreadable, path: path,
        "is a \(type.name) image, for which no converter is installed (apt-get install libvips-tools, or imagemagick)"
      )
    }
    let output = try RasterError.writing { () throws(SystemError) in try ReplacementFile(path: target) }
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      outcome = try ChildProcess.run(program, arguments, input: input, output: output, bounds: bounds)
    } catch {
      throw RasterError(reading: error)
    }
    guard outcome.status == 0, !outcome.ranOutOfTime, !saysCutShort(outcome.errors) else {
      throw RasterError(.damaged, path: path, refusal(of: Files.name(program), type, outcome))
    }
    try RasterError.writing { () throws(SystemError) in try output.commit() }
  }

  /// The program and its words; nil where none is installed that reads the type.
  private static func command(
    for type: ImageType, page: Int, _ path: String
  ) throws(RasterError) -> (String, [String])? {
    if let vips = ChildProcess.find("vips"), let loader = type.vipsLoader {
      let help: ChildProcess.Outcome
      // Which loaders it has depends on how it was built: it tells when asked for one without words.
      do throws(SystemError) { help = try ChildProcess.run(vips, [loader]) } catch { throw RasterError(reading: error) }
      if help.status == 0 {
        var words = [loader, "[descriptor=0]", ".png"]
        if type == .tiff { words += ["--page", String(page)] }
        let options = String(decoding: help.output + help.errors, as: UTF8.self)
        if options.contains("autorotate ") { words.append("--autorotate") }
        if options.contains("fail-on ") { words += ["--fail-on", "truncated"] }
        return (vips, words)
      }
    }
    let source = type.magickFormat + ":-[\(page)]"
    for name in ["magick", "convert"] {
      guard let magick = ChildProcess.find(name) else { continue }
      return (
        magick,
        [
          "-limit", "memory", "1GiB", "-limit", "map", "2GiB", "-limit", "disk", "8GiB", source, "-auto-orient",
          "png:-",
        ]
      )
    }
    if let graphics = ChildProcess.find("gm") {
      return (
        graphics, ["convert", "-limit", "Memory", "1GB", "-limit", "Map", "2GB", source, "-auto-orient", "png:-"]
      )
    }
    return nil
  }

  /// Whether a converter that was content with it has said that half of the image is missing.
  private static func saysCutShort(_ errors: [UInt8]) -> Bool {
    let text = String(decoding: errors, as: UTF8.self).lowercased()
    return ["premature end", "truncated", "unexpected end", "not enough data", "read error on strip"].contains {
      text.contains($0)
    }
  }

  private static func refusal(of program: String, _ type: ImageType, _ outcome: ChildProcess.Outcome) -> String {
    let start = "is a \(type.name) image, which \(program) could not convert to PNG"
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

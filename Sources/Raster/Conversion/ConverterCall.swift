import Platform

/// One of the programs that convert, as it is installed, with what it is told of one page: it reads standard input and writes PNG to standard output.
struct ConverterCall {
  let program: String
  let words: [String]
  /// What makes it tell its version.
  let versionWord: String
  /// Pixels an inch, where it draws what has none of its own.
  var resolution: Int?
  /// Whether it leaves the picture as the camera held it.
  var leavesTurned = false
  /// Whether it takes any band behind the colours for transparency, and cannot be told otherwise.
  var leavesAlpha = false

  /// The programs that are asked, in this order.
  enum Kind: CaseIterable { case poppler, vips, magick, convert, graphics }

  /// The call for a page of a file; nil where the program is not there or does not know the type.
  /// - Parameter dropsAlpha: whether what would be taken for transparency is none.
  static func call(
    _ kind: Kind, _ type: ImageType, page: Int, dropsAlpha: Bool, _ path: String
  ) throws(RasterError) -> ConverterCall? {
    switch kind {
    case .poppler: try poppler(type, page, path)
    case .vips: try vips(type, page)
    case .magick: magick("magick", type, page, dropsAlpha)
    case .convert: magick("convert", type, page, dropsAlpha)
    case .graphics: magick("gm", type, page, dropsAlpha)
    }
  }

  /// Pages of a PDF, each at the resolution of the largest picture on it: a scan keeps its pixels.
  private static func poppler(
    _ type: ImageType, _ page: Int, _ path: String
  ) throws(RasterError) -> ConverterCall? {
    guard type == .pdf, let program = ChildProcess.find("pdftoppm") else { return nil }
    let number = String(page + 1)
    var resolution = drawn
    if let lister = ChildProcess.find("pdfimages") {
      let list = try said(lister, ["-list", "-f", number, "-l", number, "-"], of: path)
      resolution = Self.resolution(inList: String(decoding: list.output, as: UTF8.self)) ?? drawn
    }
    return ConverterCall(
      program: program, words: ["-png", "-r", String(resolution), "-f", number, "-l", number, "-"], versionWord: "-v",
      resolution: resolution)
  }

  private static func vips(_ type: ImageType, _ page: Int) throws(RasterError) -> ConverterCall? {
    guard let program = ChildProcess.find("vips"), let loader = type.vipsLoader else { return nil }
    // Which loaders it has depends on how it was built: it tells when asked for one without words.
    let help = try said(program, [loader])
    guard help.status == 0 else { return nil }
    var words = [loader, "[descriptor=0]", ".png"]
    if type == .tiff || type == .pdf { words += ["--page", String(page)] }
    if type == .pdf { words += ["--dpi", String(drawn)] }
    let options = String(decoding: help.output + help.errors, as: UTF8.self)
    // Of a TIFF that it is to turn it reads rows in another order than it can from a pipe; of WebP it does not know how.
    let turns = type != .tiff && options.contains("autorotate ")
    if turns { words.append("--autorotate") }
    if options.contains("fail-on ") { words += ["--fail-on", "truncated"] }
    return ConverterCall(
      program: program, words: words, versionWord: "--version", resolution: type == .pdf ? drawn : nil,
      leavesTurned: !turns, leavesAlpha: true)
  }

  private static func magick(_ name: String, _ type: ImageType, _ page: Int, _ dropsAlpha: Bool) -> ConverterCall? {
    guard let program = ChildProcess.find(name), let format = type.magickFormat else { return nil }
    // What a WebP says of its orientation some releases read and others do not.
    let turns = type != .webp
    let isGraphics = name == "gm"
    let opaque = dropsAlpha ? (isGraphics ? ["+matte"] : ["-alpha", "off"]) : []
    let result = [format + ":-[\(page)]"] + (turns ? ["-auto-orient"] : []) + opaque + ["png:-"]
    if isGraphics {
      return ConverterCall(
        program: program, words: ["convert", "-limit", "Memory", "1GB", "-limit", "Map", "2GB"] + result,
        versionWord: "version", leavesTurned: !turns)
    }
    return ConverterCall(
      program: program,
      // It would write the hour into what it makes: the same picture is to be the same file.
      words: ["-limit", "memory", "1GiB", "-limit", "map", "2GiB", "-limit", "disk", "8GiB"]
        + ["-define", "png:exclude-chunks=date,time"] + result,
      versionWord: "-version", leavesTurned: !turns)
  }

  /// At how many pixels an inch pages without a picture are drawn, and the bounds for those with one.
  private static let drawn = 300
  private static let resolutions = 100...1200

  /// What `pdfimages -list` says of the largest picture:
  /// `page num type width height color comp bpc enc interp object ID x-ppi y-ppi size ratio`, `object ID` being one word or two.
  static func resolution(inList list: String) -> Int? {
    let pictures = list.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count >= 14 }
    let sized = pictures.compactMap { words -> (area: Int, resolution: Int)? in
      guard words[2] == "image", let width = Int(words[3]), let height = Int(words[4]),
        let across = Int(words[words.count - 4]), let down = Int(words[words.count - 3]), width < 1 << 24,
        height < 1 << 24
      else { return nil }
      return (width * height, max(across, down))
    }
    return sized.max { $0.area < $1.area }.map {
      min(max($0.resolution, resolutions.lowerBound), resolutions.upperBound)
    }
  }

  /// How many pages a PDF has; nil where no program is installed that tells.
  static func pages(ofPDF path: String) throws(RasterError) -> Int? {
    if let program = ChildProcess.find("pdfinfo") {
      let outcome = try said(program, ["-"], of: path)
      let row = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Pages:") }
      if outcome.status == 0, let count = row?.split(separator: " ").last.flatMap({ Int($0) }) { return count }
      let words = String(decoding: outcome.errors, as: UTF8.self).split(separator: "\n").first ?? "it tells no pages"
      throw RasterError(.damaged, path: path, "is a PDF document, which pdfinfo could not read: \(words)")
    }
    guard let program = ChildProcess.find("vipsheader"), try vips(.pdf, 0) != nil else { return nil }
    let outcome = try said(program, ["-f", "n-pages", "stdin"], of: path)
    let count = Int(String(decoding: outcome.output, as: UTF8.self).filter { !$0.isWhitespace })
    guard outcome.status == 0, let count else {
      let words = String(decoding: outcome.errors, as: UTF8.self).split(separator: "\n").first ?? "it tells no pages"
      throw RasterError(.damaged, path: path, "is a PDF document, which vipsheader could not read: \(words)")
    }
    return count
  }

  /// The program and its version, from the first line it says of itself: `Version: ImageMagick 7.1.1-43 Q16 …` is `ImageMagick 7.1.1-43`.
  func version(_ path: String) throws(RasterError) -> String {
    let outcome = try Self.said(program, [versionWord])
    let line = String(decoding: outcome.output + outcome.errors, as: UTF8.self).split(separator: "\n").first ?? ""
    let words = line.split(separator: " ").drop { $0 == "Version:" }
    guard let number = words.firstIndex(where: { $0.contains { $0.isASCII && $0.isNumber } }) else {
      return Files.name(program)
    }
    return words[...number].joined(separator: " ")
  }

  private static func said(
    _ program: String, _ words: [String], of path: String? = nil
  ) throws(RasterError) -> ChildProcess.Outcome {
    do throws(SystemError) {
      var input: InputFile?
      if let path { input = try InputFile(path: path) }
      return try ChildProcess.run(program, words, input: input, bounds: ImageConverter.bounds, limit: 1 << 20)
    } catch {
      throw RasterError(reading: error)
    }
  }
}

import Corpus
import Inference
import JSON
import Pipeline
import Platform
import Raster
import Text
import Texts

/// `grapheion read`: photographs or single lines, without a corpus.
let readCommand = Command(
  name: "read",
  summary: "Read photographs with the model and print what they say",
  operands: "IMAGE...",
  count: 1...Int.max,
  options: [
    Option("--line", nil, "each image is one text line, of any size"),
    Option("--like", "PATTERN", "with --line: what is known of it, as 'και..ν*': . is one letter, * any number"),
    Option("--candidates", "N", "print N readings of each line, as `2.1  93%  και`; in JSON 5 unless said"),
    Option("--fast", nil, "one look at each line: several times faster, a tenth more errors"),
    Option("--model", "MODEL", "a model that ships, by name, or a file (default \(Installation.defaultModel))"),
    Option(
      "--words", nil, "divided into words as an edition has them, by the words of the known texts (grapheion texts)"),
    Arguments.libraryOption,
    Option("--json", nil, "one JSON object for each image"),
  ],
  example: "grapheion read photograph.png --candidates 3"
) { arguments in
  var settings = ReadingSettings()
  settings.candidates = try arguments.int("--candidates", in: 1...100) ?? settings.candidates
  settings.looksAgain = !arguments.has("--fast")
  settings.beam = max(settings.beam, 3 * settings.candidates)
  let path = try Installation.model(arguments.value("--model") ?? Installation.defaultModel)
  let reader = ModelFragmentReader(
    try ReaderModel.load(path: path), lines: try Installation.lineFinder(), settings: settings)
  let pattern: LinePattern? = try arguments.value("--like").map { text in
    guard arguments.has("--line") else { throw Failure(.usage, "read: --like needs --line.") }
    guard let pattern = LinePattern(typed: text) else {
      throw Failure(
        .usage, "read: --like takes Greek letters, . for one and * for any number, \(LinePattern.longest) at most.")
    }
    return pattern
  }
  let divider =
    arguments.has("--words")
    ? try TextLibrary(at: arguments.libraryFolder()).wordDivider { Console.note("read: \($0)") } : nil
  Interruption.watch()
  var failed = 0
  for image in arguments.operands {
    if Interruption.happened { return .interrupted }
    do {
      let reading = try ImageReading(image, reader: reader, isLine: arguments.has("--line"), like: pattern, divider)
      if reading.lines.isEmpty { Console.note("read: \(displayText(image)): no line of writing was found on it.") }
      reading.print(
        asJSON: arguments.has("--json"), showsAll: arguments.has("--candidates"),
        title: arguments.operands.count > 1 ? image : nil)
    } catch {
      failed += 1
      Console.error(Failure(wording: error).message)
    }
  }
  if failed == 0 { return .done }
  return failed == arguments.operands.count ? .unreadable : .someFailed
}

/// What one image says.
struct ImageReading {
  let image: String
  let width: Int
  let height: Int
  let model: String
  let seconds: Double
  let lines: [LineReading]
  /// The candidates of each line in words; of the first ones lines go on in the next. nil where nobody asked.
  private(set) var words: [[String]]?

  init(
    _ path: String, reader: ModelFragmentReader, isLine: Bool, like pattern: LinePattern?, _ divider: WordDivider?
  ) throws {
    let start = Clock.monotonic()
    image = path
    model = reader.model
    let note = { (what: String) in Console.note("read: \(displayText(path)): \(displayText(what))") }
    (width, height, lines) = try ImageFile.withPNG(path, note: note) { png in
      if isLine {
        let header = try PNG.header(path: png)
        let (wide, high) = (header.width, header.height)
        guard wide * high <= Self.largestLine, max(wide, high) <= 1 << 16 else {
          throw RasterError(
            .tooLarge, path: path,
            "\(wide) x \(high) pixels are more than one line can have; scale it down")
        }
        let strip = try PNG.read(path: png)
        return (strip.width, strip.height, [reader.read(line: strip, like: pattern)])
      }
      let header = try PNG.header(path: png)
      let lines = try reader.read(file: png, index: 0, regions: [], progress: { _, _ in !Interruption.happened })
      return (header.width, header.height, lines)
    }
    if let divider {
      // The best candidates are one text, in which words run over line ends; the others stand each for itself.
      let best = divider.lines(lines.map { $0.candidates.first?.leiden ?? "" })
      words = zip(lines, best).map { line, best in
        line.candidates.enumerated().map { number, candidate in
          number == 0 ? best.text + (best.runsOn ? "-" : "") : divider.lines([candidate.leiden])[0].text
        }
      }
    }
    seconds = Clock.monotonic() - start
  }

  /// A candidate as it is shown.
  private func shown(_ line: Int, _ candidate: Int) -> String {
    words?[line][candidate] ?? lines[line].candidates[candidate].leiden
  }

  /// Pixels of a strip that is read as one line.
  private static let largestLine = 16 << 20

  /// - Parameter showsAll: every candidate in a row of its own, with the line's number and its own: `2.1  93%  και`.
  func print(asJSON: Bool, showsAll: Bool, title: String?) {
    if asJSON {
      Console.print(json.text)
      return
    }
    if let title { Console.print("\(displayText(title)):") }
    for (number, line) in lines.enumerated() {
      if showsAll {
        for (rank, candidate) in line.candidates.enumerated() {
          let percent = "\(Int((candidate.probability * 100).rounded()))%"
          let blanks = String(repeating: " ", count: max(1, 6 - percent.count))
          Console.print("\(number + 1).\(rank + 1)\(blanks)\(percent)  \(shown(number, rank))")
        }
        continue
      }
      guard !line.candidates.isEmpty else {
        if lines.count > 1 { Console.print("\(number + 1).") }
        continue
      }
      Console.print(lines.count > 1 ? "\(number + 1). \(shown(number, 0))" : shown(number, 0))
    }
  }

  var json: JSONValue {
    func points(_ points: [Point]) -> JSONValue {
      .array(points.map { [.int(Int($0.x.rounded())), .int(Int($0.y.rounded()))] })
    }
    func short(_ probability: Double) -> JSONValue { .double((probability * 10000).rounded() / 10000) }
    return .object([
      "image": .string(image), "size": [.int(width), .int(height)], "model": .string(model),
      "seconds": .double((seconds * 1000).rounded() / 1000),
      "lines": .array(
        lines.enumerated().map { lineNumber, line in
          .object([
            "polygon": points(line.region.polygon.points), "baseline": points(line.region.baseline),
            "candidates": .array(
              line.candidates.enumerated().map { number, candidate in
                .object([
                  "text": .string(candidate.text), "leiden": .string(candidate.leiden),
                  "words": words.map { .string($0[lineNumber][number]) },
                  "probability": short(candidate.probability),
                  "letters": .array(
                    candidate.letters.map { letter in
                      let along: JSONValue = [.int(Int(letter.left.rounded())), .int(Int(letter.right.rounded()))]
                      return .object([
                        "text": .string(letter.text), "probability": short(letter.probability),
                        "x": line.region.runsAcross ? along : line.region.polygon.extent,
                        "y": line.region.runsAcross ? nil : along,
                        "alternatives": .array(
                          letter.alternatives.map {
                            .object(["text": .string($0.text), "probability": short($0.probability)])
                          }),
                      ])
                    }),
                ])
              }),
          ])
        }),
    ])
  }
}

extension Polygon {
  /// Its first and last column.
  fileprivate var extent: JSONValue { [.int(bounds.x), .int(bounds.maxX)] }
}

/// Reads an image file of any type: PNG at once, others through an installed converter.
enum ImageFile {
  static func read(_ path: String) throws -> Bitmap { try withPNG(path) { try PNG.read(path: $0) } }

  /// Gives `body` the path of the image as PNG.
  /// - Parameter note: told what of the file is not read, or not as it stands there.
  static func withPNG<Result>(
    _ path: String, note: (String) -> Void = { _ in }, _ body: (String) throws -> Result
  ) throws -> Result {
    let pages = try ImageConverter.pages(of: path)
    if pages.count > 1 { note("has \(pages.count) pages: the first is read") }
    let frames = try ImageConverter.frames(of: path)
    if frames > 1 { note("is a moving picture: the first of its \(frames) frames is read") }
    if try ImageConverter.isReady(path) { return try body(path) }
    let scratch = Files.scratch(".png")
    defer { if Files.exists(scratch) { do { try Files.remove(scratch) } catch { Console.error("\(error)") } } }
    try ImageConverter.convert(path, page: pages[0], toPNG: scratch, note: note)
    return try body(scratch)
  }
}

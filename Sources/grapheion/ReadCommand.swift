import Corpus
import Inference
import JSON
import Pipeline
import Platform
import Raster

/// `grapheion read`: photographs or single lines, without a corpus.
let readCommand = Command(
  name: "read",
  summary: "Read photographs with the model and print what they say",
  operands: "IMAGE...",
  count: 1...Int.max,
  options: [
    Option("--line", nil, "each image is one text line, of any size"),
    Option("--candidates", "N", "readings offered for a line (default 5)"),
    Option("--fast", nil, "one look at each line: several times faster, a tenth more errors"),
    Option("--model", "MODEL", "a model that ships, by name, or a file (default \(Installation.defaultModel))"),
    Option("--json", nil, "one JSON object for each image"),
  ],
  example: "grapheion read photograph.png --candidates 3"
) { arguments in
  var settings = ReadingSettings()
  settings.candidates = try arguments.int("--candidates", in: 1...100) ?? settings.candidates
  settings.looksAgain = !arguments.has("--fast")
  settings.beam = max(settings.beam, 3 * settings.candidates)
  let path = try Installation.model(arguments.value("--model") ?? Installation.defaultModel)
  let reader = ModelFragmentReader(try ReaderModel.load(path: path), settings: settings)
  Interruption.watch()
  var failed = 0
  for image in arguments.operands {
    if Interruption.happened { return .interrupted }
    do {
      let reading = try ImageReading(image, reader: reader, isLine: arguments.has("--line"))
      reading.print(asJSON: arguments.has("--json"), title: arguments.operands.count > 1 ? image : nil)
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

  init(_ path: String, reader: ModelFragmentReader, isLine: Bool) throws {
    let start = Clock.monotonic()
    let bitmap = try ImageFile.read(path)
    image = path
    (width, height) = (bitmap.width, bitmap.height)
    model = reader.model
    lines =
      isLine
      ? [reader.read(line: bitmap)]
      : try reader.read(photograph: bitmap, index: 0, regions: [], progress: { _, _ in !Interruption.happened })
    seconds = Clock.monotonic() - start
  }

  func print(asJSON: Bool, title: String?) {
    if asJSON {
      Console.print(json.text)
      return
    }
    if let title { Console.print("\(displayText(title)):") }
    for (number, line) in lines.enumerated() {
      guard let best = line.candidates.first else {
        if lines.count > 1 { Console.print("\(number + 1).") }
        continue
      }
      Console.print(lines.count > 1 ? "\(number + 1). \(best.leiden)" : best.leiden)
      for other in line.candidates.dropFirst() {
        Console.note("     \(Int((other.probability * 100).rounded()))%  \(other.leiden)")
      }
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
        lines.map { line in
          .object([
            "polygon": points(line.region.polygon.points), "baseline": points(line.region.baseline),
            "candidates": .array(
              line.candidates.map { candidate in
                .object([
                  "text": .string(candidate.text), "leiden": .string(candidate.leiden),
                  "probability": short(candidate.probability),
                  "letters": .array(
                    candidate.letters.map {
                      .object([
                        "text": .string($0.text), "probability": short($0.probability),
                        "x": [.int(Int($0.left.rounded())), .int(Int($0.right.rounded()))],
                      ])
                    }),
                ])
              }),
          ])
        }),
    ])
  }
}

/// Reads an image file of any type: PNG at once, others through an installed converter.
enum ImageFile {
  static func read(_ path: String) throws -> Bitmap {
    let start = try Files.prefix(of: path, count: 4)
    if start == [0x89, 0x50, 0x4E, 0x47] || start.count < 4 { return try PNG.read(path: path) }
    let scratch = "/tmp/grapheion-\(Clock.now()).png"
    defer { if Files.exists(scratch) { do { try Files.remove(scratch) } catch { Console.error("\(error)") } } }
    try CorpusStore.convert(path, toPNG: scratch)
    return try PNG.read(path: scratch)
  }
}

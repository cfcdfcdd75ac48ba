import Corpus
import Platform
import Raster
import Scribe
import Text
import Training

/// `grapheion scribe`: a corpus of drawn fragments, each with `truth.json` beside `fragment.json`.
let scribeCommand = Command(
  name: "scribe",
  summary: "Draw papyrus fragments with exact truth and make a corpus of them",
  operands: "",
  count: 0...0,
  options: [
    Option("--to", "DIR", "the corpus to make; a new or empty folder"),
    Option("--count", "N", "how many fragments (default 30)"),
    Option("--seed", "N", "another number draws other fragments; the same one the same bytes (default 1)"),
    Option(
      "--lines", "SOURCE",
      "line strips with their texts instead, to measure readers by: 'scribe', 'cursive' or letters (.tar), hands and papyri that training never sees"
    ),
    Option("--texts", "FILE", "with --lines: texts of papyri to write (.tsv or .tsv.xz)"),
  ],
  example: "grapheion scribe --to drawn/ --count 30 --seed 1"
) { arguments in
  let folder = try arguments.require("--to")
  let count = try arguments.int("--count", in: 1...1_000_000) ?? 30
  let seed = UInt64(try arguments.int("--seed", in: 0...Int.max) ?? 1)
  if let source = arguments.value("--lines") {
    let texts = try arguments.value("--texts").map { try LineTexts.load(path: $0) } ?? .templates
    return try drawLines(of: source, texts: texts, count: count, to: folder)
  }
  let corpus = try CorpusStore.create(at: folder, name: "Drawn papyri", sharded: count > 5000)
  let progress = Progress("scribe", of: count)
  Interruption.watch()
  let digits = max(3, String(count).count)
  var lines = 0
  for number in 1...count {
    if Interruption.happened {
      progress.finish()
      Console.note("scribe: interrupted; \(number - 1) fragments are drawn.")
      return .interrupted
    }
    var dice = Dice(seed, stream: UInt64(number))
    let fragment = ScribeFragment.draw(seed: dice.next())
    let name = String(number)
    let id = "scribe-" + String(repeating: "0", count: digits - name.count) + name
    try DrawnFragment.store(fragment, id: id, in: corpus)
    lines += fragment.lines.count
    progress.update(number)
  }
  progress.finish()
  Console.print("\(folder): \(count) fragments, \(lines) lines")
  return .done
}

/// Writes `count` strips of each kind of line that the source keeps apart: `KIND/NAME.png` with `KIND/NAME.gt.txt`.
private func drawLines(of source: String, texts: LineTexts, count: Int, to folder: String) throws -> ExitStatus {
  let kinds = try TrainingData.open(
    source, plan: TrainingPlan(), texts: texts, checkTexts: texts, check: .measuring
  ).1
  guard !kinds.isEmpty else {
    throw Failure(
      .usage, "scribe: --lines \(displayText(source)): takes 'scribe', 'cursive' or an archive of letters (.tar).")
  }
  for kind in kinds {
    let place = folder + "/" + kind.name.replacing(" ", with: "-")
    try Files.makeFolder(place)
    var letters = 0
    for number in 0..<count {
      let line = kind.lines.line(UInt64(number))
      let text = String(line.letters.lazy.filter { $0.visible >= LineSample.legible }.map(\.letter))
      try Files.replace("\(place)/\(number).png", with: PNG.encode(line.strip))
      try Files.replace("\(place)/\(number).gt.txt", with: Array((text + "\n").utf8))
      letters += text.count
    }
    Console.print("\(displayText(place)): \(count) lines, \(letters) letters")
  }
  return .done
}

/// How a drawn fragment lies in a corpus.
enum DrawnFragment {
  static func store(_ drawn: ScribeFragment, id: String, in corpus: CorpusStore) throws {
    let folder = try corpus.folder(of: id)
    let file = id + ".png"
    try Files.makeFolder(folder)
    try Files.replace(folder + "/" + file, with: PNG.encode(drawn.image, compression: 9))
    try Files.replace(
      folder + "/truth.json", with: FragmentTruth(of: drawn, image: file).serialised())
    let about = drawn.metadata
    try corpus.add(
      Fragment(
        id: id, identifiers: Identifiers(inventory: about.inventory), title: about.title,
        date: DateRange(notBefore: about.notBefore, notAfter: about.notAfter), place: about.place,
        material: about.material, rights: about.rights,
        photographs: [
          Photograph(file: file, width: drawn.image.width, height: drawn.image.height, side: "recto")
        ]))
  }
}

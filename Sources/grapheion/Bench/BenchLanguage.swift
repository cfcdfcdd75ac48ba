import Glibc
import Inference
import Platform
import Texts

/// `grapheion bench language`: words, places and dates of papyri kept apart. Data: `ddbdp-train.tsv.xz`, `ddbdp-dev.tsv.xz` and, for places and dates,
/// `papyri-places-dates.tsv.xz` in the folder that `--in` names.
let benchLanguage = Bench(
  name: "language", summary: "words made of letters, places and dates told, in papyri kept apart; all models made anew"
) { folder in
  guard let databank = DatabankFiles(folder) else { return }
  let scratch = try TemporaryFolder("bench")
  defer { scratch.remove() }
  var library = try TextLibrary(at: scratch.path + "/known")
  _ = try library.add(databank.train, name: "train")
  var apart = try TextLibrary(at: scratch.path + "/apart")
  _ = try apart.add(databank.dev, name: "dev")

  try benchLetters(apart)
  try benchLessons(apart)
  var start = Clock.processor()
  let divider = try library.wordDivider()
  Bench.figure("words counted, of the processor", "\(short(Clock.processor() - start)) s")
  start = Clock.processor()
  let words = try WordOutcome.measure(divider, rows: apart.folder + "/dev.tsv", workers: Threads.cores)
  let seconds = Clock.processor() - start
  func show(_ name: String, _ kind: KeyPath<WordOutcome, (count: Int, right: Int)>, goal: String? = nil) {
    let count = words.reduce(0) { $0 + $1[keyPath: kind].count }
    let right = words.reduce(0) { $0 + $1[keyPath: kind].right }
    Bench.figure("\(name) (\(count)) exactly right, %", short(100 * Double(right) / Double(max(1, count))), goal: goal)
  }
  show("words written out", \.plain, goal: "88")
  show("abbreviated words", \.abbreviated)
  show("numerals", \.numerals)
  show("what gaps leave of words", \.parts)
  let all = words.reduce(0) { $0 + $1.plain.count + $1.abbreviated.count + $1.numerals.count }
  Bench.figure(
    "all words: begin and end where they should, %",
    short(100 * Double(words.reduce(0) { $0 + $1.divided }) / Double(max(1, all))))
  Bench.figure("a thousand words divided, one core", "\(short(1e6 * seconds / Double(max(1, all)))) ms")

  let table = databank.folder + "/papyri-places-dates.tsv.xz"
  guard Files.exists(table) else {
    Console.print("  places and dates skipped: they need papyri-places-dates.tsv.xz")
    return
  }
  _ = try library.add(table, name: "places-and-dates")
  start = Clock.processor()
  let model = try library.originModel()
  Bench.figure("places and dates learnt, of the processor", "\(short(Clock.processor() - start)) s")
  let origins = try OriginOutcome.measure(model, apart, library.places(), workers: Threads.cores)
  let placed = origins.filter(\.isPlaced)
  func share(_ ranks: Int) -> String {
    let right = placed.count { $0.rank.map { $0 < ranks } ?? false }
    return short(100 * Double(right) / Double(max(1, placed.count)))
  }
  Bench.figure("places of \(placed.count) texts: first / among 3, %", "\(share(1)) / \(share(3))", goal: "67 / 81")
  let years = origins.compactMap(\.years).sorted()
  if !years.isEmpty {
    let mean = Double(years.reduce(0, +)) / Double(years.count)
    Bench.figure(
      "years from the middle of the date, \(years.count) texts: mean / median",
      "\(short(mean)) / \(years[years.count / 2])",
      goal: "33 / 10")
  }
}

/// How well the decoder of letters that ships tells what the ink shows: letters of texts kept apart, known what stands before them in the text.
private func benchLetters(_ apart: TextLibrary) throws {
  let path = try Installation.part("models") + "/apollo-language.gguf"
  guard Files.exists(path) else { return }
  var texts = LetterStreams()
  try texts.add(apart.folder + "/dev.tsv")
  let session = DecoderSession(try DecoderModel(path: path), capacity: window)
  let letters = Int(LetterVocabulary.lost) + 1..<LetterVocabulary.count
  var (nats, count) = (0.0, 0)
  // Of every thousandth window the second half: what stands before it is known to the decoder.
  for start in stride(from: 0, to: texts.ink.count - window, by: max(window, texts.ink.count / 1000)) {
    let tokens = texts.ink[start..<start + window].map(Int.init)
    session.rewind(to: 0)
    let asked = (window / 2..<window - 1).filter { letters.contains(tokens[$0 + 1]) }
    guard !asked.isEmpty else { continue }
    try session.read(tokens, wanted: asked)
    for (row, place) in asked.enumerated() {
      nats -= session.withLogits(row) { logits in
        let top = logits[letters].max() ?? 0
        return Double(logits[tokens[place + 1]] - top - logf(logits[letters].reduce(0) { $0 + expf($1 - top) }))
      }
    }
    count += asked.count
  }
  Bench.figure(
    "bits a letter as the ink shows it (\(count)), the text before known",
    "\((1000 * nats / Double(max(1, count)) / log(2)).rounded() / 1000)", goal: "2.30")
}

/// What the first half of a text teaches the letter model about the second: a hundred and more long texts kept apart, line by line as the ink shows them.
private func benchLessons(_ apart: TextLibrary) throws {
  let model = try LetterModel.load(path: try Installation.part("models") + "/apollo-letters.gguf")
  var streams = LetterStreams()
  try streams.add(apart.folder + "/dev.tsv")
  // Letters without signs of numbers, lines that break where one is lost.
  let texts = streams.ink.split(separator: LetterVocabulary.beginning).map { text in
    text.split(separator: LetterVocabulary.lineEnd).map { line in
      line.map { $0 > LetterVocabulary.lost && $0 <= LetterVocabulary.lost + 24 ? $0 - LetterVocabulary.lost : 0 }
    }
  }.filter { $0.joined().count { $0 != 0 } >= 600 }
  func nats(_ model: LetterModel, _ lines: ArraySlice<[UInt8]>) -> Double {
    lines.joined(separator: [0]).split(separator: 0).reduce(0) {
      $0 - Double(model.logProbability(of: $1.lazy.map(Int.init)))
    }
  }
  var (letters, before, after, seconds, count) = (0, 0.0, 0.0, 0.0, 0)
  for index in stride(from: 0, to: texts.count, by: max(1, texts.count / 100)) {
    let text = texts[index]
    let later = text[(text.count / 2)...]
    let start = Clock.processor()
    guard let taught = model.taught(by: text[..<(text.count / 2)], name: model.name) else { continue }
    seconds += Clock.processor() - start
    letters += later.joined().count { $0 != 0 }
    before += nats(model, later)
    after += nats(taught, later)
    count += 1
  }
  let bits = 1 / Double(max(1, letters)) / log(2)
  Bench.figure(
    "bits a letter in the second half of \(count) texts (\(letters)), letter model; taught by the first half",
    "\((before * bits).fixed(3)); \((after * bits).fixed(3))")
  Bench.figure("  taught, of the processor", "\(short(1000 * seconds / Double(max(1, count)))) ms a text")
}

/// Tokens that the decoder was trained with.
private let window = 256

private func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

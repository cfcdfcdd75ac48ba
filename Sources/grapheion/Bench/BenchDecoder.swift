import Inference
import JSON
import Platform

/// `grapheion bench decoder`: decoders of the Mistral family with random weights, or the GGUF files in the folder that `--in` names. Where
/// GRAPHEION_LLAMA names the folder of llama-bench and llama-batched-bench, llama.cpp does the same with the same files and threads, by turns.
let benchDecoder = Bench(
  name: "decoder",
  summary: "a language model at work: tokens a second, with one thread and with as many as there are cores"
) { folder in
  let scratch = try TemporaryFolder("bench")
  defer { scratch.remove() }
  var files: [String] = []
  if let folder {
    files = try Files.list(folder).filter { $0.hasSuffix(".gguf") }.map { folder + "/" + $0 }
  } else {
    for decoder in RandomDecoder.measured {
      files.append("\(scratch.path)/\(decoder.name).gguf")
      try decoder.write(to: files[files.count - 1])
    }
  }
  let llama = LlamaBench()
  if llama == nil { Console.print("  without llama.cpp: GRAPHEION_LLAMA does not name the folder of its llama-bench") }
  for file in files {
    let model = try DecoderModel(path: file)
    let rate = Double(model.bytes)
    Bench.figure("\(model.name): weights that a token goes through", "\(model.bytes >> 20) MB")
    for threads in Set([1, Threads.cores]).sorted() {
      let by = threads == 1 ? "one thread" : "\(threads) threads"
      try compare("decode, 64 tokens, \(by)", goal: 1.0, { try DecoderSpeed(model, threads).decode() }) {
        try llama?.decode(file, threads)
      } note: {
        "\(tenths($0 * rate / 1e9)) GB/s"
      }
      try compare("prefill, 512 tokens, \(by)", goal: 1.0, { try DecoderSpeed(model, threads).prefill() }) {
        try llama?.prefill(file, threads)
      }
      try compare("20 beams of one text of 128 tokens, \(by)", goal: 1.5, { try DecoderSpeed(model, threads).beams() })
      {
        try llama?.beams(file, threads)
      }
    }
  }
}

private func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

/// The median of three runs of both, by turns.
private func compare(
  _ what: String, goal: Double, _ own: () throws -> Double, _ other: () throws -> Double?,
  note: (Double) -> String? = { _ in nil }
) throws {
  var (ours, theirs): ([Double], [Double]) = ([], [])
  for _ in 0..<3 {
    ours.append(try own())
    if let rate = try other() { theirs.append(rate) }
  }
  let rate = ours.sorted()[1]
  var words = ["\(tenths(rate)) tokens/s"]
  if let note = note(rate) { words.append(note) }
  if theirs.count == 3 {
    let llama = theirs.sorted()[1]
    words.append("llama.cpp \(tenths(llama)), \((100 * rate / llama).rounded() / 100) of it")
  }
  Bench.figure("  " + what, words.joined(separator: "; "), goal: theirs.count == 3 ? "\(goal)" : nil)
}

/// Tokens a second.
private struct DecoderSpeed {
  private let session: DecoderSession
  private let tokens: [Int]

  init(_ model: DecoderModel, _ threads: Int) {
    session = DecoderSession(model, capacity: 1024, workers: threads)
    tokens = (0..<512).map { 3 + $0 * 37 % (model.vocabulary.count - 3) }
  }

  private func rate(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
    let start = Clock.monotonic()
    try body()
    return Double(count) / (Clock.monotonic() - start)
  }

  func decode() throws -> Double {
    try session.read(Array(tokens[..<8]))
    return try rate(64) { for token in tokens[8..<72] { try session.read([token]) } }
  }

  func prefill() throws -> Double {
    try session.read(Array(tokens[..<8]))
    session.rewind(to: 0)
    return try rate(512) { try session.read(tokens) }
  }

  func beams() throws -> Double {
    try session.read(Array(tokens[..<128]))
    var cells: [Int?] = Array(repeating: nil, count: 20)
    return try rate(20 * 32) {
      for step in 0..<32 { cells = try session.branch((0..<20).map { tokens[$0 * 20 + step] }, after: cells) }
    }
  }
}

extension RandomDecoder {
  /// What is measured where no files are named: 110 million parameters, in the kinds that are met most.
  fileprivate static let measured = [
    RandomDecoder(name: "110M-f16", kind: .f16), RandomDecoder(name: "110M-q8_0", kind: .q8_0),
    RandomDecoder(name: "110M-q4_0", kind: .q4_0), RandomDecoder(name: "110M-q4_K_M", kind: .q4_K, finer: .q6_K),
    RandomDecoder(name: "110M-q5_K_M", kind: .q5_K, finer: .q6_K),
  ]
}

/// llama.cpp's own benches.
private struct LlamaBench {
  private let bench, batched: String

  init?() {
    guard let folder = Environment.value("GRAPHEION_LLAMA") else { return nil }
    (bench, batched) = (folder + "/llama-bench", folder + "/llama-batched-bench")
    guard Files.exists(bench), Files.exists(batched) else { return nil }
  }

  private func speed(_ file: String, _ threads: Int, _ prompt: Int, _ generated: Int) throws -> Double? {
    let outcome = try ChildProcess.run(
      bench,
      [
        "-m", file, "-p", "\(prompt)", "-n", "\(generated)", "-t", "\(threads)", "-r", "1", "-o", "json", "-ngl", "0",
      ])
    return try JSONValue.parse(outcome.output).array?.last?["avg_ts"]?.double
  }

  func decode(_ file: String, _ threads: Int) throws -> Double? { try speed(file, threads, 0, 64) }
  func prefill(_ file: String, _ threads: Int) throws -> Double? { try speed(file, threads, 512, 0) }

  func beams(_ file: String, _ threads: Int) throws -> Double? {
    let outcome = try ChildProcess.run(
      batched,
      [
        "-m", file, "-c", "2048", "-npp", "128", "-ntg", "32", "-npl", "20", "-pps", "-t", "\(threads)", "-tb",
        "\(threads)", "-ngl", "0", "--output-format", "jsonl",
      ])
    for line in outcome.output.split(separator: 0x0A) {
      if let rate = try? JSONValue.parse(Array(line))["speed_tg"]?.double { return rate }
    }
    return nil
  }
}

import Corpus
import Inference
import JSON
import Pipeline
import Platform
import Text

/// `grapheion models promote`: one model takes another's place, if it reads the guard lines no worse.
///
/// The model that was there is kept as `NAME.before.gguf`; `promotions.jsonl` beside them has a line for each promotion, forced ones too.
struct Promotion {
  private let candidate: String
  private let target: String
  private let name: String
  private let truth: Evaluation.Truth
  private let isForced: Bool
  private var settings = ReadingSettings()

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count == 2 else {
      throw Failure(.usage, "models promote: name the model that is to be promoted.")
    }
    candidate = try Installation.model(arguments.operands[1])
    name = arguments.value("--over") ?? Installation.defaultModel
    target = try Installation.model(name)
    let path = try arguments.require("--guard")
    truth = Files.exists(path + "/corpus.json") ? .decisions(path, isGiven: true) : .folder(path)
    isForced = arguments.has("--force")
    settings.looksAgain = !arguments.has("--fast")
  }

  func run() throws -> ExitStatus {
    let (new, old) = (try measured(candidate), try measured(target))
    if Interruption.happened { return .interrupted }
    new.tellLeftOut()
    guard let comparison = new.report.compared(with: old.report) else {
      throw Failure(.unreadable, "models promote: \(displayText(truth.name)) has no line with letters to compare by.")
    }
    guard comparison.lines >= 20 || isForced else {
      throw Failure(
        .unreadable,
        "models promote: \(comparison.lines) lines are too few to tell one model from another; 20 is the least (--force takes fewer)."
      )
    }
    func percent(_ rate: EvaluationReport.Rate) -> String { rate.value.map { "\(($0 * 1000).rounded() / 10)%" } ?? "-" }
    let verdict = comparison.isBetter ? "better" : comparison.isWorse ? "worse" : "no different beyond chance"
    Console.print(
      "\(new.model): \(percent(new.report.letterErrors)) of letters wrong; \(old.model): \(percent(old.report.letterErrors)); "
        + "\(verdict) (by chance \((comparison.chance * 1000).rounded() / 10)%, \(comparison.lines) lines of \(comparison.fragments) fragments)"
    )
    guard !comparison.isWorse || isForced else {
      Console.note("models: not promoted: it reads worse. --force promotes it all the same, and the record says so.")
      return .someFailed
    }
    try install(new, old, comparison)
    Console.note(
      "models: \(displayText(target)) is now \(new.model); the one before it is kept as \(displayText(before))")
    return .done
  }

  private var before: String { (target.hasSuffix(".gguf") ? String(target.dropLast(5)) : target) + ".before.gguf" }

  private func measured(_ path: String) throws -> Evaluation {
    let evaluation = Evaluation(
      ModelFragmentReader(
        try ReaderModel.load(path: path), lines: try Installation.lineFinder(), settings: settings))
    try evaluation.measure(truth)
    return evaluation
  }

  /// The record first: a model in another's place without one would be a riddle.
  private func install(_ new: Evaluation, _ old: Evaluation, _ comparison: EvaluationReport.Comparison) throws {
    let record = JSONValue.object([
      "time": .string(Clock.iso8601(Clock.now())), "name": .string(name), "model": .string(new.model),
      "sha256": .string(try SHA256.hash(file: candidate)), "before": .string(old.model),
      "beforeSHA256": .string(try SHA256.hash(file: target)), "guard": .string(truth.name),
      "letterErrors": new.report.letterErrors.value.map { .double($0) } ?? .null,
      "lettersBefore": old.report.letterErrors.value.map { .double($0) } ?? .null, "comparison": comparison.json,
      "forced": .bool(comparison.isWorse),
    ])
    let file = Files.parent(target) + "/promotions.jsonl"
    let earlier = Files.exists(file) ? try Files.read(file, limit: 16 << 20) : []
    try Files.replace(file, with: earlier + record.serialised() + [0x0A])
    try Files.copy(target, to: before)
    try Files.copy(candidate, to: target)
  }
}

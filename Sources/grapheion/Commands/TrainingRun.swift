import Inference
import Platform
import Text
import Training

/// What training the reader and training the line finder share on the command line: seed, end and work folder, where a run begins, that it
/// can be interrupted, and what the model's file tells of it.
struct TrainingRun {
  let seed: UInt64
  let threads: Int
  let end: DescentPlan.End
  /// The sources of `--data`, as they were named.
  let data: [String]
  /// The model file to write, and the name it gives the model.
  let target: String
  let name: String
  /// Where the checkpoint and the logs go.
  let folder: String
  private let arguments: Arguments

  /// - Parameter source: what a source gives, for the error where none is named: `lines`.
  init(_ arguments: Arguments, target: String, of source: String) throws {
    self.arguments = arguments
    self.target = target
    seed = UInt64(try arguments.int("--seed", in: 0...Int.max) ?? 1)
    threads = try arguments.int("--threads", in: 1...256) ?? 1
    end =
      if let steps = try arguments.int("--steps", in: 0...Int.max) { .steps(steps) } else {
        .minutes(try arguments.double("--minutes", in: 0.01...1e6) ?? 60)
      }
    data = arguments.all("--data")
    guard !data.isEmpty else {
      throw Failure(.usage, "train: --data is missing: name at least one source of \(source).")
    }
    name = TrainingData.baseName(target)
    folder = arguments.value("--work") ?? "training/" + name
  }

  /// The checkpoint of the work folder where `--resume` asks for it; what the run would begin from otherwise.
  func begun(from start: Checkpoint?, _ layout: some NetworkLayout) throws -> Checkpoint? {
    guard arguments.has("--resume") else { return start }
    var checkpoint = try Checkpoint(path: folder + "/checkpoint", layout: layout)
    if arguments.has("--again") {
      checkpoint.startAgain(seed: seed)
    } else if checkpoint.seed != seed {
      throw Failure(
        .usage,
        "train: the run in \(displayText(folder)) was begun with --seed \(checkpoint.seed); name that one to go on with it, or --again for a schedule of its own."
      )
    }
    return checkpoint
  }

  /// Trains to the end, or until it is interrupted, and writes the model.
  ///
  /// - Parameters:
  ///   - network: its size, in words.
  ///   - checkpoint: where the trainer stands.
  ///   - save: writes the checkpoint's average with notes on where it comes from.
  func run(
    network: String, checkpoint: () -> Checkpoint,
    train: (_ report: (String) -> Void, _ goesOn: () -> Bool) throws -> Void,
    save: (_ weights: [Float], _ notes: [(String, String)]) throws -> Void
  ) throws -> ExitStatus {
    Console.note("train: \(network); work folder \(folder)")
    Interruption.watch()
    try train(Console.note, { !Interruption.happened })
    let end = checkpoint()
    if Interruption.happened {
      Console.note("train: interrupted at step \(end.step); --resume goes on from there.")
      return .interrupted
    }
    let without = arguments.all("--without")
    var notes = [("training.data", data.map(TrainingData.baseName).joined(separator: " "))]
    if !without.isEmpty { notes.append(("training.without", without.joined(separator: " "))) }
    notes += [("training.seed", "\(seed)"), ("training.steps", "\(end.step)")]
    // A run of so many steps gives the same file to the bit, however long it took.
    if case .minutes = self.end { notes.append(("training.seconds", "\(end.milliseconds / 1000)")) }
    try save(end.average, notes)
    Console.note("train: wrote \(target)")
    return .done
  }
}

import Glibc
import Platform

/// One benchmark: prints its figures, a line each, as it goes.
struct Bench {
  let name: String
  let summary: String
  /// Given the folder that `--in` names.
  let run: @Sendable (_ folder: String?) throws -> Void

  /// Every benchmark, in the order `grapheion bench` runs them. Each stands in a file `Bench….swift`.
  static let all: [Bench] = [
    benchRaster,
    benchLayout,
    benchPhotographs,
    benchAlign,
    benchReader,
    benchTraining,
    benchRetrain,
    benchActive,
    benchReading,
    benchScreen,
    benchWorkbench,
    benchLeiden,
    benchCorpus,
    benchExchange,
    benchRestore,
    benchLanguage,
    benchDecoder,
  ]

  /// Prints one figure: what, how much, and what it is measured against (the goal, or another program's).
  static func figure(_ what: String, _ value: String, goal: String? = nil) {
    Console.print("  " + Help.pad(what, 52) + "  " + value + (goal.map { "   (goal \($0))" } ?? ""))
    // Whoever waits for the next figure sees this one, also through a pipe.
    Console.flush()
  }

  /// A number that the environment sets, or the one that is meant where it sets none.
  static func number(_ name: String, _ standard: Int, in range: ClosedRange<Int>) throws -> Int {
    guard let text = Environment.value(name) else { return standard }
    guard let value = Int(text), range.contains(value) else {
      throw Failure(
        .usage, "bench: \(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// The median of `count` runs, in seconds.
  static func median(of count: Int, _ body: () throws -> Void) rethrows -> Double {
    var times: [Double] = []
    for _ in 0..<count {
      let start = Clock.monotonic()
      try body()
      times.append(Clock.monotonic() - start)
    }
    return times.sorted()[count / 2]
  }
}

/// `grapheion bench [NAME]`.
let benchCommand = Command(
  name: "bench",
  summary: "Measure this program on this machine and print the figures",
  operands: "[NAME]",
  count: 0...1,
  options: [
    Option(
      "--in", "DIR",
      "where a benchmark's data lies: EpiDoc documents for leiden, photographs or a corpus for photographs, both and letters (.tar) for retrain, ddbdp-*.tsv.xz for restore, GGUF files for decoder"
    )
  ],
  example: "grapheion bench reader"
) { arguments in
  let chosen: [Bench]
  if let name = arguments.operands.first {
    guard let bench = Bench.all.first(where: { $0.name == name }) else {
      let names = Bench.all.map(\.name).joined(separator: ", ")
      throw Failure(.usage, "bench: there is no benchmark '\(name)'; there are \(names).")
    }
    chosen = [bench]
  } else {
    chosen = Bench.all
  }
  for bench in chosen {
    Console.print("\(bench.name): \(bench.summary)")
    try bench.run(arguments.value("--in"))
  }
  return .done
}

/// Bytes of a file; 0 where there is none.
func fileSize(_ path: String) -> Int { Files.status(path)?.size ?? 0 }

import Foundation
import Platform
import Testing

/// What attacks have in common: how long they last, chance, the program they are made on, and what fell.
///
/// `GRAPHEION_ATTACK_MINUTES` sets how long all of them together last (half a minute in the plain tests; `make test-attack` sets it),
/// `GRAPHEION_ATTACK_SEED` repeats them, `GRAPHEION_ATTACK_PROGRAM` names another build of the program, and `GRAPHEION_ATTACK_SANITIZED=1` says that it
/// carries a sanitizer. Attacks touch nothing outside a scratch folder.
enum Attack {
  private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

  /// Of all attacks together.
  static let seconds = 60 * (Double(variable("GRAPHEION_ATTACK_MINUTES") ?? "") ?? 0.5)
  static let seed = UInt64(variable("GRAPHEION_ATTACK_SEED") ?? "") ?? UInt64(Date().timeIntervalSince1970)
  static let isSanitized = variable("GRAPHEION_ATTACK_SANITIZED") == "1"
  static let program = variable("GRAPHEION_ATTACK_PROGRAM") ?? BuiltProgram.path

  /// A minute is far more than any of these inputs needs, also on a loaded machine: what takes longer hangs.
  private static let bounds = ChildProcess.Bounds(
    seconds: isSanitized ? 240 : 120, memory: isSanitized ? 1 << 60 : 16 << 30, fileSize: 1 << 30)
  /// Far more than any of these inputs needs.
  static let mostMemory = 1536 << 20

  struct Run {
    var status: Int32
    var output: String
    var errors: String
    /// How it fell; nil where it ended in order.
    var fall: String?
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - environment: `NAME=VALUE`, for the program alone.
  ///   - wrapper: words before it, that run it.
  static func run(_ arguments: [String], environment: [String] = [], wrapper: [String] = []) throws -> Run {
    let variables =
      ["GRAPHEION_HOME=" + BuiltProgram.root, "ASAN_OPTIONS=exitcode=99:detect_leaks=0:verify_asan_link_order=0"]
      + environment
    let words = wrapper + ["env"] + variables + [program] + arguments
    let outcome = try ChildProcess.run("/usr/bin/env", words, bounds: bounds)
    var fall: String?
    if outcome.ranOutOfTime {
      fall = "did not end within \(bounds.seconds) s"
    } else if outcome.status == 99 {
      fall = "the address sanitizer stopped it"
    } else if ![0, 1, 2, 3, 4].contains(outcome.status) {
      fall = outcome.status > 128 ? "signal \(outcome.status - 128)" : "status \(outcome.status)"
    } else if !isSanitized, outcome.peakBytes > mostMemory {
      fall = "took \(outcome.peakBytes >> 20) MB"
    }
    return Run(
      status: outcome.status, output: String(decoding: outcome.output, as: UTF8.self),
      errors: String(decoding: outcome.errors, as: UTF8.self), fall: fall)
  }

  /// Numbers by chance, the same for one seed.
  struct Dice {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, below)
    }
    mutating func pick<T>(_ list: [T]) -> T { list[next(list.count)] }
  }

  /// What was tried of each kind, and what fell. One thread.
  final class Report {
    private let name: String
    private var tried: [String: Int] = [:]
    private(set) var fallen = 0
    private let end: Date

    /// - Parameter share: of the time that all attacks have together.
    init(_ name: String, share: Double) {
      self.name = name
      let seconds = Attack.seconds * share
      end = Date().addingTimeInterval(seconds)
      print(
        "attack: \(name), \(Int(seconds)) s, seed \(Attack.seed)\(Attack.isSanitized ? ", address sanitizer" : "")"
      )
    }

    var goesOn: Bool { Date() < end }

    func count(_ kind: String) { tried[kind, default: 0] += 1 }

    /// Keeps the input that something fell over beside the tests' scratch folders, and tells of it.
    func fell(_ kind: String, _ how: String, keeping path: String? = nil) {
      fallen += 1
      var kept = ""
      if let path {
        let folder = NSTemporaryDirectory() + "/grapheion-fallen"
        kept = folder + "/\(name)-\(kind)-\(Attack.seed)-\(fallen)".replacingOccurrences(of: " ", with: "-")
        _ = try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try? FileManager.default.copyItem(atPath: path, toPath: kept)
      }
      Issue.record("\(name), \(kind): \(how)\(kept.isEmpty ? "" : "; kept as \(kept)") (seed \(Attack.seed))")
    }

    func tell() {
      let kinds = tried.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      print("attack: \(name): \(tried.values.reduce(0, +)) tried (\(kinds)); \(fallen) fell")
    }
  }
}

import JSON
import Platform

// accepted.json: losses that a scholar has looked at and lives with, because no backup has what is gone. An array of
//
//   {"path":"journal/host-1-2.jsonl","reason":"the last 312 of …","scholar":"anna","time":"2026-11-23T17:40:05.123456Z"}
//
// `path` (relative to the corpus) and `reason` are what `check` says, word for word: a further loss in the same file says other numbers, and is
// damage again. Taking an entry out by hand brings its finding back.

/// What a scholar has accepted of a corpus's losses.
struct AcceptedLosses {
  private struct Loss: Hashable {
    var path: String
    var reason: String
  }

  static let name = "accepted.json"
  private let corpus: String
  private var values: [JSONValue] = []
  private var known: [Loss: JSONValue] = [:]
  /// What is wrong with the file itself.
  private(set) var finding: CheckFinding?

  init(of corpus: String) {
    self.corpus = corpus
    let file = corpus + "/" + Self.name
    guard Files.exists(file) else { return }
    do {
      values = try JSONValue.parse(try Files.read(file, limit: 16 << 20)).array ?? []
      for value in values {
        if let path = value["path"]?.string, let reason = value["reason"]?.string {
          known[Loss(path: path, reason: reason)] = value
        }
      }
    } catch {
      values = []
      finding = CheckFinding(
        path: file, reason: "cannot be read; what it accepted is reported again (\(error))", kind: .leftover)
    }
  }

  /// The finding as one that is known, if it is.
  func judged(_ finding: CheckFinding) -> CheckFinding {
    guard finding.isDamage, let value = known[loss(finding)] else { return finding }
    var finding = finding
    finding.kind = .notice
    let (scholar, time) = (value["scholar"]?.string ?? "?", value["time"]?.string ?? "?")
    finding.reason += " (accepted by \(scholar) on \(time.prefix(10)))"
    return finding
  }

  private func loss(_ finding: CheckFinding) -> Loss {
    Loss(path: String(finding.path.dropFirst(corpus.count + 1)), reason: finding.reason)
  }

  /// Writes down that `scholar` accepts these.
  mutating func accept(_ findings: [CheckFinding], by scholar: String) throws(CorpusError) {
    let time = JSONValue.string(Clock.iso8601(Clock.now()))
    for finding in findings where finding.isDamage {
      let loss = loss(finding)
      let value = JSONValue.object([
        "path": .string(loss.path), "reason": .string(loss.reason), "scholar": .string(scholar), "time": time,
      ])
      known[loss] = value
      values.append(value)
    }
    do throws(SystemError) {
      try Files.replace(corpus + "/" + Self.name, with: JSONValue.array(values).pretty())
    } catch {
      throw CorpusError(writing: error)
    }
  }
}

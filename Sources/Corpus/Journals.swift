import JSON
import Platform
import Synchronization

// journal/<writer>.jsonl: append-only, one correction a line (`RecordCoding`, `RecordLine`). A writer is one process at
// work on the corpus, `<host>-<start time>-<process>`; nobody else appends to its journal, so no locks are needed, also on a shared
// file system. The state of the corpus is the fold of all journals in the order of (time, writer, sequence).

/// All journals of a corpus, and the one this process writes.
final class Journals: Sendable {
  /// A problem met while reading, for `check` and for the person.
  struct Finding: Hashable, Sendable {
    var path: String
    var offset: Int
    var reason: String
    /// A record that was never acknowledged; the rest of the file is sound.
    var isTornTail: Bool
  }

  private struct State {
    /// Corrections of each fragment in fold order.
    var byFragment: [String: [Correction]] = [:]
    /// Bytes of each journal already read.
    var read: [String: Int] = [:]
    var findings: [Finding] = []
    var own: AppendFile?
    var sequence = 0
    var lastTime: Int64 = 0
  }

  let folder: String
  let writer: String
  private let state = Mutex(State())

  init(folder: String, writer: String) {
    self.folder = folder
    self.writer = writer
  }

  /// Reads what has been appended since the last time, by any writer. Returns the fragments that changed.
  @discardableResult func refresh() throws(CorpusError) -> Set<String> {
    guard Files.exists(folder) else { return [] }
    let names: [String]
    do throws(SystemError) { names = try Files.list(folder) } catch { throw CorpusError(reading: error) }
    var changed: Set<String> = []
    // What this process wrote it knows; reading its own journal could meet a record whose flush is still to fail.
    for name in names where name.hasSuffix(".jsonl") && name != writer + ".jsonl" {
      let path = folder + "/" + name
      let known = state.withLock { $0.read[name] ?? 0 }
      guard let status = Files.status(path), status.kind == .file, status.size > known else { continue }
      let file: MappedFile
      do throws(SystemError) { file = try MappedFile(path: path) } catch { throw CorpusError(reading: error) }
      var found: [Correction] = []
      var findings: [Finding] = []
      let author = String(name.dropLast(6))
      let torn = file.withBytes { bytes in
        RecordLine.forEach(in: bytes, from: known) { line, offset in
          if let json = RecordLine.open(line), let correction = Correction(json: json, writer: author) {
            found.append(correction)
          } else {
            findings.append(
              Finding(path: path, offset: offset, reason: "a damaged record was passed over", isTornTail: false))
          }
        }
      }
      if torn > 0 {
        findings.append(
          Finding(
            path: path, offset: file.count - torn,
            reason: "a torn last record (\(torn) bytes, never acknowledged) was passed over", isTornTail: true))
      }
      state.withLock { state in
        // Another thread refreshed meanwhile: these records are in already.
        guard state.read[name] ?? 0 == known else { return }
        state.read[name] = file.count - torn
        state.findings.removeAll { $0.path == path && $0.isTornTail }
        state.findings += findings
        for correction in found {
          changed.insert(correction.fragment)
          Self.insert(correction, into: &state.byFragment[correction.fragment, default: []])
          state.lastTime = max(state.lastTime, correction.time)
        }
      }
    }
    return changed
  }

  private static func insert(_ correction: Correction, into list: inout [Correction]) {
    var place = list.count
    while place > 0 && precedes(correction, list[place - 1]) { place -= 1 }
    list.insert(correction, at: place)
  }

  private static func precedes(_ a: Correction, _ b: Correction) -> Bool {
    (a.time, a.writer, a.sequence) < (b.time, b.writer, b.sequence)
  }

  var findings: [Finding] { state.withLock { $0.findings } }
  var fragments: [String] { state.withLock { Array($0.byFragment.keys) } }

  func corrections(of fragment: String) -> [Correction] { state.withLock { $0.byFragment[fragment] ?? [] } }

  /// Appends a correction with the next time and number of this writer; returns it once it is on the disk.
  func append(_ draft: Correction) throws(CorpusError) -> Correction {
    let outcome = state.withLock { state -> Result<Correction, CorpusError> in
      do throws(SystemError) {
        if state.own == nil {
          try Files.makeFolder(folder)
          state.own = try AppendFile(path: folder + "/" + writer + ".jsonl")
        }
        var correction = draft
        // Never before what this process has seen: a decision follows the state it was made in, also where clocks differ.
        correction.time = max(Clock.now(), state.lastTime + 1)
        correction.writer = writer
        correction.sequence = state.sequence
        let line = RecordLine.seal(correction.json)
        try state.own!.append(line)
        state.sequence += 1
        state.lastTime = correction.time
        // What is kept is what a reader of the file would see (points and probabilities are rounded there).
        let kept = Correction(json: correction.json, writer: writer) ?? correction
        Self.insert(kept, into: &state.byFragment[kept.fragment, default: []])
        return .success(kept)
      } catch {
        return .failure(CorpusError(writing: error))
      }
    }
    return try outcome.get()
  }
}

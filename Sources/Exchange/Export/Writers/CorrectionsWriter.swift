import Corpus
import JSON
import Platform
import Raster

// corrections.jsonl (or train.jsonl, dev.jsonl, test.jsonl): one correction a line, oldest first within a fragment.
//
//   fragment  id; tm, hgv, ddbdp, inventory where known
//   image     the way from the export to the photograph; size [width, height]
//   region    {"id","photograph","column","baseline":[[x,y],…],"polygon":[[x,y],…]} in its pixels
//   before    Leiden+ before, or null; after likewise; letters: the diplomatic letters of what stands after, or null
//   action    took, edited, rejected, redrew, reverted; candidate: which was taken, from 0
//   offered   candidates then, best first, with probabilities of text and letters
//   restored  what of it was proposed from known texts and taken, not read: text, probability, source, parallels; absent where nothing was
//   model     id of the model that offered them, or null
//   scholar, time (UTC), seconds spent, writer (the journal's name, hashed: it holds a host's name) and sequence

/// Writes corrections as JSON lines.
final class CorrectionsWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  private static func list(_ part: String?) -> String { (part ?? "corrections") + ".jsonl" }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let corrections: [Correction]
    do throws(CorpusError) { corrections = try fragment.store.corrections(of: fragment.fragment.id) } catch {
      throw ExchangeError(error)
    }
    let stream = try run.stream(Self.list(part))
    for correction in corrections {
      try stream.write(try Self.json(correction, fragment.fragment, fragment.store, below: run.root.path))
    }
    return corrections.count
  }

  func finish() throws(ExchangeError) {
    for part in run.parts.isEmpty ? [nil] : run.parts.map(Optional.some) { _ = try run.stream(Self.list(part)) }
  }

  private static func json(
    _ correction: Correction, _ fragment: Fragment, _ store: CorpusStore, below root: String
  ) throws(ExchangeError) -> JSONValue {
    let index = correction.region.photograph
    guard fragment.photographs.indices.contains(index) else {
      throw ExchangeError(
        .damaged, path: fragment.id, "a correction speaks of photograph \(index + 1), which the fragment does not have")
    }
    let photograph = fragment.photographs[index]
    let path: String
    do throws(CorpusError) { path = try store.photographPath(fragment, index) } catch { throw ExchangeError(error) }
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(name, value)) }
    }
    add("fragment", .string(fragment.id))
    add("tm", fragment.identifiers.tm.map { .string($0) })
    add("hgv", fragment.identifiers.hgv.map { .string($0) })
    add("ddbdp", fragment.identifiers.ddbdp.map { .string($0) })
    add("inventory", fragment.identifiers.inventory.map { .string($0) })
    add("image", .string(relative(path, from: root)))
    add("size", [.int(photograph.width), .int(photograph.height)])
    add("region", correction.region.json)
    add("before", correction.before.map { .string($0) } ?? .null)
    add("after", correction.after.map { .string($0) } ?? .null)
    add("letters", correction.after.flatMap(DiplomaticLetters.transcription).map { .string($0) } ?? .null)
    let record = correction.json
    add("action", record["action"])
    add("candidate", record["candidate"])
    add("restored", correction.restored.isEmpty ? nil : .array(correction.restored.map(\.json)))
    add("offered", .array(correction.offered.map(\.json)))
    add("model", correction.model.map { .string($0) } ?? .null)
    add("scholar", .string(correction.scholar))
    add("time", .string(Clock.iso8601(correction.time)))
    add("seconds", .double(correction.seconds))
    add("writer", correction.stamp.map { .string(String(SHA256.hash(Array($0.writer.utf8)).prefix(12))) })
    add("sequence", correction.stamp.map { .int($0.sequence) })
    return .object(members)
  }

  /// The way from a folder to a file, so that both can be carried elsewhere together and nothing tells where they lay.
  static func relative(_ path: String, from folder: String) -> String {
    let (target, start) = (parts(path), parts(folder))
    let shared = zip(target, start).prefix { $0 == $1 }.count
    return (start[shared...].map { _ in ".." } + target[shared...]).joined(separator: "/")
  }

  private static func parts(_ path: String) -> [String] {
    (Files.resolved(path) ?? path).split(separator: "/").map(String.init)
  }
}

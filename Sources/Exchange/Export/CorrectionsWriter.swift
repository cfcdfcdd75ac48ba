import Corpus
import Glibc
import JSON
import Platform
import Raster

// corrections.jsonl (or train.jsonl, dev.jsonl, test.jsonl): one correction a line, oldest first within a fragment.
//
//   fragment  id; tm, hgv, ddbdp, inventory where known
//   image     path of the photograph; size [width, height]
//   region    {"id","photograph","column","baseline":[[x,y],…],"polygon":[[x,y],…]} in its pixels
//   before    Leiden+ before, or null; after likewise; letters: the diplomatic letters of what stands after, or null
//   action    took, edited, rejected, redrew, reverted; candidate: which was taken, from 0
//   offered   candidates then, best first, with probabilities of text and letters
//   model     id of the model that offered them, or null
//   scholar, time (UTC), seconds spent, writer and sequence: where it stands in the journals

/// Writes corrections as JSON lines.
enum CorrectionsWriter {
  /// Writes all corrections of a fragment; returns their number.
  static func write(
    _ fragment: Fragment, of store: CorpusStore, to file: inout ExportFile
  ) throws(ExchangeError) -> Int {
    let corrections: [Correction]
    do throws(CorpusError) { corrections = try store.corrections(of: fragment.id) } catch { throw ExchangeError(error) }
    for correction in corrections {
      let json = try json(correction, fragment, store)
      try file.write(json.serialised() + [0x0A])
    }
    return corrections.count
  }

  private static func json(
    _ correction: Correction, _ fragment: Fragment, _ store: CorpusStore
  ) throws(ExchangeError) -> JSONValue {
    let index = correction.region.photograph
    guard fragment.photographs.indices.contains(index) else {
      throw ExchangeError(
        .damaged, path: fragment.id, "a correction speaks of photograph \(index + 1), which the fragment does not have")
    }
    let photograph = fragment.photographs[index]
    let path = try DecidedLines.photographPath(fragment, index, of: store)
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(name, value)) }
    }
    add("fragment", .string(fragment.id))
    add("tm", fragment.identifiers.tm.map { .string($0) })
    add("hgv", fragment.identifiers.hgv.map { .string($0) })
    add("ddbdp", fragment.identifiers.ddbdp.map { .string($0) })
    add("inventory", fragment.identifiers.inventory.map { .string($0) })
    add("image", .string(absolute(path)))
    add("size", [.int(photograph.width), .int(photograph.height)])
    add("region", correction.region.json)
    add("before", correction.before.map { .string($0) } ?? .null)
    add("after", correction.after.map { .string($0) } ?? .null)
    add("letters", correction.after.flatMap(DiplomaticLetters.transcription).map { .string($0) } ?? .null)
    let record = correction.json
    add("action", record["action"])
    add("candidate", record["candidate"])
    add("offered", .array(correction.offered.map(\.json)))
    add("model", correction.model.map { .string($0) } ?? .null)
    add("scholar", .string(correction.scholar))
    add("time", .string(Clock.iso8601(correction.time)))
    add("seconds", .double(correction.seconds))
    add("writer", correction.stamp.map { .string($0.writer) })
    add("sequence", correction.stamp.map { .int($0.sequence) })
    return .object(members)
  }

  /// From the root of the file system, so that a dataset can be read from anywhere on the machine.
  private static func absolute(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

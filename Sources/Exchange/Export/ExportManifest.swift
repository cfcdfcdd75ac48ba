import Corpus
import JSON
import Platform

// manifest-FORMAT.jsonl: one object a line.
//   a fragment  {"fragment","tm","part","lines","rights","photographs":[{"file","side","sha256","width","height"}],"models":[…],
//                "files":[{"file","size","sha256"}]}
//   the last    {"format","split","fragments","lines","parts":{…},"failed","leftOut":[…],"files":[what is shared by all fragments]}

/// What an export holds, file by file, so that who gets it can check it and knows whose it is.
struct ExportManifest {
  private let run: ExportRun
  private let format: ExportFormat
  private let split: Split?
  private let stream: ExportStream

  init(_ run: ExportRun, format: ExportFormat, split: Split?) throws(ExchangeError) {
    self.run = run
    self.format = format
    self.split = split
    stream = try ExportStream.unlisted("manifest-\(format.name).jsonl", in: run.root)
  }

  /// - Returns: the fragment's files.
  func add(_ exported: ExportedFragment, part: String?, count: Int) throws(ExchangeError) -> JSONValue {
    let files = run.ledger.take(below: run.root.path)
    let fragment = exported.fragment
    let photographs = fragment.photographs.map { photograph in
      JSONValue.object([
        "file": .string(photograph.file), "side": photograph.side.map { .string($0) },
        "sha256": photograph.sha256.map { .string($0) }, "width": .int(photograph.width),
        "height": .int(photograph.height),
      ])
    }
    let models = Set(exported.lines.compactMap(\.model)).sorted()
    try stream.write(
      .object([
        "fragment": .string(fragment.id), "tm": fragment.identifiers.tm.map { .string($0) },
        "part": part.map { .string($0) }, "lines": .int(count), "rights": fragment.rights.map { .string($0) } ?? .null,
        "photographs": .array(photographs), "models": .array(models.map { .string($0) }),
        "files": files,
      ]))
    return files
  }

  /// A line of an earlier manifest that still holds.
  func carry(_ line: String) throws(ExchangeError) { try stream.write(line) }

  /// - Parameter files: what all fragments share.
  func finish(_ counts: CorpusExport.Counts, files: JSONValue) throws(ExchangeError) {
    try stream.write(
      .object([
        "format": .string(format.name), "split": split.map { .string($0.description) },
        "fragments": .int(counts.fragments), format.unit: .int(counts.lines),
        "parts": .object(counts.parts.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .int($0.value)) }),
        "failed": .int(counts.failed), "leftOut": .array(counts.leftOut.sentences.map { .string($0) }),
        "files": files,
      ]))
    try stream.finish()
  }
}

import Corpus
import JSON
import Raster
import Text

// train.jsonl, dev.jsonl, test.jsonl: one conversation a line, as the `messages` of TRL and axolotl:
//
//   {"messages":[{"role":"user","content":[{"type":"image","path":"images/x.png"},{"type":"text","text":"Read …"}]},
//    {"role":"assistant","content":[{"type":"text","text":"ΚΑΙΤΟΝ"}]}],"images":["images/x.png"],"weight":1,…}
//
// With data URLs an image is {"type":"image_url","image_url":{"url":"data:image/png;base64,…"}}, and there are no files.
// Preferences: "prompt" and "images" as above, "chosen" and "rejected" each one message of the assistant.

private func message(_ role: String, _ content: [JSONValue]) -> JSONValue {
  .object(["role": .string(role), "content": .array(content)])
}

private func words(_ text: String) -> JSONValue { .object(["type": "text", "text": .string(text)]) }

private func picture(_ path: String) -> JSONValue { .object(["type": "image", "path": .string(path)]) }

/// Conversations in which a machine is shown a line and reads it.
final class ChatWriter: ExportWriter {
  private let run: ExportRun
  private let asURLs: Bool

  init(_ run: ExportRun, asURLs: Bool) {
    self.run = run
    self.asURLs = asURLs
  }

  private static func list(_ part: String?) -> String { (part ?? "train") + ".jsonl" }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let stream = try run.stream(Self.list(part))
    return try fragment.eachStrip(&run.leftOut) { line, strip throws(ExchangeError) in
      let path = "images/\(line.name).png"
      let image: JSONValue
      if asURLs {
        let url = "data:image/png;base64," + base64(PNG.encode(strip))
        image = .object(["type": "image_url", "image_url": .object(["url": .string(url)])])
      } else {
        try run.folder("images").write(strip, to: line.name + ".png")
        image = picture(path)
      }
      let messages: JSONValue = .array([
        message("user", [image, words(run.text.prompt)]), message("assistant", [words(line.text)]),
      ])
      var row = [JSONValue.Member("messages", messages)]
      if !asURLs { row.append(.init("images", .array([.string(path)]))) }
      try stream.write(JSONValue.object(row + fragment.json(line).filter { $0.name != "text" }))
    }
  }

  func finish() throws(ExchangeError) { for part in run.parts { _ = try run.stream(Self.list(part)) } }
}

/// Pairs of what a scholar wrote and what the model had offered as its best, where they differ.
final class PreferenceWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let stream = try run.stream((part ?? "train") + ".jsonl")
    let corrections: [Correction]
    do throws(CorpusError) { corrections = try fragment.store.corrections(of: fragment.fragment.id) } catch {
      throw ExchangeError(error)
    }
    // What was offered at the last decision; candidates of a later reading were never seen.
    let offers = Dictionary(
      corrections.compactMap { correction in correction.offered.first.map { (correction.region.id, $0.leiden) } },
      uniquingKeysWith: { $1 })
    var pairs = 0
    _ = try fragment.eachStrip(&run.leftOut) { line, strip throws(ExchangeError) in
      guard line.weight == 1, let offered = offers[line.region.id], let rejected = run.text.text(of: offered),
        rejected != line.text
      else { return }
      let path = "images/\(line.name).png"
      try run.folder("images").write(strip, to: line.name + ".png")
      let row: [JSONValue.Member] = [
        .init("prompt", .array([message("user", [picture(path), words(run.text.prompt)])])),
        .init("images", .array([.string(path)])),
        .init("chosen", .array([message("assistant", [words(line.text)])])),
        .init("rejected", .array([message("assistant", [words(rejected)])])),
      ]
      try stream.write(JSONValue.object(row + fragment.json(line).filter { $0.name != "text" && $0.name != "weight" }))
      pairs += 1
    }
    return pairs
  }

  func finish() throws(ExchangeError) { for part in run.parts { _ = try run.stream(part + ".jsonl") } }
}

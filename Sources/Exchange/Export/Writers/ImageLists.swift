import JSON
import Raster
import Text

// Images of lines in a folder, and a list a part that says what each reads.

/// Loghi's and TrOCR's lists: `images/NAME.png TAB TEXT`, or the name alone.
final class ImageListWriter: ExportWriter {
  private let run: ExportRun
  private let folder: String
  private let list: (String) -> String
  private let namesFolder: Bool

  init(_ run: ExportRun, folder: String, list: @escaping (String) -> String, namesFolder: Bool = true) {
    self.run = run
    self.folder = folder
    self.list = list
    self.namesFolder = namesFolder
  }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let images = try run.folder(folder)
    let stream = try run.stream(list(ExportRun.common(part)))
    return try fragment.eachStrip(&run.leftOut) { line, strip throws(ExchangeError) in
      try images.write(strip, to: line.name + ".png")
      try stream.write((namesFolder ? folder + "/" : "") + "\(line.name).png\t\(line.text)")
    }
  }

  func finish() throws(ExchangeError) {
    for part in run.parts { _ = try run.stream(list(ExportRun.common(part))) }
  }
}

/// PyLaia's tables: images 128 pixels high, `images/NAME t e x t` with `<space>` between words, and all symbols in `syms.txt`, `<ctc>` first.
final class PyLaiaWriter: ExportWriter {
  static let height = 128
  private let run: ExportRun
  private var symbols: Set<String> = []

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let images = try run.folder("images")
    let table = try run.stream(ExportRun.common(part) + ".txt")
    return try fragment.eachStrip(&run.leftOut) { line, strip throws(ExchangeError) in
      let width = max(1, strip.width * Self.height / max(1, strip.height))
      try images.write(strip.scaled(width: width, height: Self.height), to: line.name + ".png")
      // A letter with its marks is one symbol.
      let own = line.text.map { $0 == " " ? "<space>" : String($0) }
      symbols.formUnion(own)
      try table.write(([line.name] + own).joined(separator: " "))
    }
  }

  func finish() throws(ExchangeError) {
    for part in run.parts { _ = try run.stream(ExportRun.common(part) + ".txt") }
    let all = ["<ctc>", "<space>"] + symbols.subtracting(["<space>"]).sorted()
    try run.root.write(Array((all.enumerated().map { "\($1) \($0)\n" }.joined()).utf8), to: "syms.txt")
  }
}

/// The Hugging Face `datasets` library's image folders: a folder a part with `metadata.jsonl`, whose `file_name` names an image beside it,
/// and `README.md`, the dataset's card.
final class HuggingFaceWriter: ExportWriter {
  private let run: ExportRun
  private var counts: [String: Int] = [:]
  private var rights: [String: Int] = [:]

  init(_ run: ExportRun) { self.run = run }

  private static func name(_ part: String?) -> String { part == "dev" ? "validation" : part ?? "train" }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let name = Self.name(part)
    let count = try fragment.eachStrip(&run.leftOut) { line, strip throws(ExchangeError) in
      let folder = try run.folder(name)
      try folder.write(strip, to: line.name + ".png")
      let row = [JSONValue.Member("file_name", .string(line.name + ".png"))] + fragment.json(line)
      try run.stream("metadata.jsonl", in: folder).write(JSONValue.object(row))
    }
    // A part without a line is not named: `datasets` would refuse the whole.
    guard count > 0 else { return 0 }
    counts[name, default: 0] += count
    rights[fragment.fragment.rights ?? "not known", default: 0] += count
    return count
  }

  func finish() throws(ExchangeError) { try run.root.write(Array(card.utf8), to: "README.md") }

  private var card: String {
    let total = counts.values.reduce(0, +)
    // The words of the hub for sizes.
    let size = total < 1000 ? "n<1K" : total < 10_000 ? "1K<n<10K" : total < 100_000 ? "10K<n<100K" : "100K<n<1M"
    let files = counts.keys.sorted().map { "  - split: \($0)\n    path: \"\($0)/**\"\n" }.joined()
    let configs = counts.isEmpty ? "" : "configs:\n- config_name: default\n  data_files:\n" + files
    let parts = counts.keys.sorted().map { "| \($0) | \(counts[$0]!) |\n" }.joined()
    let owners = rights.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { "| \(CleanText.line($0.key).replacing("|", with: "/")) | \($0.value) |\n" }.joined()
    return """
      ---
      language:
      - grc
      task_categories:
      - image-to-text
      size_categories:
      - \(size)
      \(configs)---

      # \(CleanText.line(run.corpus)): lines of papyri

      Lines of writing cut from photographs of papyri and straightened along their baselines, with the text that scholars took or typed. `text` is the
      layer "\(run.text.layer.rawValue)" in Unicode form \(run.text.isDecomposed ? "NFD" : "NFC"), `leiden` the transcription in Leiden+. `weight` is 1 where a person
      decided, else the probability of the model's reading. No papyrus is in two parts. Exported by Grapheion.

      | part | lines |
      |---|---|
      \(parts)
      | rights of the photographs | lines |
      |---|---|
      \(owners)
      """
  }
}

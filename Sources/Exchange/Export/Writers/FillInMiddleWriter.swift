import JSON
import Leiden
import Text

// train.jsonl …: {"prefix":…,"suffix":…,"middle":…,"kind":"restoration"|"line","psm":…,"codestral":…,"fragment":…,"tm":…}
//
// prefix, suffix and middle are of the regularised text of the fragment, lines divided by line feeds. Kind "restoration": the middle is what a scholar restored;
// kind "line": a whole line. psm: <fim_prefix>…<fim_suffix>…<fim_middle>…, as StarCoder and most others take it; codestral: [SUFFIX]…[PREFIX]….

/// Gaps to be filled by language models.
final class FillInMiddleWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  private static func list(_ part: String?) -> String { (part ?? "train") + ".jsonl" }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let lines = fragment.lines.filter { !$0.text.isEmpty }
    guard !lines.isEmpty else { return 0 }
    let stream = try run.stream(Self.list(part))
    var count = 0
    for (number, line) in lines.enumerated() {
      let before = lines[..<number].map { $0.text + "\n" }.joined()
      let after = lines[(number + 1)...].map { "\n" + $0.text }.joined()
      for (prefix, middle, suffix) in Self.restorations(of: line.leiden) {
        try stream.write(row(before + prefix, middle, suffix + after, "restoration", fragment))
        count += 1
      }
      if lines.count > 1 {
        try stream.write(row(before, line.text, after, "line", fragment))
        count += 1
      }
    }
    return count
  }

  private static func restorations(of leiden: String) -> [(String, String, String)] {
    LeidenText.parse(leiden: leiden).text.restorations.map { ($0, $1, $2) }
  }

  private func row(
    _ prefix: String, _ middle: String, _ suffix: String, _ kind: String, _ fragment: ExportedFragment
  ) -> JSONValue {
    func form(_ text: String) -> String { run.text.isDecomposed ? Greek.nfd(text) : Greek.nfc(text) }
    let (prefix, middle, suffix) = (form(prefix), form(middle), form(suffix))
    return .object([
      "prefix": .string(prefix), "suffix": .string(suffix), "middle": .string(middle), "kind": .string(kind),
      "psm": .string("<fim_prefix>\(prefix)<fim_suffix>\(suffix)<fim_middle>\(middle)"),
      "codestral": .string("[SUFFIX]\(suffix)[PREFIX]\(prefix)\(middle)"), "fragment": .string(fragment.fragment.id),
      "tm": .string(fragment.fragment.identifiers.tm ?? ""),
    ])
  }

  func finish() throws(ExchangeError) { for part in run.parts { _ = try run.stream(Self.list(part)) } }
}

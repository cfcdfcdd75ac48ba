import Platform
import Text

// htr-united.yml: an entry for the catalogue HTR-United, schema of April 2023. What only the owner knows is left for the owner to fill in, and says so.

/// Counts what an export would hold and describes it.
final class CatalogueWriter: ExportWriter {
  private let run: ExportRun
  private var (lines, characters, photographs, fragments) = (0, 0, 0, 0)
  /// Lines that nobody has decided about.
  private var undecided = 0
  private var (earliest, latest): (Int?, Int?) = (nil, nil)

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    guard !fragment.lines.isEmpty else { return 0 }
    fragments += 1
    lines += fragment.lines.count
    undecided += fragment.lines.count { $0.weight < 1 }
    characters += fragment.lines.reduce(0) { $0 + $1.text.count }
    photographs += Set(fragment.lines.map(\.region.photograph)).count
    let date = fragment.fragment.date
    if let from = date.notBefore ?? date.notAfter { earliest = min(earliest ?? from, from) }
    if let to = date.notAfter ?? date.notBefore { latest = max(latest ?? to, to) }
    return fragment.lines.count
  }

  func finish() throws(ExchangeError) {
    func year(_ year: Int?) -> String {
      guard let year else { return "\"\"  # to be filled in" }
      let digits = String(abs(year))
      return "\"\(year < 0 ? "-" : "")\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)\""
    }
    let title = CleanText.line(run.corpus).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let made =
      undecided == 0
      ? "transcribed by scholars on photographs"
      : "\(lines - undecided) transcribed by scholars on photographs, \(undecided) read by a model or laid on from editions and looked at by nobody"
    let text = """
      schema: https://htr-united.github.io/schema/2023-06-27/schema.json
      title: "\(title)"
      url: ""  # to be filled in: where the data can be had
      authors: []  # to be filled in
      description: "Lines of Greek papyri, \(made): \(fragments) fragments."
      language:
        - grc
      production-software: Other
      automatically-aligned: \(undecided > 0)
      script:
        - iso: Grek
      script-type: only-manuscript
      time:
        notBefore: \(year(earliest))
        notAfter: \(year(latest))
      hands:
        count: unknown
        precision: estimated
      license:
        name: ""  # to be filled in
        url: ""
      format: Page-XML
      volume:
        - metric: lines
          count: \(lines)
        - metric: characters
          count: \(characters)
        - metric: files
          count: \(photographs)
      transcription-guidelines: "Letters as they stand on the papyrus, in capitals, no spaces; a full stop for an illegible letter."

      """
    try run.root.write(Array(text.utf8), to: "htr-united.yml")
  }
}

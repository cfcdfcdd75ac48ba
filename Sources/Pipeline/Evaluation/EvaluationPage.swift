import Raster
import Text

/// A report as one page of HTML that needs nothing else: tables, and the worst lines with their pictures.
public struct EvaluationPage: Sendable {
  /// Lines shown with their pictures.
  public static let worstCount = 24

  public var model: String
  public var title: String
  /// Calibration of letters: probability and share of right ones, by tenths.
  public var calibration: [(count: Int, probability: Double, right: Double)]
  public var comparison: (model: String, EvaluationReport.Comparison)?
  private var worst: [(line: MeasuredLine, strip: Bitmap)] = []

  public init(model: String, title: String) {
    self.model = model
    self.title = title
    calibration = []
  }

  /// Keeps a line's strip while the line is among the worst.
  public mutating func consider(_ line: MeasuredLine, strip: @autoclosure () -> Bitmap) {
    guard line.errors > 0 else { return }
    if worst.count == Self.worstCount, let least = worst.last, least.line.errors >= line.errors { return }
    let place = worst.firstIndex { $0.line.errors < line.errors } ?? worst.count
    worst.insert((line, strip()), at: place)
    if worst.count > Self.worstCount { worst.removeLast() }
  }

  public func html(_ report: EvaluationReport) -> String {
    func escaped(_ text: String) -> String {
      displayText(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
    func percent(_ value: Double?) -> String { value.map { "\(($0 * 1000).rounded() / 10)%" } ?? "–" }
    func row(_ cells: String...) -> String { "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n" }
    func rate(_ name: String, _ rate: EvaluationReport.Rate) -> String {
      row(
        name, percent(rate.value), rate.of == 0 ? "–" : "\(percent(rate.low)) – \(percent(rate.high))",
        "\(rate.errors) of \(rate.of)")
    }
    var out = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title><style>
      body { font: 15px/1.5 serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222; background: #fffdf8 }
      table { border-collapse: collapse; margin: 1em 0 } td, th { padding: .15em .8em; text-align: left; border-bottom: 1px solid #ddd }
      img { max-width: 100%; max-height: 7em; display: block; border: 1px solid #ccc } del { color: #a00 } ins { color: #060 }
      code { font: 15px monospace }
      </style></head><body>
      <h1>\(escaped(title))</h1>
      <p>Model <code>\(escaped(model))</code>, \(report.lines.count) lines of \(Set(report.lines.map(\.fragment)).count) fragments. Bounds hold 95 of 100
      resamples of fragments.</p>
      <table><tr><th></th><th>rate</th><th>bounds</th><th></th></tr>
      \(rate("letters wrong", report.letterErrors))\(rate("words wrong", report.wordErrors))\(rate("lines not exact", report.lineErrors))</table>

      """
    if let (other, comparison) = comparison {
      let verdict = comparison.isBetter ? "better" : comparison.isWorse ? "worse" : "no different beyond chance"
      out += "<h2>Against \(escaped(other))</h2><p>\(percent(comparison.difference)) of letters "
      out +=
        "(\(percent(comparison.low)) – \(percent(comparison.high))) on \(comparison.lines) lines of \(comparison.fragments) fragments: "
      out +=
        "<b>\(verdict)</b>; chance alone makes as much of a difference in \(percent(comparison.chance)) of cases.</p>\n"
    }
    for (group, heading) in [
      ("century", "Centuries"), ("place", "Places"), ("hand", "Hands"), ("fragment", "Fragments, worst first"),
    ] {
      let rates = report.rates(by: group)
      guard rates.count > 1 else { continue }
      out += "<h2>\(heading)</h2><table><tr><th></th><th>letters wrong</th><th>bounds</th><th>lines</th></tr>\n"
      for (name, lines, rate) in rates.prefix(40) {
        out += row(escaped(name), percent(rate.value), "\(percent(rate.low)) – \(percent(rate.high))", "\(lines)")
      }
      out += "</table>\n"
    }
    if !calibration.isEmpty {
      out += "<h2>Letters by their probability</h2><table><tr><th>said</th><th>right</th><th>letters</th></tr>\n"
      for bin in calibration where bin.count > 0 {
        out += row(percent(bin.probability), percent(bin.right), "\(bin.count)")
      }
      out += "</table>\n"
    }
    let confusions = report.confusions
    if !confusions.isEmpty {
      out += "<h2>What is read for what</h2><table><tr><th>written</th><th>read</th><th>times</th></tr>\n"
      for (truth, read, count) in confusions.prefix(40) {
        out += row(
          truth.map { escaped(String($0)) } ?? "nothing", read.map { escaped(String($0)) } ?? "nothing", "\(count)")
      }
      out += "</table>\n"
    }
    if !worst.isEmpty { out += "<h2>The worst lines</h2>\n" }
    for (line, strip) in worst {
      out += "<p>\(escaped(line.fragment)) \(escaped(line.name)): \(line.errors) wrong of \(line.letters)<br>"
      out += "<img alt=\"the line\" src=\"data:image/png;base64,\(base64(PNG.encode(strip)))\">"
      for step in LetterSteps(truth: Array(line.truth), read: Array(line.read)).steps {
        if step.truth == step.read {
          out += escaped(String(step.truth!))
        } else {
          if let read = step.read { out += "<del title=\"read\">\(escaped(String(read)))</del>" }
          if let truth = step.truth { out += "<ins title=\"written\">\(escaped(String(truth)))</ins>" }
        }
      }
      out += "</p>\n"
    }
    return out + "</body></html>\n"
  }
}

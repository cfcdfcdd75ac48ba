import Raster
import Testing

@testable import Pipeline

@Suite struct EvaluationReportTests {
  private func line(
    _ fragment: String, _ name: String, _ truth: String, _ read: String, _ groups: [String: String] = [:],
    words: [Int] = []
  ) -> MeasuredLine {
    MeasuredLine(
      fragment: fragment, name: name, truth: truth, read: read, probability: 0.5, words: words, groups: groups)
  }

  @Test func lettersWordsAndLines() {
    #expect(line("f", "1", "ΚΑΙΤΟΝ", "ΚΑΙΤΟΝ", words: [3, 3]).wrongWords == 0)
    #expect(line("f", "1", "ΚΑΙΤΟΝ", "ΚΑΤΟΝ", words: [3, 3]).wrongWords == 1)
    #expect(line("f", "1", "ΚΑΙΤΟΝ", "ΚΛΙΤΩΝ", words: [3, 3]).wrongWords == 2)
    // A letter too many belongs to the word that is being read; words that are not the truth's count nothing.
    #expect(line("f", "1", "ΚΑΙΤΟΝ", "ΚΑΙΤΟΟΝ", words: [3, 3]).wrongWords == 1)
    #expect(line("f", "1", "ΚΑΙΤΟΝ", "ΚΑΙΤΟΟΝ", words: [3, 4]).words == 0)
    var report = EvaluationReport()
    report.add(line("a", "1", "ΚΑΙΤΟΝ", "ΚΛΙΤΟΝ", ["place": "Tebtynis"], words: [3, 3]))
    report.add(line("a", "2", "ΑΒ", "ΑΒ", ["place": "Tebtynis"]))
    report.add(line("b", "1", "ΓΔ", "", ["place": "Arsinoe"]))
    #expect(report.letterErrors.errors == 3 && report.letterErrors.of == 10)
    #expect(report.wordErrors.value == 0.5 && report.lineErrors.errors == 2)
    #expect(report.letterErrors.low <= 0.3 && report.letterErrors.high >= 0.3)
    #expect(report.rates(by: "place").map(\.name) == ["Arsinoe", "Tebtynis"])
    #expect(report.rates(by: "fragment").map(\.lines) == [1, 2])
    #expect(report.confusions.map(\.count) == [1, 1, 1])
    #expect(report.confusions.contains { $0.truth == "Α" && $0.read == "Λ" })
    #expect(report.confusions.contains { $0.truth == "Γ" && $0.read == nil })
  }

  @Test func thereIsNoRateOfNothing() {
    let report = EvaluationReport()
    #expect(report.letterErrors.value == nil && report.compared(with: report) == nil)
    #expect(report.members.first { $0.name == "letterErrors" }?.value["rate"] == nil)
    #expect(ReadingScore(threshold: 0.9).json["ler"] == nil)
  }

  /// The steps are as few as can be, and tell both texts.
  @Test func stepsAgreeWithThePlainDistance() {
    let alphabet: [Character] = ["Α", "Β"]
    func words(_ length: Int) -> [[Character]] {
      length == 0 ? [[]] : words(length - 1).flatMap { word in alphabet.map { word + [$0] } }
    }
    func distance(_ a: ArraySlice<Character>, _ b: ArraySlice<Character>) -> Int {
      guard let first = a.first else { return b.count }
      guard let other = b.first else { return a.count }
      let (restA, restB) = (a.dropFirst(), b.dropFirst())
      return min(distance(restA, restB) + (first == other ? 0 : 1), distance(restA, b) + 1, distance(a, restB) + 1)
    }
    let all = (0...3).flatMap(words)
    for truth in all {
      for read in all {
        let steps = LetterSteps(truth: truth, read: read).steps
        #expect(steps.count { $0.truth != $0.read } == distance(truth[...], read[...]))
        #expect(steps.compactMap(\.truth) == truth && steps.compactMap(\.read) == read)
      }
    }
  }

  @Test func chanceIsToldFromDifference() throws {
    var (good, bad, mixed) = (EvaluationReport(), EvaluationReport(), EvaluationReport())
    for number in 0..<20 {
      good.add(line("f\(number)", "1", "ΑΒΓΔ", "ΑΒΓΔ"))
      bad.add(line("f\(number)", "1", "ΑΒΓΔ", number.isMultiple(of: 2) ? "ΑΒΓ" : "ΑΒ"))
      mixed.add(line("f\(number)", "1", "ΑΒΓΔ", number == 7 ? "ΑΒΓ" : "ΑΒΓΔ"))
    }
    let worse = try #require(bad.compared(with: good))
    #expect(worse.isWorse && !worse.isBetter && worse.difference == 0.375 && worse.low > 0 && worse.fragments == 20)
    #expect(try #require(good.compared(with: bad)).isBetter)
    let same = try #require(mixed.compared(with: good))
    #expect(!same.isWorse && !same.isBetter && same.chance > 0.5)
    // One fragment: its lines must tell.
    var (one, other) = (EvaluationReport(), EvaluationReport())
    for number in 0..<20 {
      one.add(line("f", "\(number)", "ΑΒΓΔ", "ΑΒΓΔ"))
      other.add(line("f", "\(number)", "ΑΒΓΔ", "ΑΒ"))
    }
    let lines = try #require(other.compared(with: one))
    #expect(lines.isByLines && lines.isWorse && !worse.isByLines && lines.fragments == 1)
    // The same lines give the same figures.
    #expect(bad.compared(with: good) == worse && bad.letterErrors == bad.letterErrors)
  }

  @Test func thePageNeedsNothingElseAndShowsNothingHostile() {
    var report = EvaluationReport()
    var page = EvaluationPage(model: "m@1", title: "<script>alert(1)</script>")
    for number in 0..<40 {
      let one = line("f<\(number)>", "1", "ΑΒΓΔ", String("ΑΒΓΔ".dropLast(number % 4)))
      report.add(one)
      page.consider(one, strip: Bitmap(width: 20, height: 8, filledWith: 200))
    }
    page.comparison = report.compared(with: report).map { ("old@1", $0) }
    let html = page.html(report)
    #expect(!html.contains("<script") && !html.contains("f<0>") && !html.contains("http"))
    #expect(html.split(separator: "data:image/png;base64,").count == EvaluationPage.worstCount + 1)
    #expect(html.contains("no different beyond chance") && html.contains("<ins title=\"written\">Δ</ins>"))
  }
}

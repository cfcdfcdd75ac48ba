import Corpus
import Foundation
import JSON
import Raster
import Testing

/// `grapheion show`, and what `search` calls a line.
@Suite struct ShowTests {
  /// Two columns and a line that somebody decided about.
  private func corpus(_ scratch: Scratch) throws -> String {
    let path = scratch.path + "/c"
    let store = try CorpusStore.create(at: path)
    try FileManager.default.createDirectory(atPath: try store.folder(of: "p1"), withIntermediateDirectories: true)
    try PNG.write(
      Bitmap(width: 60, height: 60, channels: 1, filledWith: 200), to: try store.folder(of: "p1") + "/r.png")
    try store.add(
      Fragment(
        id: "p1", identifiers: Identifiers(tm: "77"), title: "Letter \u{1B}[31mred",
        photographs: [Photograph(file: "r.png", width: 60, height: 60)]))
    let lines = (0..<4).map { index in
      let region = LineRegion(
        id: "0-\(index)", photograph: 0, column: index / 2, baseline: [Point(x: 1, y: 10), Point(x: 50, y: 10)],
        polygon: Polygon([Point(x: 1, y: 1), Point(x: 50, y: 1), Point(x: 50, y: 12)]))
      let text = ["και", "του", "σεβαστου", "χαιρειν"][index]
      return LineReading(
        region: region,
        candidates: [Candidate(text: text.uppercased(), leiden: text, probability: 0.5, letters: [])])
    }
    try store.record(FragmentReading(fragment: "p1", model: "m@1", settings: "", seconds: 0, lines: lines))
    try store.record(
      Correction(
        scholar: "t", fragment: "p1", region: lines[3].region, before: nil, after: "χαίρειν", action: .edited,
        offered: [], model: nil, seconds: 1))
    return path
  }

  @Test func aTranscriptionIsPrintedAsEditionsCount() throws {
    let scratch = try Scratch()
    let path = try corpus(scratch)
    let shown = try BuiltProgram.run("show", path, "p1")
    #expect(shown.status == 0)
    #expect(
      shown.output
        == "Letter \u{241B}[31mred\nTM 77\n\ncol. i\n1 ? και\n2 ? του\n\ncol. ii\n1 ? σεβαστου\n2   χαίρειν\n")
    let decided = try BuiltProgram.run("show", path, "p1", "--decided", "--json")
    let line = try JSONValue.parse(decided.output)
    #expect(line["number"]?.string == "ii 2" && line["text"]?.string == "χαίρειν" && line["status"]?.string == "edited")
    // One that is not there is told by its name.
    let missing = try BuiltProgram.run("show", path, "p2")
    #expect(missing.status == 2 && missing.error.contains("no fragment 'p2'; did you mean 'p1'?"))
    #expect(missing.output.isEmpty)
    // Its numbers name it, too.
    #expect(try BuiltProgram.run("show", path, "77").output == shown.output)
    #expect(try BuiltProgram.run("show", path, "7").status == 2)
  }

  @Test func searchKnowsBetaCodeAndTheSameNumbers() throws {
    let scratch = try Scratch()
    let path = try corpus(scratch)
    let found = try BuiltProgram.run("search", path, "--beta", "sebast?u")
    #expect(found.output == "p1\tii 1\tσεβαστου\t(not decided)\n")
    #expect(try BuiltProgram.run("search", path, "σεβαστ?υ").output == found.output)
    // Who types Latin letters is told how they are taken.
    let latin = try BuiltProgram.run("search", path, "sebastou")
    #expect(latin.status == 2 && latin.error.contains("--beta"))
  }
}

import Corpus
import Foundation
import JSON
import Leiden
import Platform
import Raster
import Testing

@testable import Exchange

/// Corpora to export, and what came out of them.
enum ExportProbe {
  private static let leiden = ["1", "χαίρειν. [κα]ὶ τὸν", "(στρ(ατηγὸς)) α̣ .2", "<:ἐλαίου|reg|ἐλέου:> ϛ"]

  /// Fragments f0 … with writing on two photographs: two columns, and one line on the verso.
  static func withCorpus(_ count: Int = 1, _ body: (CorpusStore, String) throws -> Void) throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/corpus", name: "Probe | \"x\"")
      for number in 0..<count { try add("f\(number)", to: store, tm: String(700 + number)) }
      try body(store, folder + "/out")
    }
  }

  /// - Parameter isBare: whether nothing but its number is known of it.
  static func add(_ id: String, to store: CorpusStore, tm: String?, isBare: Bool = false) throws {
    try Files.makeFolder(store.folder(of: id))
    for name in ["recto", "verso"] {
      try SyntheticPhotograph(width: 400, height: name == "recto" ? 200 : 210).write(
        to: store.folder(of: id) + "/\(name).png")
    }
    let photographs = ["recto", "verso"].map {
      Photograph(file: $0 + ".png", width: 400, height: $0 == "recto" ? 200 : 210, side: $0)
    }
    try store.add(
      isBare
        ? Fragment(id: id, identifiers: Identifiers(tm: tm), photographs: photographs)
        : Fragment(
          id: id, identifiers: Identifiers(tm: tm, hgv: "1234a", ddbdp: "p.tebt;1;\(id)", inventory: "inv. <5>"),
          title: "Letter & \"receipt\"", date: DateRange(notBefore: -120, notAfter: 14), place: "Tebtynis",
          material: "papyrus", rights: "CC BY", photographs: photographs))
    let regions = (0..<4).map { number -> LineRegion in
      let photograph = number == 3 ? 1 : 0
      let (left, top) = (number == 2 ? 210.0 : 10.0, Double(20 + 40 * (number % 2)))
      return LineRegion(
        id: "\(photograph)-\(number)", photograph: photograph, column: number == 2 ? 1 : 0,
        baseline: [Point(x: left, y: top + 30), Point(x: left + 180, y: top + 28)],
        polygon: Polygon([
          Point(x: left, y: top), Point(x: left + 180, y: top), Point(x: left + 180, y: top + 38),
          Point(x: left, y: top + 38),
        ]))
    }
    try store.give(regions, to: id)
    let offer = Candidate(text: "ΚΑΤΟΝ", leiden: "κατὸν", probability: 0.6, letters: [])
    for (region, text) in zip(regions, leiden).dropFirst() {
      try store.record(
        Correction(
          scholar: "Anna B.", fragment: id, region: region, before: nil, after: text,
          action: .edited, offered: [offer], model: "apollo@1", seconds: 1))
    }
  }

  static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  static func rows(_ path: String) throws -> [JSONValue] {
    try text(path).split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
  }

  /// Runs a few lines of Python in the export's folder.
  static func python(_ program: String, in folder: String) throws -> Int32 {
    let script = folder + "/probe.py"
    try Files.replace(script, with: Array(("import os, sys\nos.chdir(sys.argv[1])\n" + program).utf8))
    return try ChildProcess.run(ChildProcess.find("python3")!, [script, folder]).status
  }

  static func hasPython(_ module: String) -> Bool {
    guard let python = ChildProcess.find("python3") else { return false }
    return (try? ChildProcess.run(python, ["-c", "import \(module)"]))?.status == 0
  }
}

import Exchange
import Foundation
import Platform
import Raster

@testable import Corpus

/// A corpus in a folder of its own, with two small fragments.
struct CorpusFixture {
  let folder: String
  let store: CorpusStore

  init() throws {
    folder = NSTemporaryDirectory() + "/grapheion-corpus-" + UUID().uuidString
    store = try CorpusStore.create(at: folder + "/c", name: "test")
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    for (name, shade) in [("p1", UInt8(200)), ("p2", 180)] {
      try PNG.write(Bitmap(width: 40, height: 30, filledWith: shade), to: folder + "/in/\(name).png")
    }
    try store.importPhotographs([folder + "/in"], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in })
  }

  var path: String { folder + "/c" }
  func reopened() throws -> CorpusStore { try CorpusStore.open(at: path) }

  static func region(_ id: String, y: Double = 10) -> LineRegion {
    LineRegion(
      id: id, photograph: 0, column: 0, baseline: [Point(x: 1, y: y), Point(x: 30, y: y)],
      polygon: Polygon([
        Point(x: 1, y: y - 8), Point(x: 30, y: y - 8), Point(x: 30, y: y + 2), Point(x: 1, y: y + 2),
      ]))
  }

  static func candidate(_ text: String, _ probability: Double) -> Candidate {
    Candidate(
      text: text, leiden: text.lowercased(), probability: probability,
      letters: text.map { CandidateLetter(text: String($0), probability: probability, left: 1, right: 2) })
  }

  static func reading(_ fragment: String, model: String = "m@1") -> FragmentReading {
    FragmentReading(
      fragment: fragment, model: model, settings: "beam=8", seconds: 0.5,
      lines: [
        LineReading(region: region("0-0"), candidates: [candidate("ΚΑΙ", 0.75), candidate("ΚΑΤ", 0.125)]),
        LineReading(region: region("0-1", y: 25), candidates: [candidate("ΤΟΝ", 0.5)]),
      ])
  }

  static func decision(
    _ fragment: String, _ line: String, before: String?, after: String?, _ action: Action, y: Double = 10
  ) -> Correction {
    Correction(
      scholar: "tester", fragment: fragment, region: region(line, y: y),
      before: before, after: after, action: action, offered: [candidate("ΚΑΙ", 0.75)], model: "m@1", seconds: 2)
  }
}

extension CorpusFixture {
  /// The same corpus in the eyes of one who has no index.
  static func withoutIndex(_ path: String) throws -> CorpusStore {
    let index = path + "/cache/index"
    let kept = Files.exists(index) ? try Files.read(index) : nil
    if kept != nil { try Files.remove(index) }
    defer { if let kept { try? Files.replace(index, with: kept) } }
    return try CorpusStore.open(at: path)
  }
}

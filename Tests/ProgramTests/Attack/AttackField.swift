import Corpus
import Foundation
import Platform
import Raster

/// The corpus, pictures and texts that attacks begin from: small, and with something of every kind in them.
struct AttackField {
  let scratch: Scratch
  /// Never changed; attacks work on copies.
  let corpus: String
  let photograph: String
  let strip: String

  init() throws {
    scratch = try Scratch()
    corpus = scratch.path + "/base"
    photograph = scratch.path + "/photograph.png"
    strip = scratch.path + "/strip.png"
    var bitmap = Bitmap(width: 300, height: 160, channels: 1, filledWith: 220)
    for line in 0..<2 {
      for x in 20..<280 where x / 8 % 2 == 0 {
        for y in 0..<12 { bitmap.pixels[(40 + line * 60 + y) * 300 + x] = 40 }
      }
    }
    try PNG.write(bitmap, to: photograph)
    try PNG.write(Bitmap(width: 60, height: 24, channels: 1, filledWith: 200), to: strip)
    try Data(Self.page.utf8).write(to: URL(fileURLWithPath: scratch.path + "/photograph.xml"))
    let store = try CorpusStore.create(at: corpus)
    try Files.makeFolder(try store.folder(of: "f1"))
    // Another picture than the one that is imported.
    bitmap.pixels[0] = 10
    let recto = try store.folder(of: "f1") + "/recto.png"
    try PNG.write(bitmap, to: recto)
    try store.add(
      Fragment(
        id: "f1", identifiers: Identifiers(tm: "7"), title: "Brief", date: DateRange(notBefore: -113, notAfter: 20),
        photographs: [
          Photograph(
            file: "recto.png", width: 300, height: 160, sha256: try SHA256.hash(file: recto))
        ]))
    let regions = (0..<2).map { line -> LineRegion in
      let y = 52 + 60 * Double(line)
      return LineRegion(
        id: "g\(line)", photograph: 0, column: 0, baseline: [Point(x: 20, y: y), Point(x: 280, y: y)],
        polygon: Polygon([
          Point(x: 16, y: y - 20), Point(x: 284, y: y - 20), Point(x: 284, y: y + 8), Point(x: 16, y: y + 8),
        ]))
    }
    try store.give(regions, to: "f1")
    let candidate = Candidate(
      text: "ΚΑΙ", leiden: "και", probability: 0.8,
      letters: "ΚΑΙ".map { CandidateLetter(text: String($0), probability: 0.9, left: 20, right: 40) })
    try store.record(
      FragmentReading(
        fragment: "f1", model: "m@1", settings: "", seconds: 1,
        lines: regions.map { LineReading(region: $0, candidates: [candidate]) }))
    for (number, text) in ["κα\u{323}ι", "[ -ca.?- ] τον"].enumerated() {
      try store.record(
        Correction(
          scholar: "t", fragment: "f1", region: regions[number], before: nil,
          after: text, action: .edited, offered: [candidate], model: "m@1", seconds: 2))
    }
    try store.updateIndex(always: true)
  }

  /// A fresh copy of the corpus.
  func copy(_ name: String = "c") throws -> String {
    let path = scratch.path + "/" + name
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try FileManager.default.copyItem(atPath: corpus, toPath: path)
    return path
  }

  /// The files of the corpus, relative to it.
  var files: [String] {
    get throws {
      let journal = try Files.list(corpus + "/journal")[0]
      let run = try Files.list(corpus + "/readings")[0]
      let readings = try Files.list(corpus + "/readings/" + run)[0]
      return [
        "corpus.json", "fragments/f1/fragment.json", "fragments/f1/lines.json", "fragments/f1/recto.png", "cache/index",
        "journal/" + journal, "readings/\(run)/\(readings)",
      ]
    }
  }

  static let page = """
    <?xml version="1.0" encoding="UTF-8"?><!-- x --><!DOCTYPE PcGts [<!ELEMENT a (b)>]>
    <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page imageFilename="photograph.png" imageWidth="300"
    imageHeight="160"><ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="0" regionRef="r"/></OrderedGroup></ReadingOrder>
    <TextRegion id="r"><Coords points="0,0 300,0 300,160 0,160"/><TextLine id="l1"><Coords points="16,32 284,32 284,60 16,60"/>
    <Baseline points="20,52 280,52"/><TextEquiv index="0"><Unicode>&#x3BA;αι <![CDATA[τον]]></Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>
    """

  static let leiden = """
    1. [.3]κα̣ὶ τὸν ((ἔτους)) <#ιβ=12#> |^υν^| {και} <:α|reg|β:>
    2.- 〚στρ(ατηγὸς)〛 \\ὑπὲρ/ vac.? //γραμμα\\\\ <S=.grc<=ab=> [ -ca.5- ] ¯_[καὶ]_¯ $m2 *stauros*
    """
}

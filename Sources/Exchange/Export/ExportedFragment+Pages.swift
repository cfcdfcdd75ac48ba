import Corpus
import JSON
import Raster

extension ExportedFragment {
  /// Copies each photograph that has something to go out into `folder` as `FRAGMENT_N.png`, and writes the document that `body` makes of it beside
  /// it, and `FRAGMENT_N.json` with what is known of the fragment, which `import` takes up again; returns how many lines with a text, or drawn by
  /// somebody, there are: where a line runs is worth as much to who trains a line finder as what it says to others.
  func eachPage(
    in folder: ExportFolder, _ body: (_ photograph: Int, _ image: String) throws(ExchangeError) -> String
  ) throws(ExchangeError) -> Int {
    let texts = texts
    var written = 0
    for (index, photograph) in fragment.photographs.enumerated() {
      let count = states(on: index).count { texts[$0.region.id] != nil || $0.isDrawn }
      guard count > 0 else { continue }
      let name = ExportFolder.name(from: fragment.id) + "_\(index)"
      try folder.copy(try photographPath(index), to: name + ".png", sha256: photograph.sha256)
      try folder.write(Array(try body(index, name + ".png").utf8), to: name + ".xml")
      try folder.write(record(of: index).pretty(), to: name + ".json")
      written += count
    }
    return written
  }

  private func record(of photograph: Int) -> JSONValue {
    var alone = fragment
    alone.photographs = [fragment.photographs[photograph]]
    return alone.json
  }

  /// The lines that go out, by the ids of their regions.
  var texts: [String: ExportedLine] {
    Dictionary(lines.map { ($0.region.id, $0) }, uniquingKeysWith: { one, _ in one })
  }

  /// All lines of a photograph in reading order: neighbours of one column, part and hand together.
  func columns(on photograph: Int) -> [[LineState]] {
    var columns: [[LineState]] = []
    for line in states(on: photograph) {
      if let last = columns.last?.last, last.region.column == line.region.column,
        last.region.part == line.region.part, last.region.hand == line.region.hand
      {
        columns[columns.count - 1].append(line)
      } else {
        columns.append([line])
      }
    }
    return columns
  }
}

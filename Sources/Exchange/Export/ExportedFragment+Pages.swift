import JSON
import Raster

extension ExportedFragment {
  /// Copies each photograph that has lines to go out into `folder` as `FRAGMENT_N.png`, and writes the document that `body` makes of it beside
  /// it, and `FRAGMENT_N.json` with what is known of the fragment, which `import` takes up again; returns the number of lines.
  func eachPage(
    in folder: ExportFolder, _ body: (_ photograph: Int, _ image: String) throws(ExchangeError) -> String
  ) throws(ExchangeError) -> Int {
    var written = 0
    for (index, photograph) in fragment.photographs.enumerated() {
      let count = lines.count { $0.region.photograph == index }
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

  /// Neighbours of one column, in reading order.
  func columns(on photograph: Int) -> [[ExportedLine]] {
    var columns: [[ExportedLine]] = []
    for line in lines where line.region.photograph == photograph {
      if let last = columns.last?.last, last.region.column == line.region.column {
        columns[columns.count - 1].append(line)
      } else {
        columns.append([line])
      }
    }
    return columns
  }
}

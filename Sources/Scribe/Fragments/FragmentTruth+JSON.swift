import JSON
import Raster
import Text

// truth.json stands beside fragment.json of a drawn fragment and says what was drawn. One object:
//
//   format    "grapheion-truth"
//   version   1; a reader refuses a higher one
//   seed      the number the fragment was drawn from, as a string (64 bits)
//   image     file name of the photograph beside it
//   size      [width, height] of the photograph in pixels
//   hands     seeds of the hands, as strings; a line's `hand` counts from 1
//   leiden    the whole text, a Leiden+ document
//   lines     in reading order, each an object:
//     column    from 0
//     hand      from 1
//     baseline  [[x, y], …] from left to right
//     polygon   [[x, y], …] closed
//     xHeight   pixels
//     text      the letters that can still be read, capitals without spaces
//     leiden    the line in Leiden+ without its number
//     runsOn    whether its last word runs on in the next line
//     letters   every letter written, lost ones too, each ["Α", x, y, width, height, visible]: the smallest box of whole pixels
//               around its ink, and the share of the ink that is left (0 … 1; below 0.35 it counts as lost)

/// What `truth.json` says about a fragment.
public struct FragmentTruth: Hashable, Sendable {
  public var seed: UInt64
  public var image: String
  public var width: Int
  public var height: Int
  public var hands: [UInt64]
  public var leiden: String
  public var lines: [FragmentLine]

  /// The truth of a drawn fragment whose photograph is stored under the given name.
  public init(of fragment: ScribeFragment, image: String) {
    seed = fragment.seed
    self.image = image
    width = fragment.image.width
    height = fragment.image.height
    hands = fragment.hands
    leiden = fragment.leiden
    lines = fragment.lines
  }

  /// The file's bytes.
  public func serialised() -> [UInt8] {
    func points(_ points: [Point]) -> JSONValue {
      .array(points.map { .array([.double(FragmentTruth.tenths($0.x)), .double(FragmentTruth.tenths($0.y))]) })
    }
    let value: JSONValue = .object([
      "format": "grapheion-truth", "version": 1, "seed": .string(String(seed)), "image": .string(image),
      "size": .array([.int(width), .int(height)]), "hands": .array(hands.map { .string(String($0)) }),
      "leiden": .string(leiden),
      "lines": .array(
        lines.map { line in
          .object([
            "column": .int(line.column), "hand": .int(line.hand), "baseline": points(line.baseline),
            "polygon": points(line.polygon.points), "xHeight": .double(FragmentTruth.tenths(line.xHeight)),
            "text": .string(line.text), "leiden": .string(line.leiden), "runsOn": .bool(line.runsOn),
            "letters": .array(
              line.letters.map { letter in
                .array([
                  .string(String(letter.letter)), .int(letter.box.x), .int(letter.box.y), .int(letter.box.width),
                  .int(letter.box.height), .double((letter.visible * 1000).rounded() / 1000),
                ])
              }),
          ])
        }),
    ])
    return value.serialised() + [0x0A]
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  /// Reads the file's bytes.
  public init(parsing bytes: [UInt8], name: String = "truth.json") throws(ScribeError) {
    let root: JSONValue
    do { root = try JSONValue.parse(bytes) } catch { throw ScribeError(.malformed, "\(name): \(error)") }
    guard root["format"]?.string == "grapheion-truth" else {
      throw ScribeError(.malformed, "\(name): its format is not grapheion-truth")
    }
    guard let version = root["version"]?.int, version >= 1 else {
      throw ScribeError(.malformed, "\(name): no version")
    }
    guard version == 1 else {
      throw ScribeError(.malformed, "\(name): written by a newer Grapheion (version \(version), this one knows 1)")
    }
    func need<T>(_ value: T?, _ what: String) throws(ScribeError) -> T {
      guard let value else { throw ScribeError(.malformed, "\(name): \(what) is missing or of the wrong kind") }
      return value
    }
    seed = try need(root["seed"]?.string.flatMap { UInt64($0) }, "seed")
    image = try need(root["image"]?.string, "image")
    let size = try need(root["size"]?.array?.compactMap(\.int), "size")
    guard size.count == 2, size.allSatisfy({ (1...1_000_000).contains($0) }) else {
      throw ScribeError(.malformed, "\(name): size is not two numbers of pixels")
    }
    (width, height) = (size[0], size[1])
    hands = try need(root["hands"]?.array, "hands").compactMap { $0.string.flatMap { UInt64($0) } }
    leiden = try need(root["leiden"]?.string, "leiden")
    var lines: [FragmentLine] = []
    for (index, value) in try need(root["lines"]?.array, "lines").enumerated() {
      guard let line = FragmentTruth.line(value) else {
        throw ScribeError(.malformed, "\(name): line \(index + 1) lacks a member or has one of the wrong kind")
      }
      lines.append(line)
    }
    self.lines = lines
  }

  private static func line(_ value: JSONValue) -> FragmentLine? {
    guard let column = value["column"]?.int, let hand = value["hand"]?.int,
      let baseline = points(value["baseline"]), baseline.count >= 2, let polygon = points(value["polygon"]),
      let xHeight = value["xHeight"]?.double, let leiden = value["leiden"]?.string,
      let runsOn = value["runsOn"]?.bool, let rows = value["letters"]?.array
    else { return nil }
    var letters: [FragmentLetter] = []
    for row in rows {
      guard let cells = row.array, cells.count == 6, let text = cells[0].string, text.count == 1,
        let letter = text.first, Greek.capitals.contains(letter), let visible = cells[5].double
      else { return nil }
      let box = cells[1...4].compactMap(\.int)
      guard box.count == 4 else { return nil }
      letters.append(
        FragmentLetter(
          letter: letter, box: Rect(x: box[0], y: box[1], width: box[2], height: box[3]), visible: visible))
    }
    return FragmentLine(
      column: column, hand: hand, baseline: baseline, polygon: Polygon(polygon), xHeight: xHeight,
      letters: letters, leiden: leiden, runsOn: runsOn)
  }

  private static func points(_ value: JSONValue?) -> [Point]? {
    guard let rows = value?.array else { return nil }
    let points = rows.compactMap { row -> Point? in
      guard let pair = row.array?.compactMap(\.double), pair.count == 2 else { return nil }
      return Point(x: pair[0], y: pair[1])
    }
    return points.count == rows.count ? points : nil
  }
}

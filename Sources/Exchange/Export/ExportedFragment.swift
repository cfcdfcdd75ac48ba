import Corpus
import JSON
import Raster

/// A line on its way out.
struct ExportedLine {
  var region: LineRegion
  /// In Leiden+.
  var leiden: String
  /// As the export wants it.
  var text: String
  /// 1 for what somebody decided; else the probability that an edition's line, or a model's reading, is right.
  var weight: Double
  /// Where the text is an edition's, and nobody decided: which, and its line.
  var edition: EditionOffer?
  var model: String?
  /// Letters that stand on the line and not in the text, for they are of another alphabet.
  var missing: String
  /// Unique in the export, fit for a file's name.
  var name: String
}

/// A fragment on its way out: its lines, and their pictures when they are asked for.
struct ExportedFragment {
  let fragment: Fragment
  let store: CorpusStore
  /// All lines in reading order, decided or not.
  let states: [LineState]
  /// Those that go out.
  let lines: [ExportedLine]
  /// Lines whose text is no Leiden+ (the corpus takes any text): they cannot go out.
  let broken: [String]

  /// - Parameter leastWeight: also takes lines nobody decided whose reading has at least this probability.
  init(_ fragment: Fragment, of store: CorpusStore, text form: ExportText, leastWeight: Double?) throws(ExchangeError) {
    self.fragment = fragment
    self.store = store
    do throws(CorpusError) { states = try store.lines(of: fragment.id) } catch { throw ExchangeError(error) }
    var lines: [ExportedLine] = []
    var broken: [String] = []
    for state in states {
      guard let (leiden, weight, edition) = Self.text(of: state, leastWeight) else { continue }
      guard let text = form.text(of: leiden) else {
        broken.append("\(fragment.id), line \(state.region.id): \(leiden)")
        continue
      }
      lines.append(
        ExportedLine(
          region: state.region, leiden: leiden, text: text, weight: weight, edition: edition, model: state.model,
          missing: form.layer == .letters ? DiplomaticLetters.missing(of: leiden) : "",
          name: ExportFolder.name(from: fragment.id) + "_" + ExportFolder.name(from: state.region.id)))
    }
    self.lines = lines
    self.broken = broken
  }

  /// The text somebody took or typed; of a line that nobody has decided about what an edition says of it, or the reading.
  static func text(
    of line: LineState, _ leastWeight: Double? = nil
  ) -> (leiden: String, weight: Double, edition: EditionOffer?)? {
    if let decided = line.decidedText { return (decided, 1, nil) }
    guard !line.status.isDecided, let leastWeight else { return nil }
    if let edition = line.edition, edition.probability >= leastWeight, !edition.text.isEmpty {
      return (edition.text, edition.probability, edition)
    }
    guard let best = line.candidates.first, best.probability >= leastWeight, !best.leiden.isEmpty else { return nil }
    return (best.leiden, best.probability, nil)
  }

  func states(on photograph: Int) -> [LineState] { states.filter { $0.region.photograph == photograph } }

  func photographPath(_ index: Int) throws(ExchangeError) -> String {
    do throws(CorpusError) { return try store.photographPath(fragment, index) } catch { throw ExchangeError(error) }
  }

  func photograph(_ index: Int) throws(ExchangeError) -> Bitmap {
    let path = try photographPath(index)
    do throws(RasterError) { return try PNG.read(path: path) } catch { throw ExchangeError(error) }
  }

  /// Calls `body` with each line that has letters and its strip, photograph by photograph; memory is one photograph. A line without ink under its
  /// text is counted and left out: it would teach that blank sheet says something; and so is one whose letters are not all in its text.
  /// - Returns: how many lines there were.
  func eachStrip(
    _ leftOut: inout LeftOut, _ body: (ExportedLine, Bitmap) throws(ExchangeError) -> Void
  ) throws(ExchangeError) -> Int {
    var count = 0
    for index in fragment.photographs.indices {
      let own = lines.filter { $0.region.photograph == index && $0.text.contains(where: \.isLetter) }
      guard !own.isEmpty else { continue }
      let photograph = try photograph(index)
      for line in own {
        let extent = line.region.extent(onWidth: photograph.width, height: photograph.height)
        guard extent == .fair else {
          leftOut.add("lines outside their photograph", "\(fragment.id), line \(line.region.id)")
          continue
        }
        guard line.missing.isEmpty else {
          leftOut.add(
            "lines with letters of another alphabet, which the letters have not",
            "\(fragment.id), line \(line.region.id): \(line.missing)")
          continue
        }
        let strip = LineStrip.cut(
          from: photograph, baseline: line.region.baseline, polygon: line.region.polygon)
        guard strip.image.hasContrast else {
          leftOut.add("lines without ink", "\(fragment.id), line \(line.region.id)")
          continue
        }
        try body(line, strip.image)
        count += 1
      }
    }
    return count
  }

  /// All that is known of a line, for the formats that have room for it. Every line has every member, and none is null: a column without a value in one
  /// part of a split and with one in another has two types, and `datasets` refuses the whole. What nobody knows is empty; a year 0, which there never was.
  func json(_ line: ExportedLine) -> [JSONValue.Member] {
    func text(_ value: String?) -> JSONValue { .string(value ?? "") }
    return [
      .init("text", .string(line.text)), .init("leiden", .string(line.leiden)), .init("fragment", .string(fragment.id)),
      .init("line", .string(line.region.id)), .init("photograph", .int(line.region.photograph)),
      .init("weight", .double((line.weight * 1e6).rounded() / 1e6)), .init("model", text(line.model)),
      .init("edition", text(line.edition.map { "\($0.edition) \($0.label)" })),
      .init("tm", text(fragment.identifiers.tm)), .init("hgv", text(fragment.identifiers.hgv)),
      .init("ddbdp", text(fragment.identifiers.ddbdp)), .init("inventory", text(fragment.identifiers.inventory)),
      .init("not_before", .int(fragment.date.notBefore ?? 0)), .init("not_after", .int(fragment.date.notAfter ?? 0)),
      .init("place", text(fragment.place)),
      .init("rights", text(fragment.rights)),
    ]
  }
}

extension Bitmap {
  /// Whether anything at all can be seen on it: all but the outermost hundredths of its pixels span more than the noise of a sheet
  /// without texture. Faint writing does; what is blank for certain does not.
  fileprivate var hasContrast: Bool {
    var histogram = [Int](repeating: 0, count: 256)
    for start in stride(from: 0, to: pixels.count, by: channels) {
      let colours = min(3, channels)
      var sum = 0
      for channel in 0..<colours { sum += Int(pixels[start + channel]) }
      histogram[sum / colours] += 1
    }
    let outermost = max(1, width * height / 100)
    func level(_ levels: some Sequence<Int>) -> Int {
      var seen = 0
      return levels.first {
        seen += histogram[$0]
        return seen > outermost
      } ?? 0
    }
    return level((0..<256).reversed()) - level(0..<256) >= 8
  }
}

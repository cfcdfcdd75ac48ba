import JSON
import Raster
import Text

// alignments/<fragment>.json: which line of a published edition stands on which line of a photograph, as a model sees it. Made by `grapheion align`, written
// whole and replaced whole; it can be made again and decides nothing.
//
//   {"version":1,"model":"apollo-reader@1f3a…","inputs":"…","editions":["bgu.1.100"],"licence":"CC BY 3.0",
//    "lines":[{"region":{…},"edition":"bgu.1.100","label":"5","text":"καὶ τ[ὸν]","probability":0.993}, …],
//    "unmet":["1","12"]}

/// What an edition says of a line, offered beside what a model reads.
public struct EditionOffer: Hashable, Sendable {
  /// The edition's name, and the line's number in it.
  public var edition: String
  public var label: String
  /// Leiden+.
  public var text: String
  /// That this is the line that is meant, 0 ... 1.
  public var probability: Double

  public init(edition: String, label: String, text: String, probability: Double) {
    (self.edition, self.label, self.text, self.probability) = (edition, label, text, probability)
  }

  /// Offers surer than this teach a reader; of those that were checked, 98 in 100 were right. Others wait for a scholar.
  public static let surelyRight = 0.9
  public var teaches: Bool { probability >= Self.surelyRight }
}

/// The lines of an edition on the lines of a fragment.
public struct FragmentAlignment: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public var region: LineRegion
    public var offer: EditionOffer

    public init(region: LineRegion, offer: EditionOffer) { (self.region, self.offer) = (region, offer) }
  }

  public var fragment: String
  /// The reader by whose sight they were aligned.
  public var model: String
  /// What else went in: the fragment (`CorpusStore.inputs(of:)`) and the editions. An alignment with the same inputs and model need not be made again.
  public var inputs: String
  public var editions: [String]
  public var licence: String?
  public var lines: [Line]
  /// Lines of the editions that stand nowhere, by their labels.
  public var unmet: [String]

  public init(
    fragment: String, model: String, inputs: String, editions: [String], licence: String?, lines: [Line],
    unmet: [String]
  ) {
    (self.fragment, self.model, self.inputs) = (fragment, model, inputs)
    (self.editions, self.licence, self.lines, self.unmet) = (editions, licence, lines, unmet)
  }

  var json: JSONValue {
    .object([
      "version": .int(1), "model": .string(model), "inputs": .string(inputs),
      "editions": .array(editions.map { .string($0) }), "licence": licence.map { .string($0) },
      "lines": .array(
        lines.map { line in
          .object([
            "region": line.region.json, "edition": .string(line.offer.edition), "label": .string(line.offer.label),
            "text": .string(line.offer.text), "probability": .double((line.offer.probability * 1e4).rounded() / 1e4),
          ])
        }),
      "unmet": .array(unmet.map { .string($0) }),
    ])
  }

  /// nil where a member is missing or cannot be.
  init?(json: JSONValue, fragment: String) {
    guard json["version"]?.int == 1, let model = json["model"]?.string, let inputs = json["inputs"]?.string,
      let values = json["lines"]?.array
    else { return nil }
    var lines: [Line] = []
    for value in values {
      guard let region = value["region"].flatMap({ LineRegion(json: $0) }), let text = value["text"]?.string,
        let probability = value["probability"]?.double, (0...1).contains(probability)
      else { return nil }
      lines.append(
        Line(
          region: region,
          offer: EditionOffer(
            edition: value["edition"]?.string ?? "", label: value["label"]?.string ?? "", text: text,
            probability: probability)))
    }
    self.init(
      fragment: fragment, model: model, inputs: inputs, editions: (json["editions"]?.array ?? []).compactMap(\.string),
      licence: json["licence"]?.string, lines: lines, unmet: (json["unmet"]?.array ?? []).compactMap(\.string))
  }
}

extension FragmentAlignment {
  /// What a scholar can say of an offer without deciding about the line.
  public enum Change: Hashable, Sendable {
    /// It is not of this line.
    case discard
    /// It is of the next line, and so are those below.
    case moveDown
  }

  /// Where a scholar moved an offer, nobody is sure of it until the line is decided.
  private static let moved = 0.5

  /// - Parameters:
  ///   - line: the line's id.
  ///   - order: all lines as they are read.
  public mutating func change(_ line: String, _ change: Change, order: [LineRegion]) {
    switch change {
    case .discard:
      for gone in lines where gone.region.id == line { unmet.append(gone.offer.label) }
      lines.removeAll { $0.region.id == line }
    case .moveDown:
      guard let first = order.firstIndex(where: { $0.id == line }) else { return }
      let places = Dictionary(order.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { place, _ in place })
      lines = lines.compactMap { old in
        guard let place = places[old.region.id], place >= first else { return old }
        guard place + 1 < order.count else {
          unmet.append(old.offer.label)
          return nil
        }
        var moved = old
        moved.region = order[place + 1]
        moved.offer.probability = min(old.offer.probability, Self.moved)
        return moved
      }
    }
  }
}

extension CorpusStore {
  /// What a scholar says of an edition's offer, written at once. Nothing where the fragment has none.
  public func changeAlignment(
    of id: String, line: String, _ change: FragmentAlignment.Change
  ) throws(CorpusError) {
    guard var alignment = try alignment(of: id) else { return }
    alignment.change(line, change, order: try lines(of: id).map(\.region))
    try record(alignment)
  }

  /// How an edition lies on a fragment; nil where nobody laid one.
  public func alignment(of id: String) throws(CorpusError) -> FragmentAlignment? {
    try made(.alignments, of: id) { FragmentAlignment(json: $0, fragment: id) }
  }

  /// Writes an alignment in the place of the one before.
  public func record(_ alignment: FragmentAlignment) throws(CorpusError) {
    try keep(.alignments, of: alignment.fragment, alignment.json) {
      FragmentAlignment(json: $0, fragment: alignment.fragment)
    }
  }
}

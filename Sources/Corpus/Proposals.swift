import JSON

// proposals/<fragment>.json: what the known texts make of a fragment's lines, beside what was read and never mixed with it. Made by `grapheion transcribe
// --words` and `--restore`, written whole and replaced whole; it can be made again and decides nothing. `of` is what the line said when it was made: where
// the line says something else now, its words and fillings are void.
//
//   {"version":1,"texts":"apollo-restorer, ddbdp","lines":[{"line":"0-3","of":"ετους[.5]","words":"ἔτους [.5]","runsOn":true,
//    "gaps":[{"letters":[5,5],"fillings":[{"text":"καισα","probability":0.61,"parallels":["bgu.16.2560 3"]}]}]}]}

/// What the known texts make of a fragment: its lines in words, its gaps filled.
public struct FragmentProposals: Hashable, Sendable {
  /// Letters that may have stood in a gap.
  public struct Filling: Hashable, Sendable {
    public var text: String
    /// 0 ... 1, calibrated.
    public var probability: Double
    /// Texts that speak for it, by name and line.
    public var parallels: [String]

    public init(text: String, probability: Double, parallels: [String]) {
      (self.text, self.probability, self.parallels) = (text, probability, parallels)
    }
  }

  /// A gap of lost letters.
  public struct Gap: Hashable, Sendable {
    /// How many may be lost.
    public var letters: ClosedRange<Int>
    /// What may have stood there, best first.
    public var fillings: [Filling]

    public init(letters: ClosedRange<Int>, fillings: [Filling]) { (self.letters, self.fillings) = (letters, fillings) }
  }

  public struct Line: Hashable, Sendable {
    /// The id of its region.
    public var line: String
    /// The Leiden+ it was made of.
    public var of: String
    /// The line as an edition has it; nil where nobody asked.
    public var words: String?
    /// Whether its last word goes on in the next line.
    public var runsOn: Bool
    /// Its gaps of lost letters, in order; nil where nobody asked.
    public var gaps: [Gap]?

    public init(line: String, of: String, words: String? = nil, runsOn: Bool = false, gaps: [Gap]? = nil) {
      (self.line, self.of, self.words, self.runsOn, self.gaps) = (line, of, words, runsOn, gaps)
    }
  }

  /// What can be asked of the known texts about a line.
  public enum Part: String, CaseIterable, Sendable { case words, restorations }

  public var fragment: String
  /// What proposed: the restorer or model, and the texts.
  public var texts: String
  public var lines: [Line]

  public init(fragment: String, texts: String, lines: [Line]) {
    (self.fragment, self.texts, self.lines) = (fragment, texts, lines)
  }

  /// What proposals of these parts by these texts are called.
  public static func name(_ parts: Set<Part>, by source: String) -> String {
    Part.allCases.filter(parts.contains).map(\.rawValue).joined(separator: " and ") + " by " + source
  }

  /// Which parts they have, made by these texts of lines that say this; empty where they are by others, or of other lines.
  public func parts(by source: String, of lines: [(line: String, text: String)]) -> Set<Part> {
    guard self.lines.map({ [$0.line, $0.of] }) == lines.map({ [$0.line, $0.text] }) else { return [] }
    return [[.words], [.restorations], [.words, .restorations]].first { Self.name($0, by: source) == texts } ?? []
  }

  /// Takes over parts of others that were made of the same lines.
  public mutating func take(_ parts: Set<Part>, of other: FragmentProposals) {
    for index in lines.indices {
      let its = other.lines[index]
      if parts.contains(.words) { (lines[index].words, lines[index].runsOn) = (its.words, its.runsOn) }
      if parts.contains(.restorations) { lines[index].gaps = its.gaps }
    }
  }

  /// What it says of a line that reads so now.
  public func line(_ id: String, reading text: String) -> Line? { lines.first { $0.line == id && $0.of == text } }

  var json: JSONValue {
    .object([
      "version": .int(1), "texts": .string(texts),
      "lines": .array(
        lines.map { line in
          .object([
            "line": .string(line.line), "of": .string(line.of), "words": line.words.map { .string($0) },
            "runsOn": line.runsOn ? .bool(true) : nil,
            "gaps": line.gaps.map { .array($0.map(\.json)) },
          ])
        }),
    ])
  }

  /// nil where a member is missing or cannot be.
  init?(json: JSONValue, fragment: String) {
    guard json["version"]?.int == 1, let texts = json["texts"]?.string, let values = json["lines"]?.array else {
      return nil
    }
    var lines: [Line] = []
    for value in values {
      guard let id = value["line"]?.string, let text = value["of"]?.string else { return nil }
      var line = Line(line: id, of: text, words: value["words"]?.string, runsOn: value["runsOn"]?.bool ?? false)
      if let gaps = value["gaps"]?.array {
        line.gaps = []
        for value in gaps {
          guard let gap = Gap(json: value) else { return nil }
          line.gaps?.append(gap)
        }
      }
      lines.append(line)
    }
    self.init(fragment: fragment, texts: texts, lines: lines)
  }
}

extension FragmentProposals.Gap {
  public var json: JSONValue {
    .object([
      "letters": .array([.int(letters.lowerBound), .int(letters.upperBound)]),
      "fillings": .array(fillings.map(\.json)),
    ])
  }

  init?(json: JSONValue) {
    guard let ends = json["letters"]?.array, ends.count == 2, let least = ends[0].int, let most = ends[1].int,
      0 < least, least <= most
    else { return nil }
    var fillings: [FragmentProposals.Filling] = []
    for value in json["fillings"]?.array ?? [] {
      guard let filling = FragmentProposals.Filling(json: value) else { return nil }
      fillings.append(filling)
    }
    self.init(letters: least...most, fillings: fillings)
  }
}

extension FragmentProposals.Filling {
  var json: JSONValue {
    .object([
      "text": .string(text), "probability": .double((probability * 1e4).rounded() / 1e4),
      "parallels": .array(parallels.map { .string($0) }),
    ])
  }

  init?(json: JSONValue) {
    guard let text = json["text"]?.string, let probability = json["probability"]?.double,
      (0...1).contains(probability)
    else { return nil }
    self.init(
      text: text, probability: probability, parallels: (json["parallels"]?.array ?? []).compactMap(\.string))
  }
}

extension CorpusStore {
  /// What the known texts make of a fragment; nil where nobody asked them.
  public func proposals(of id: String) throws(CorpusError) -> FragmentProposals? {
    try made(.proposals, of: id) { FragmentProposals(json: $0, fragment: id) }
  }

  /// Writes proposals in the place of those before.
  public func record(_ proposals: FragmentProposals) throws(CorpusError) {
    try keep(.proposals, of: proposals.fragment, proposals.json) {
      FragmentProposals(json: $0, fragment: proposals.fragment)
    }
  }
}

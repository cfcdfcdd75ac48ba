import JSON
import Raster

// The records as JSON. Points are arrays [x, y], rounded to a tenth of a pixel; probabilities to six digits. Numbers
// beyond what a papyrus, a photograph or a calendar can have are refused here, so that no later arithmetic overflows.

extension Fragment {
  public var json: JSONValue {
    .object([
      "id": .string(id),
      "identifiers": .object([
        "tm": identifiers.tm.map { .string($0) }, "hgv": identifiers.hgv.map { .string($0) },
        "ddbdp": identifiers.ddbdp.map { .string($0) }, "inventory": identifiers.inventory.map { .string($0) },
      ]),
      "title": .string(title),
      "notBefore": date.notBefore.map { .int($0) }, "notAfter": date.notAfter.map { .int($0) },
      "place": place.map { .string($0) }, "material": material.map { .string($0) },
      "rights": rights.map { .string($0) },
      "photographs": .array(photographs.map(\.json)),
    ])
  }

  /// Reads `fragment.json`; nil where a member is missing or of the wrong kind.
  public init?(json: JSONValue) {
    guard let id = json["id"]?.string else { return nil }
    let years = -100_000...100_000
    guard years.contains(json["notBefore"]?.int ?? 0), years.contains(json["notAfter"]?.int ?? 0) else { return nil }
    let numbers = json["identifiers"]
    var photographs: [Photograph] = []
    for value in json["photographs"]?.array ?? [] {
      guard let file = value["file"]?.string, let width = value["width"]?.int, let height = value["height"]?.int,
        (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height)
      else { return nil }
      photographs.append(
        Photograph(
          file: file, width: width, height: height, side: value["side"]?.string, sha256: value["sha256"]?.string,
          source: Photograph.Source(json: value["source"])))
    }
    self.init(
      id: id,
      identifiers: Identifiers(
        tm: numbers?["tm"]?.text(orNumber: true), hgv: numbers?["hgv"]?.text(orNumber: true),
        ddbdp: numbers?["ddbdp"]?.string, inventory: numbers?["inventory"]?.string),
      title: json["title"]?.string ?? "",
      date: DateRange(notBefore: json["notBefore"]?.int, notAfter: json["notAfter"]?.int),
      place: json["place"]?.string, material: json["material"]?.string, rights: json["rights"]?.string,
      photographs: photographs)
  }
}

extension Photograph {
  fileprivate var json: JSONValue {
    .object([
      "file": .string(file), "width": .int(width), "height": .int(height), "side": side.map { .string($0) },
      "sha256": sha256.map { .string($0) }, "source": source?.json,
    ])
  }
}

extension Photograph.Source {
  fileprivate var json: JSONValue {
    .object([
      "file": .string(file), "sha256": .string(sha256), "address": address.map { .string($0) },
      "converter": converter.map { .string($0) },
    ])
  }

  fileprivate init?(json: JSONValue?) {
    guard let file = json?["file"]?.string, let sha256 = json?["sha256"]?.string else { return nil }
    self.init(
      file: file, sha256: sha256, address: json?["address"]?.string, converter: json?["converter"]?.string)
  }
}

extension JSONValue {
  /// The text, or a whole number as text: catalogues write TM numbers either way.
  func text(orNumber: Bool) -> String? { string ?? int.map { String($0) } }
}

extension LineRegion {
  public var json: JSONValue {
    .object([
      "id": .string(id), "photograph": .int(photograph), "column": .int(column),
      "baseline": Self.json(baseline), "polygon": Self.json(polygon.points),
      "xHeight": xHeight.map { .double(($0 * 10).rounded() / 10) },
      "place": place.map { .double($0) }, "number": number.map { .string($0) }, "gone": isGone ? .bool(true) : nil,
      "part": part.map { .string($0.rawValue) }, "hand": hand.map { .int($0) },
    ])
  }

  public init?(json: JSONValue) {
    guard let id = json["id"]?.string, let photograph = json["photograph"]?.int,
      (0..<1_000_000).contains(photograph), (0..<1_000_000).contains(json["column"]?.int ?? 0),
      let baseline = Self.points(json["baseline"]), let polygon = Self.points(json["polygon"])
    else { return nil }
    // What is no height of anything is as good as none: it is measured again.
    let xHeight = json["xHeight"]?.double.flatMap { $0 >= 1 && $0 < 1e5 ? $0 : nil }
    self.init(
      id: id, photograph: photograph, column: json["column"]?.int ?? 0, baseline: baseline, polygon: Polygon(polygon),
      xHeight: xHeight)
    place = json["place"]?.double.flatMap { abs($0) <= 1e9 ? $0 : nil }
    number = json["number"]?.string.flatMap { $0.isEmpty || $0.count > LineNumber.longest ? nil : $0 }
    isGone = json["gone"]?.bool ?? false
    // A part that a later program knows is none here.
    part = json["part"]?.string.flatMap(Part.init(rawValue:))
    hand = json["hand"]?.int.flatMap { (2...Self.mostHands).contains($0) ? $0 : nil }
  }

  /// As a record keeps it: what was written and read again is equal to it.
  public var recorded: LineRegion { LineRegion(json: json) ?? self }

  private static func json(_ points: [Point]) -> JSONValue {
    .array(points.map { .array([.double(($0.x * 10).rounded() / 10), .double(($0.y * 10).rounded() / 10)]) })
  }

  private static func points(_ json: JSONValue?) -> [Point]? {
    guard let values = json?.array else { return nil }
    var points: [Point] = []
    for value in values {
      guard let pair = value.array, pair.count == 2, let x = pair[0].double, let y = pair[1].double,
        abs(x) <= 1e7, abs(y) <= 1e7
      else { return nil }
      points.append(Point(x: x, y: y))
    }
    return points
  }
}

private func rounded(_ probability: Double) -> JSONValue { .double((probability * 1e6).rounded() / 1e6) }

extension Candidate {
  public var json: JSONValue {
    .object([
      "text": .string(text), "leiden": .string(leiden), "probability": rounded(probability),
      "letters": .array(
        letters.map {
          .object([
            "text": .string($0.text), "probability": rounded($0.probability),
            "x": [.double(($0.left * 10).rounded() / 10), .double(($0.right * 10).rounded() / 10)],
            "alternatives": $0.alternatives.isEmpty
              ? nil
              : .array(
                $0.alternatives.map { .object(["text": .string($0.text), "probability": rounded($0.probability)]) }),
          ])
        }),
      "ink": inkAlone.map {
        .object(["text": .string($0.text), "preference": .double(($0.preference * 100).rounded() / 100)])
      },
    ])
  }

  public init?(json: JSONValue) {
    guard let text = json["text"]?.string, let leiden = json["leiden"]?.string,
      let probability = json["probability"]?.double, (0...1).contains(probability)
    else { return nil }
    var letters: [CandidateLetter] = []
    for value in json["letters"]?.array ?? [] {
      guard let text = value["text"]?.string, let probability = value["probability"]?.double,
        let x = value["x"]?.array, x.count == 2, let left = x[0].double, let right = x[1].double,
        (0...1).contains(probability), abs(left) <= 1e7, abs(right) <= 1e7
      else { return nil }
      let alternatives = (value["alternatives"]?.array ?? []).compactMap(LetterAlternative.init(json:))
      letters.append(
        CandidateLetter(text: text, probability: probability, left: left, right: right, alternatives: alternatives))
    }
    self.init(
      text: text, leiden: leiden, probability: probability, letters: letters,
      inkAlone: json["ink"]?["text"]?.string.map {
        InkReading(text: $0, preference: json["ink"]?["preference"]?.double ?? 0)
      })
  }
}

extension LetterAlternative {
  fileprivate init?(json: JSONValue) {
    guard let text = json["text"]?.string, let probability = json["probability"]?.double, (0...1).contains(probability)
    else { return nil }
    self.init(text: text, probability: probability)
  }
}

extension LineReading {
  public var json: JSONValue {
    .object(["region": region.json, "candidates": .array(candidates.map(\.json))])
  }

  public init?(json: JSONValue) {
    guard let region = json["region"].flatMap(LineRegion.init(json:)) else { return nil }
    let candidates = (json["candidates"]?.array ?? []).compactMap(Candidate.init(json:))
    self.init(region: region, candidates: candidates)
  }
}

extension Action {
  var word: String {
    switch self {
    case .took: "took"
    case .edited: "edited"
    case .rejected: "rejected"
    case .redrew: "redrew"
    case .reverted: "reverted"
    }
  }
}

extension Correction {
  public var json: JSONValue {
    var candidate: Int?
    if case .took(let index) = action { candidate = index }
    return .object([
      "time": stamp.map { .int(Int($0.time)) }, "sequence": stamp.map { .int($0.sequence) },
      "scholar": .string(scholar), "fragment": .string(fragment),
      "action": .string(action.word), "candidate": candidate.map { .int($0) },
      "before": before.map { .string($0) }, "after": after.map { .string($0) }, "seconds": .double(seconds),
      "model": model.map { .string($0) }, "seen": seen.map { .int($0) },
      "continues": continues ? .bool(true) : nil, "region": region.json, "regionBefore": regionBefore?.json,
      "restored": restored.isEmpty ? nil : .array(restored.map(\.json)),
      "offered": .array(offered.map(\.json)),
    ])
  }

  /// Reads a journal record; `writer` is the journal's name.
  public init?(json: JSONValue, writer: String) {
    guard let time = json["time"]?.int, RecordTime.all.contains(Int64(time)), let sequence = json["sequence"]?.int,
      let scholar = json["scholar"]?.string,
      let fragment = json["fragment"]?.string, let region = json["region"].flatMap(LineRegion.init(json:))
    else { return nil }
    let seconds = json["seconds"]?.double ?? 0
    let candidate = json["candidate"]?.int ?? 0
    let seen = json["seen"]?.int
    guard (0...1e9).contains(seconds), (0..<1_000_000).contains(candidate), (0..<1_000_000).contains(seen ?? 0)
    else { return nil }
    let action: Action
    switch json["action"]?.string {
    case "took": action = .took(candidate)
    case "edited": action = .edited
    case "rejected": action = .rejected
    case "redrew": action = .redrew
    case "reverted": action = .reverted
    default: return nil
    }
    self.init(
      stamp: Stamp(time: Int64(time), writer: writer, sequence: sequence), scholar: scholar, fragment: fragment,
      region: region, before: json["before"]?.string, after: json["after"]?.string, action: action,
      offered: (json["offered"]?.array ?? []).compactMap(Candidate.init(json:)), model: json["model"]?.string,
      seconds: seconds, seen: seen)
    regionBefore = json["regionBefore"].flatMap(LineRegion.init(json:))
    continues = json["continues"]?.bool ?? false
    restored = (json["restored"]?.array ?? []).compactMap(Restored.init(json:))
  }
}

extension Restored {
  public var json: JSONValue {
    .object([
      "text": .string(text), "probability": .double(probability), "source": .string(source),
      "parallels": .array(parallels.map { .string($0) }),
    ])
  }

  init?(json: JSONValue) {
    guard let text = json["text"]?.string, let source = json["source"]?.string else { return nil }
    self.init(
      text: text, probability: json["probability"]?.double ?? 0, source: source,
      parallels: (json["parallels"]?.array ?? []).compactMap(\.string))
  }
}

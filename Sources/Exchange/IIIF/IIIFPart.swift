import JSON

// A SpecificResource of the Presentation API stands for a part of a picture, or a turned one:
//
// 2: { "@id": address of the part, "@type": "oa:SpecificResource", "full" or "default": picture, "selector": { "region", "rotation" } }
// 3: { "type": "SpecificResource", "source": picture or its address, "selector": { "type": "ImageApiSelector", "region", "rotation" } }
//    also { "type": "FragmentSelector", "value": "xywh=x,y,w,h" }

/// What of a picture a page is, in the words of the Image API.
struct IIIFPart: Hashable, Sendable {
  /// `full`, `square`, `x,y,w,h` or `pct:x,y,w,h`.
  var region = "full"
  /// Degrees clockwise, behind a `!` where it is mirrored first.
  var rotation = "0"
  /// Whether the Image API knows both words.
  var isUnderstood: Bool
  /// The part as a picture of its own, where the manifest names one.
  var file: String?

  /// The pictures that a painted resource stands for, the one to be taken first: itself, those of a choice, the one that it is a part of.
  static func pictures(of resource: JSONValue) -> [(picture: JSONValue, part: IIIFPart?)] {
    guard resource.kind == "SpecificResource" else {
      // Version 2: default and item; version 3: items.
      let choices =
        [resource["default"]].compactMap(\.self) + (resource["item"]?.array ?? resource["items"]?.array ?? [])
      return choices.isEmpty ? [(resource, nil)] : choices.flatMap(pictures)
    }
    guard let source = (resource["full"] ?? resource["default"] ?? resource["source"])?.one else { return [] }
    let whole = source.string.map { .object([JSONValue.Member("id", .string($0))]) } ?? source
    let part = IIIFPart(resource["selector"]?.one, file: resource["@id"]?.string)
    return pictures(of: whole).map { ($0.picture, part ?? $0.part) }
  }

  /// nil where a selector selects the whole as it lies.
  private init?(_ selector: JSONValue?, file: String?) {
    guard let selector else { return nil }
    self.file = file
    func word(_ name: String) -> String? { selector[name].map { $0.string ?? $0.text } }
    var region = word("region")
    if let value = word("value") {
      guard value.hasPrefix("xywh=") else { return nil }
      region = String(value.dropFirst(5)).replacing("pixel:", with: "").replacing("percent:", with: "pct:")
    }
    self.region = region ?? "full"
    rotation = word("rotation") ?? "0"
    let sides = self.region.hasPrefix("pct:") ? self.region.dropFirst(4) : self.region[...]
    let turn = rotation.hasPrefix("!") ? rotation.dropFirst() : rotation[...]
    isUnderstood =
      (["full", "square"].contains(sides) || Self.numbers(sides)?.count == 4) && Self.numbers(turn)?.count == 1
    if self.region == "full", Double(rotation) == 0 { return nil }
  }

  private static func numbers(_ text: Substring) -> [Double]? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      part.allSatisfy { $0 == "." || $0.isASCII && $0.isNumber } ? Double(part) : nil
    }
    return numbers.contains(nil) ? nil : numbers.compactMap(\.self)
  }

  /// Width and height of the part, before it is turned, of a picture of a size; nil where nobody can know.
  func size(_ width: Int?, _ height: Int?) -> (Int?, Int?) {
    if region == "full" { return (width, height) }
    if region.hasPrefix("pct:"), let sides = Self.numbers(region.dropFirst(4)), let width, let height {
      return (Int(Double(width) * min(sides[2], 100) / 100), Int(Double(height) * min(sides[3], 100) / 100))
    }
    guard let sides = Self.numbers(region[...]), sides[2...3].allSatisfy({ $0 < 1e9 }) else { return (nil, nil) }
    return (Int(sides[2]), Int(sides[3]))
  }
}

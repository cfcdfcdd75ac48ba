import Corpus

/// One thing that is known of a fragment, as it is shown and typed.
enum MetadataField: Hashable, Sendable {
  case title, date, place, material, inventory, ddbdp, hgv, tm, rights
  /// Of a photograph: recto, verso or whatever the museum says.
  case side(Int)

  static func all(of fragment: Fragment) -> [MetadataField] {
    [.title, .date, .place, .material, .inventory, .ddbdp, .hgv, .tm, .rights]
      + fragment.photographs.indices.map { .side($0) }
  }

  func label(of fragment: Fragment) -> String {
    switch self {
    case .title: "Title"
    case .date: "Date"
    case .place: "Place"
    case .material: "Material"
    case .inventory: "Inventory"
    case .ddbdp: "DDbDP"
    case .hgv: "HGV"
    case .tm: "TM"
    case .rights: "Rights"
    case .side(let index): fragment.photographs.count == 1 ? "Side" : "Side of \(index + 1)"
    }
  }

  /// The members of the record that it shows.
  var members: Set<String> {
    switch self {
    case .date: ["notBefore", "notAfter"]
    case .side(let index): ["side \(index + 1)"]
    case .title, .place, .material, .inventory, .ddbdp, .hgv, .tm, .rights: ["\(self)"]
    }
  }

  /// As it is typed: years as filters have them.
  func text(of fragment: Fragment) -> String {
    switch self {
    case .title: return fragment.title
    case .date:
      let (first, last) = (fragment.date.notBefore, fragment.date.notAfter)
      if let first, first == last { return String(first) }
      if first == nil, last == nil { return "" }
      return (first.map { String($0) } ?? "") + ".." + (last.map { String($0) } ?? "")
    case .place: return fragment.place ?? ""
    case .material: return fragment.material ?? ""
    case .inventory: return fragment.identifiers.inventory ?? ""
    case .ddbdp: return fragment.identifiers.ddbdp ?? ""
    case .hgv: return fragment.identifiers.hgv ?? ""
    case .tm: return fragment.identifiers.tm ?? ""
    case .rights: return fragment.rights ?? ""
    case .side(let index):
      return fragment.photographs.indices.contains(index) ? fragment.photographs[index].side ?? "" : ""
    }
  }

  /// What is wrong with a text for this field; nil where nothing is.
  func problem(with text: String) -> String? {
    switch self {
    case .date where !text.isEmpty && Self.years(text) == nil:
      "A year, or two: 113, -113 (BCE), 85..115, -30..14, ..200, 100.."
    case .tm where !text.allSatisfy { $0.isASCII && $0.isNumber }: "A TM number has digits only."
    default: nil
    }
  }

  /// Puts a text that has no problem into a record.
  func set(_ text: String, in fragment: inout Fragment) {
    let value = text.isEmpty ? nil : text
    switch self {
    case .title: fragment.title = text
    case .date: fragment.date = Self.years(text) ?? DateRange()
    case .place: fragment.place = value
    case .material: fragment.material = value
    case .inventory: fragment.identifiers.inventory = value
    case .ddbdp: fragment.identifiers.ddbdp = value
    case .hgv: fragment.identifiers.hgv = value
    case .tm: fragment.identifiers.tm = value
    case .rights: fragment.rights = value
    case .side(let index):
      if fragment.photographs.indices.contains(index) { fragment.photographs[index].side = value }
    }
  }

  /// `113`, `-113`, `85..115`, `..200`, `100..`; nil for what is none, ends before it begins, or is beyond any papyrus.
  static func years(_ text: String) -> DateRange? {
    func year(_ text: Substring) -> Int?? {
      let text = String(text).trimmed
      if text.isEmpty { return .some(nil) }
      guard let year = Int(text), (-5000...3000).contains(year), year != 0 else { return nil }
      return year
    }
    guard let dots = text.firstRange(of: "..") else {
      guard case .some(.some(let only)) = year(text[...]) else { return nil }
      return DateRange(notBefore: only, notAfter: only)
    }
    guard let first = year(text[..<dots.lowerBound]), let last = year(text[dots.upperBound...]) else { return nil }
    if let first, let last, first > last { return nil }
    return first == nil && last == nil ? nil : DateRange(notBefore: first, notAfter: last)
  }
}

import XML

/// The names of EpiDoc that the notation knows. Their numbers are the first numbers of every tree's name table.
enum EpiDocName: UInt16, CaseIterable, Sendable {
  case ab, abbr, add, app, certainty, choice, corr, del, desc, div, ex, expan, figDesc, figure, foreign, g, gap
  case handShift, hi, lb, lem, milestone, note, num, orig, q, rdg, ref, reg, sic, space, subst, supplied, surplus
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case unclear, TEI, teiHeader, text, body, title, idno, date, material, head, p, cb, pb, cert, corresp, evidence
  case extent, locus, match, n, new, place, precision, quantity, reason, rend, resp, subtype, type, unit, value
  case atLeast, atMost, instant, part, org, sample, status, full, anchored, when, notBefore, notAfter, seg
  case am, l, lg, item, list, row, cell, table
  case breaks, defaults, xmlLang, xmlSpace, xmlId, xmlns

  var spelling: String {
    switch self {
    case .breaks: "break"
    case .defaults: "default"
    case .xmlLang: "xml:lang"
    case .xmlSpace: "xml:space"
    case .xmlId: "xml:id"
    default: "\(self)"
    }
  }
}

extension NameTable {
  /// The table every text's tree begins with: names have the numbers of `EpiDocName`.
  static let epidoc = NameTable(EpiDocName.allCases.map(\.spelling))
}

/// The tree of an edition by the names of EpiDoc.
extension MarkupTree {
  init() { self.init(names: .epidoc) }

  @inline(__always)
  func `is`(_ index: Int, _ name: EpiDocName) -> Bool { nodes[index].kind == name.rawValue }

  func value(_ index: Int, _ name: EpiDocName) -> ArraySlice<UInt8>? { value(index, named: name.rawValue) }

  func has(_ index: Int, _ name: EpiDocName, _ expected: StaticString) -> Bool {
    guard let value = value(index, name) else { return false }
    return value.elementsEqual(UnsafeBufferPointer(start: expected.utf8Start, count: expected.utf8CodeUnitCount))
  }

  mutating func addAttribute(_ index: Int, _ name: EpiDocName, _ value: StaticString) {
    addAttribute(index, name.rawValue, UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
  }
}

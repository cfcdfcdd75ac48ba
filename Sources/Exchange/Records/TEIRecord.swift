import Corpus
import Text
import XML

// Records in TEI, as papyri.info keeps them in idp.data, in whatever folders a clone has them: HGV's (HGV_meta_EpiDoc), the Duke Databank's
// (DDB_EpiDoc_XML, DDbDP) and APIS' (APIS/…/xml). What is taken of each:
//
//   idno @type TM, HGV, ddb-hybrid, dclp-hybrid, invNo; filename (HGV's own number, in its files); apisid
//   titleStmt/title          what the text is called; in the Databank's files only its number, which is no title
//   origDate                 @when, or @notBefore and @notAfter; of several (alternatives) the whole span
//   origPlace, material      in words
//
// The licence such a file states is the record's, or the text's: it says nothing of the photographs' rights, and is not taken.
//
// Years are astronomical in nobody's mouth: -0113 is 113 BCE, as in the rest of the program.

extension FragmentRecord {
  /// The record a TEI document holds; nil where it names no papyrus.
  static func tei(_ root: XMLElement, source: String) -> FragmentRecord? {
    guard root.name == "TEI" || root.name == "TEI.2", let header = root.first("teiHeader") else { return nil }
    var record = FragmentRecord(source: source)
    let numbers = header.descendants("idno")
    func number(_ types: String...) -> String? {
      numbers.first { types.contains($0["type"] ?? "") && !$0.text.words.isEmpty }?.text.words
    }
    record.takeTM(number("TM") ?? "", at: "idno")
    let isHGV = root["id"]?.hasPrefix("hgv") == true || numbers.contains { $0["type"] == "ddb-perseus-style" }
    record.hgv = number("HGV") ?? (isHGV ? number("filename") : nil)
    record.ddbdp = number("ddb-hybrid", "dclp-hybrid").map { $0.split(separator: ";").joined(separator: ".") }
    record.inventory = number("invNo", "inventory") ?? number("apisid")
    guard !record.keys.isEmpty else { return nil }
    let isText = header.descendants("idno").contains { $0["type"] == "HGV" } && header.descendants("origDate").isEmpty
    if !isText { record.title = header.descendants("titleStmt").first?.first("title")?.allText.words }
    for date in header.descendants("origDate") {
      let first = (date["when"] ?? date["notBefore"]).flatMap(year)
      let last = (date["when"] ?? date["notAfter"]).flatMap(year)
      if let first { record.date.notBefore = min(record.date.notBefore ?? first, first) }
      if let last { record.date.notAfter = max(record.date.notAfter ?? last, last) }
    }
    record.date.dropReversed(at: "origDate", &record.leftOut)
    record.place = header.descendants("origPlace").first?.allText.words
    record.material = header.descendants("material").first?.allText.words
    return record
  }

  /// `0293-03-27`, `-0113`.
  private static func year(_ text: String) -> Int? {
    let isBefore = text.hasPrefix("-")
    guard let digits = text.split(separator: "-").first, digits.count <= 6, let year = Int(digits), year > 0 else {
      return nil
    }
    return isBefore ? -year : year
  }
}

extension XMLElement {
  /// The text of the element and all in it; between parts of mixed contents the order is lost.
  fileprivate var allText: String { ([text] + children.map(\.allText)).joined(separator: " ") }
}

extension String {
  /// Words with one space between them.
  fileprivate var words: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

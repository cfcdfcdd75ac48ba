import Foundation
import Testing

@testable import Leiden

/// The table of `docs/leiden.md`: each row has Leiden+ and the EpiDoc it stands for.
enum Notation {
  struct Row: Sendable, CustomTestStringConvertible {
    let leiden: String
    let epidoc: String
    var testDescription: String { leiden }
  }

  static let path: String = {
    var path = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { path.deleteLastPathComponent() }
    return path.appendingPathComponent("docs/leiden.md").path
  }()

  /// Rows of three cells, the second and third in code marks; `\|` stands for the bar, which divides cells.
  static let rows: [Row] = {
    let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").compactMap { line in
      let cells = line.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false).map(
        String.init)
      guard cells.count == 5, !cells[1].hasSuffix("layer ") else { return nil }
      guard ["diplomatic", "edited", "regularised", "letters", "layer"].allSatisfy({ !cells[1].contains($0) }),
        let leiden = code(cells[2]), let epidoc = code(cells[3])
      else { return nil }
      return Row(leiden: leiden, epidoc: epidoc)
    }
  }()

  private static func code(_ cell: String) -> String? {
    var cell = Substring(cell)
    guard let start = cell.firstIndex(of: "`"), let end = cell.lastIndex(of: "`"), start < end else { return nil }
    cell = cell[cell.index(after: start)..<end]
    // Code that holds a back quote stands between two.
    if cell.hasPrefix("` "), cell.hasSuffix(" `") { cell = cell.dropFirst(2).dropLast(2) }
    return String(cell).replacing("\u{1}", with: "|").replacing("⏎", with: "\n")
  }
}

@Suite struct NotationTests {
  @Test func theTableIsThere() { #expect(Notation.rows.count > 100) }

  @Test(arguments: Notation.rows)
  func everyExampleOfTheDocumentation(_ row: Notation.Row) throws {
    let (text, errors) = LeidenText.parse(leiden: row.leiden)
    #expect(errors.isEmpty, "\(errors)")
    #expect(text.epidoc == row.epidoc)
    #expect(text.leiden == row.leiden)
    #expect(try LeidenText.parse(epidoc: row.epidoc).leiden == row.leiden)
  }

  @Test(arguments: [
    ("*stauros,♱\u{323}*", "<g type=\"stauros\"><unclear>♱</unclear></g>"),
    (" ὃ( ῾´)", "<hi rend=\"asper\"><hi rend=\"acute\">ὃ</hi></hi>"),
    ("ca.?", "ca<gap reason=\"illegible\" extent=\"unknown\" unit=\"character\"/>"),
    ("ὧ( ῾)", "<hi rend=\"asper\">ὧ</hi>"), ("⟦α⟧", "<del rend=\"erasure\">α</del>"),
    ("<:κγ|ed:BGU 1 p.357|κϛ:>", "<app type=\"editorial\"><lem resp=\"BGU 1 p.357\">κγ</lem><rdg>κϛ</rdg></app>"),
    ("(Καρ(ανίδι?))", "<expan>Καρ<ex cert=\"low\">ανίδι</ex></expan>"), ("ạ", "<unclear>a</unclear>"),
    (
      ".3(?)",
      "<gap reason=\"illegible\" quantity=\"3\" unit=\"character\"><certainty match=\"..\" locus=\"name\"/></gap>"
    ),
  ])
  func otherSpellingsAreRead(_ leiden: String, _ epidoc: String) {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    #expect(errors.isEmpty, "\(errors)")
    #expect(text.epidoc == epidoc)
  }

  @Test func nestedEditionsAreKept() throws {
    let text = try LeidenText.parse(
      epidoc: "<div type=\"edition\"><div type=\"edition\"><ab>α</ab></div><ab>β</ab></div>")
    let (again, errors) = LeidenText.parse(leiden: text.leiden)
    #expect(errors.isEmpty && again == text, "\(text.leiden)")
  }

  @Test func textsAreEqualByCanonicalEquivalence() {
    let one = LeidenText.parse(leiden: "ά\u{323}β [ὶ]").text
    let two = LeidenText.parse(leiden: "α\u{323}\u{301}β [ι\u{300}]").text
    #expect(one == two)
    #expect(one.hashValue == two.hashValue)
    #expect(one != LeidenText.parse(leiden: "ά\u{323}β [ί]").text)
  }
}

import Corpus
import Testing

@testable import Workbench

@Suite struct MetadataTests {
  @Test(
    arguments: [
      ("113", 113, 113), ("-113", -113, -113), ("85..115", 85, 115), ("-30..14", -30, 14), ("..200", nil, 200),
      (" 100 .. ", 100, nil),
    ] as [(String, Int?, Int?)])
  func yearsAreTypedAsFiltersHaveThem(_ text: String, _ first: Int?, _ last: Int?) {
    #expect(MetadataField.years(text) == DateRange(notBefore: first, notAfter: last))
  }

  @Test(arguments: ["", "..", "12x", "200..100", "0", "99999", "1..2..3", "9223372036854775808"])
  func whatIsNoDateIsNone(_ text: String) { #expect(MetadataField.years(text) == nil) }

  @Test func everyFieldIsReadBackAsItWasSet() {
    var fragment = Sample.fragments[2]
    for field in MetadataField.all(of: fragment) {
      for text in [field == .date ? "-30..14" : "12", ""] {
        #expect(field.problem(with: text) == nil)
        field.set(text, in: &fragment)
        #expect(field.text(of: fragment) == text)
      }
    }
  }
}

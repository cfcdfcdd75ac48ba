import Foundation
import Testing
import Text

@Suite struct PatternTests {
  @Test(arguments: [
    ("σεβ?στ", "ἀσεβά[στου]", true), ("Σεβαστοῦ", "σεβαστοῦ", true), ("σεβ?στ", "σεβστ", false),
    ("κ*ν", "και̣ [.3] τον", true), ("ν*κ", "και τον", false), ("*και*", "τυβι και", true),
    ("/κα[ιτ]/", "κατ", true), ("/κα[^ιτ]/", "κατ", false), ("/^τυ/", "τυβι", true), ("/^υ/", "τυβι", false),
    ("/βι$/", "τυβι", true), ("/β$/", "τυβι", false), ("/[α-γ]{2,3}δ/", "αβγδ", true), ("/α{3}/", "αα", false),
    ("/(κωμη|πολι)σ?/", "τῆς κώμης", true), ("/α+β?γ/", "ααγ", true),
  ])
  func finds(_ pattern: String, _ text: String, _ isThere: Bool) throws {
    #expect(try LetterPattern(pattern).occurs(in: text) == isThere)
  }

  @Test(arguments: [
    ("", 1), ("?*", 1), ("abc", 1), ("/α*/", 1), ("/(α/", 4), ("/α)/", 3), ("/[α/", 4), ("/*α/", 2), ("/xα/", 2),
    ("/α{2/", 3), ("/α{3,2}/", 3), ("/[β-α]/", 5), ("/^$/", 1),
  ])
  func saysWhatIsWrong(_ pattern: String, _ column: Int) {
    let error = #expect(throws: PatternError.self) { try LetterPattern(pattern) }
    #expect(error?.column == column)
  }

  @Test func sizesAreBounded() {
    for text in [
      "/" + String(repeating: "(", count: 10_000) + "α/", "/(((α{100}){100}){100})/",
      "/" + String(repeating: "α", count: 2000) + "/",
    ] {
      #expect(throws: PatternError.self) { try LetterPattern(text) }
    }
  }

  /// Random regular expressions over three letters find what the system's own engine finds.
  @Test func agreesWithAnotherEngine() throws {
    var seed: UInt64 = 5
    func next(_ below: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % below
    }
    func expression(_ depth: Int) -> String {
      switch next(depth > 0 ? 9 : 4) {
      case 0...2: return ["α", "β", "γ"][next(3)]
      case 3: return [".", "[αβ]", "[^α]"][next(3)]
      case 4: return expression(depth - 1) + expression(depth - 1)
      case 5: return "(" + expression(depth - 1) + "|" + expression(depth - 1) + ")"
      case 6: return "(" + expression(depth - 1) + ")" + ["?", "*", "+", "{2}", "{1,2}", "{2,}"][next(6)]
      case 7: return expression(depth - 1) + expression(depth - 1)
      default: return "(" + ["^", ""][next(2)] + expression(depth - 1) + ["$", ""][next(2)] + ")"
      }
    }
    var compared = 0
    var found = 0
    for _ in 0..<600 {
      let text = expression(4)
      guard let pattern = try? LetterPattern("/" + text + "/") else { continue }
      let other = try NSRegularExpression(pattern: text)
      for _ in 0..<20 {
        let line = (0..<next(9)).map { _ in ["α", "β", "γ", "δ"][next(4)] }.joined()
        let expected = other.firstMatch(in: line, range: NSRange(location: 0, length: line.utf16.count)) != nil
        #expect(pattern.occurs(in: line) == expected, "/\(text)/ in '\(line)'")
        compared += 1
        found += expected ? 1 : 0
      }
    }
    #expect(compared > 4000 && found > 1000 && compared - found > 1000)
  }
}

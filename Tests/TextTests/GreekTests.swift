import Testing

@testable import Text

@Suite struct GreekTests {
  @Test func capitalsAreTheAlphabet() {
    #expect(String(Greek.capitals) == "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ")
    #expect(Greek.letterStream("ᾧ μῆνιν ἄειδε, θεά· ϲοφός Ὅρος 12 abc") == "ΩΜΗΝΙΝΑΕΙΔΕΘΕΑΣΟΦΟΣΟΡΟΣ")
    #expect(Greek.letterStream("κα\u{323}ι\u{308}\u{301}") == "ΚΑΙ")
    // What other programs write for a letter: micro sign, ohm, increment, product, sum, mathematical alphabets.
    #expect(Greek.letterStream("\u{B5}\u{2126}\u{2206}\u{220F}\u{2211}") == "ΜΩΔΠΣ")
    #expect(Greek.letterStream("\u{1D6A8}\u{1D6C2}\u{1D6D3}\u{1D6DA}\u{1D6E1}\u{1D7A8}\u{1D7CB}") == "ΑΑΣΩΠΩ")
    #expect(Greek.folded("\u{B5}ηνος") == "μηνοσ")
  }

  @Test func decompositionAgreesWithTheStandardLibrary() {
    // String equality is canonical equivalence: the composed and the taken apart form must be equal, for every letter.
    for value in UInt32(0xC0)..<0x2130 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      var apart = String.UnicodeScalarView()
      apart.append(contentsOf: Normalisation.decomposed([scalar]))
      #expect(String(apart) == String(Character(scalar)), "U+\(String(value, radix: 16))")
      let whole = Normalisation.composed([scalar])
      var again = String.UnicodeScalarView()
      again.append(contentsOf: Normalisation.composed(apart))
      #expect(Array(again) == whole)
    }
    #expect(
      Array(Greek.nfc("α\u{323}\u{301}").unicodeScalars) == Array("ά\u{323}".unicodeScalars).map { $0 }
        || Greek.nfc("α\u{323}\u{301}") == "ά\u{323}")
    #expect(Array(Greek.nfc("ι\u{308}\u{301}").unicodeScalars) == ["\u{390}"])
  }

  @Test func foldingAndStripping() {
    #expect(Greek.stripped("ᾍδης ἀΰτω") == "Αδης αυτω")
    #expect(Greek.folded("ΣΟΦΌϹ") == "σοφοσ")
  }

  @Test func betaCodeBothWays() {
    #expect(
      BetaCode.decode("*a)/ndra moi e)/nnepe, *mou=sa, polu/tropon, o(\\s ma/la polla\\")
        == "Ἄνδρα μοι ἔννεπε, Μοῦσα, πολύτροπον, ὃς μάλα πολλὰ")
    for text in ["Ἄνδρα μοι", "ᾧ ᾠδῇ ᾍδης", "ϲοφόϲ", "σσς ςσ Ϝ ϝ", "ἀϋτή· ῥήτωρ", "κα\u{323}ι", "ὃς, Ὅς; «σ»"] {
      #expect(BetaCode.decode(BetaCode.encode(text)) == text, "\(text) by way of \(BetaCode.encode(text))")
    }
  }

  @Test func stepsAndCells() {
    #expect(TextSteps.steps("κα\u{323}\u{301}ι\u{323}").map(String.init) == ["κ", "α\u{323}\u{301}", "ι\u{323}"])
    #expect(TextSteps.boundaries("κά\u{323}β") == [0, 2, 6, 8])
    #expect(CellWidth.of("κα\u{323}ὶ 〚β〛") == 9)
    #expect(TextSteps.boundaries("") == [0])
  }

  @Test func numerals() {
    for (value, letters) in [
      (1, "α"), (6, "ϛ"), (12, "ιβ"), (90, "ϟ"), (99, "ϟθ"), (242, "σμβ"), (365, "τξε"), (999, "ϡϟθ"), (1000, "͵α"),
      (2500, "͵βφ"), (10_000, "Μ"), (20_003, "β Μ γ"), (22_500, "β Μ ͵βφ"), (7_650_432, "ψξε Μ υλβ"),
    ] { #expect(Numeral.letters(for: value) == letters) }
    #expect(Numeral.letters(for: 0) == nil)
  }
}

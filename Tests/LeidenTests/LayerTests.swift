import Testing

@testable import Leiden

@Suite struct LayerTests {
  private func text(_ leiden: String) -> LeidenText {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    #expect(errors.isEmpty, "\(leiden): \(errors)")
    return text
  }

  @Test func threeLayersOfOneLine() {
    let line = text("1. [κα]ὶ <τὸν> (στρ(ατηγὸν)) <:ἐλαίου|reg|ἐλέου:> α̣β .2 {γ} 〚δ〛")
    #expect(line.diplomatic == "ὶ  στρ ἐλέου αβ .. γ δ")
    #expect(line.edited == "[κα]ὶ <τὸν> στρ(ατηγὸν) ἐλέου α̣β .. {γ} 〚δ〛")
    #expect(line.regularised == "καὶ τὸν στρατηγὸν ἐλαίου αβ …  ")
    #expect(line.letterStream == "ΙΣΤΡΕΛΕΟΥΑΒ..ΓΔ")
    #expect(text("και̣τον[.3]α .2").letterStream == "ΚΑΙΤΟΝΑ..")
  }

  /// Only gaps give `.`: a full stop is an editor's, as a comma is.
  @Test func aFullStopIsNoLetter() {
    #expect(text("χαίρειν. καλῶς, .2 ἐλέου· [...]ν.").letterStream == "ΧΑΙΡΕΙΝΚΑΛΩΣ..ΕΛΕΟΥΝ")
    #expect(text("(σεσημ(είωμαι)).").letterStream == "ΣΕΣΗΜ")
  }

  /// What the scribe wrote over something is what stands there, however the edition calls what is under it.
  @Test func whatWasWrittenOverSomethingStandsThere() throws {
    for del in ["<del>α</del>", "<del rend=\"corrected\">α</del>", "<del rend=\"erasure\">α</del>"] {
      for subst in ["\(del)<add>β</add>", "<add place=\"overstrike\">β</add>\(del)"] {
        let text = try EpiDocDocument.edition(in: Array("<ab><subst>\(subst)</subst>γ</ab>".utf8))
        #expect(Layer.allCases.map { text.layer($0).text } == ["βγ", "βγ", "βγ"])
      }
    }
  }

  @Test(arguments: [
    ("καὶ et", "et"), ("ΚΑI", "I"), ("κ̣α̣ὶ ᾳ ἀλλ᾽ ἀλλʼ αʹ ͵α ϛ 𐅵 [et] .3 vac.? (στρ(ατηγῷ))", ""), ("ⲁⲛⲟⲕ α", "ⲁⲛⲟⲕ"),
    ("ϗ ȣ α", "ϗȣ"),
  ]) func lettersThatTheStreamHasNot(leiden: String, strange: String) {
    #expect(text(leiden).strangeLetters == strange)
  }

  @Test func numeralsAreSignsOfTheirOwn() {
    #expect(text("ἔτους ϛ <#ϙδ=94#> ϟ ϡ 𐅵 ϝ ͳ").letterStream == "ΕΤΟΥΣϚϘΔϞϠ𐅵ϜͲ")
  }

  @Test(arguments: [
    ("γλο<choice><orig>σα</orig><reg>σσα</reg></choice>", "γλοσα", "γλοσα", "γλοσσα"),
    ("γλο<choice><reg>σσα</reg><orig>σα</orig></choice>", "γλοσα", "γλοσα", "γλοσσα"),
    ("<choice>\n<sic>σα</sic>\n<corr>σσα</corr>\n</choice>", "σα", "σα", "σσα"),
    ("<choice><orig>α</orig><reg xml:lang=\"grc\">β</reg><reg xml:lang=\"en\">c</reg></choice>", "α", "α", "β"),
    ("<choice><expan>στρ<ex>ατηγός</ex></expan><abbr>στρ</abbr></choice>", "στρ", "στρ(ατηγός)", "στρατηγός"),
    ("<choice><abbr>στρ</abbr><expan>στρ<ex>ατηγός</ex></expan></choice>", "στρ", "στρ(ατηγός)", "στρατηγός"),
    ("<choice><unclear>α</unclear><unclear>λ</unclear></choice>", "α", "α̣", "α"),
    ("<choice><note>n</note><reg>β</reg></choice>", "β", "β", "β"),
    ("<app><rdg>β</rdg><lem>α</lem><rdg>γ</rdg></app>", "α", "α", "α"),
    ("<app type=\"alternative\"><rdg>β</rdg><rdg>γ</rdg></app>", "β", "β", "β"),
    ("<app><lem><choice><orig>ο</orig><reg>ω</reg></choice></lem><rdg>α</rdg></app>", "ο", "ο", "ω"),
    ("<subst><del rend=\"corrected\">β</del><add place=\"inline\">α</add></subst>", "α", "α", "α"),
    ("<del rend=\"corrected\">γ</del>δ", "γδ", "〚γ〛δ", "δ"),
  ]) func exactlyOneReadingALayer(xml: String, diplomatic: String, edited: String, regularised: String) throws {
    let text = try EpiDocDocument.edition(in: Array("<ab>\(xml)</ab>".utf8))
    #expect(text.diplomatic == diplomatic && text.edited == edited && text.regularised == regularised)
  }

  /// Where lines are numbered a file may be laid out as its editor likes; where they are not its own lines, verses and paragraphs count.
  @Test(arguments: [
    ("<ab>\n  <lb n=\"1\"/>καὶ\n   τὸν\t <lb n=\"2\" break=\"no\"/>δὲ\n</ab>\n", "καὶ τὸν\nδὲ", "καὶ τὸνδὲ"),
    ("<ab><lb n=\"1\"/>\nκα\r\n<supplied reason=\"omitted\">\n ὶ</supplied>\n<lb n=\"2\"/>τ</ab>", "κα\nτ", "κα ὶ\nτ"),
    ("<ab>καὶ\nτὸν</ab>", "καὶ\nτὸν", "καὶ\nτὸν"),
    ("<ab>κα<supplied reason=\"omitted\">ὶ\nτ</supplied>ὸν</ab>", "κα\nὸν", "καὶ\nτὸν"),
    ("<ab>καὶ</ab><ab>τὸν</ab>", "καὶ\nτὸν", "καὶ\nτὸν"),
    ("<lg><l n=\"1\">μῆνιν</l><l n=\"2\">ἄειδε</l></lg>", "μῆνιν\nἄειδε", "μῆνιν\nἄειδε"),
    ("<lg><l><lb n=\"1\"/>μῆνιν</l><l>ἄει<lb n=\"2\" break=\"no\"/>δε</l></lg>", "μῆνιν ἄει\nδε", "μῆνιν ἄειδε"),
    ("<p>καὶ</p><list><item>α</item><item>β</item></list>", "καὶ\nα\nβ", "καὶ\nα\nβ"),
    ("<table><row><cell>α</cell><cell>β</cell></row><row><cell>γ</cell></row></table>", "α β\nγ", "α β\nγ"),
    ("<expan><abbr>κ<am>ʼ</am></abbr><ex>αὶ</ex></expan>", "κʼ", "καὶ"),
  ]) func linesOfTheFileAndOfTheText(xml: String, diplomatic: String, regularised: String) throws {
    let text = try EpiDocDocument.edition(in: Array(xml.utf8))
    #expect(text.diplomatic == diplomatic && text.regularised == regularised)
    #expect(
      text.physicalLines.map(\.text.letterStream).joined(separator: "\n") == text.letterStream)
  }

  @Test func everyLetterHasItsPlace() {
    let line = text("ab[γδ](ε(ζ))")
    for layer in Layer.allCases {
      let result = line.layer(layer)
      #expect(result.places.count == result.text.unicodeScalars.count)
      for (scalar, place) in zip(result.text.unicodeScalars, result.places) where place.node >= 0 {
        let bytes = Array(line.tree.content(place.node))
        #expect(String(decoding: bytes[place.offset...], as: UTF8.self).unicodeScalars.first == scalar)
      }
    }
  }

  @Test func linesAndWordsThatRunOn() {
    let lines = text("1. κα\n2.- ὶ τὸν\n3. ἄνδρα")
    #expect(lines.diplomatic == "κα\nὶ τὸν\nἄνδρα")
    #expect(lines.regularised == "καὶ τὸν\nἄνδρα")
  }

  @Test func linesInWhatIsPassedOverAreLines() {
    #expect(text("1. α[β\n2. γ]δ").diplomatic == "α\nδ")
    #expect(text("1. α[β\n2. <:γ|reg|κ:>]δ").letterStream == "Α\nΔ")
    #expect(text("1. (στρ(ατ\n2.- ηγός)) β").diplomatic == "στρ\nβ")
    #expect(text("1. α{β\n2. γ}δ").regularised == "α\nδ")
    #expect(text("1. α〚β\n2.- γ〛δ").regularised == "αδ")
    #expect(text("1. α[β\n2.- γ]δ").edited == "α[β\nγ]δ")
  }

  @Test(arguments: [
    (".3 α", "... α"), ("α.?", "α - - -"), ("ca.3", "ca. 3"), (".3-5", "3–5"), (".20", "20"), ("[.3]α", "[...]α"),
    ("[κα][.2]", "[κα..]"), ("[τῆς] [.?]", "[τῆς - - -]"), ("[.?][τῆς]", "[- - - τῆς]"),
    ("[ca.5][τῆς]ὸν", "[ca. 5 τῆς]ὸν"), ("[τῆς][ca.5]", "[τῆς ca. 5]"), ("α[.0]", "α"), ("[.?][.2]α", "[- - - ..]α"),
    ("[.? τρά]χ", "[- - - τρά]χ"),
    ("[.?]", "[- - -]"), ("[ca.7]", "[ca. 7]"), ("[.3-5]", "[3–5]"), ("[κα.2]ὶ", "[κα..]ὶ"), ("[.20]", "[20]"),
    ("lost.3lin", "(3 lines lost)"), ("lost.1lin", "(1 line lost)"), ("lost.?lin", "- - - - - -"),
    (".3lin", "(traces of 3 lines)"), (".?lin", "(traces of lines)"), ("vestig α", "(traces)α"),
    ("vestig.3char", "(traces of 3 letters)"), ("<.2>", "<..>"), ("α vac.3 β", "α vac. 3 β"), ("α vac.? β", "α vac. β"),
    ("(Lines: 3 non transcribed)", "(3 lines not transcribed)"), ("(Lang: Demotic 3 lines)", "(3 lines in Demotic)"),
    ("$m2 α", "(hand 2) α"), ("*stauros* α", "† α"), ("*rho-cross,⳨* α", "⳨ α"), ("*stroke* α", "((stroke)) α"),
  ]) func whatIsMissingAsEditionsPrintIt(leiden: String, printed: String) {
    #expect(text(leiden).edited == printed)
  }

  @Test(arguments: [
    ("<:ἐλαίου|reg|ἐλέου:> καὶ", ["l. ἐλαίου"]), ("<:a|corr|b:>", ["l. a"]),
    ("<:κα[ὶ]|subst|και:>", ["κα[ὶ] corr. ex και"]), ("<:α|alt|β:>", ["α or β"]),
    ("<:α=BL 1.23|ed|β:>", ["α BL 1.23 : β ed. pr."]), ("<:α=grc|β=en||reg||γ:>", ["l. α, β"]), ("[καὶ] (τ(ὸν))", []),
    ("<:<:ἐλαίου|reg|ἐλέου:>|alt|β:>", ["ἐλέου or β", "l. ἐλαίου"]),
  ]) func theApparatus(leiden: String, entries: [String]) {
    #expect(text(leiden).apparatus == entries)
  }
}

import Glibc
import Testing

@testable import Leiden

@Suite struct ErrorTests {
  private func errors(_ leiden: String) -> [String] { LeidenText.parse(leiden: leiden).errors.map(\.description) }

  @Test func unclosedCommentsOfADocumentTypeAreRefusedAtTheFirst() {
    for mark in ["<!--", "<?"] {
      let text = "<!DOCTYPE x " + String(repeating: mark, count: 40_000)
      let error = #expect(throws: LeidenError.self) {
        try LeidenText.parse(epidocBytes: Array(text.utf8), document: true)
      }
      #expect(error.map { "\($0)".contains("is not closed") } == true)
    }
  }

  /// One byte of a mark, where a mark of two would begin before the text.
  @Test func nothingIsReadBeforeTheText() {
    for text in ["<9", "=9", "<9.", "9", "<1.-", "=1. a"] { _ = LeidenText.parse(leiden: text) }
  }

  @Test func everyFaultOfATextIsToldAtOnce() {
    let text = "1. [καὶ τὸν\n2. α} β̣ (στρ(ατηγὸς)\n3. <:α|β:>"
    let errors = LeidenText.parse(leiden: text).errors
    #expect(errors.map { "\($0.line):\($0.column)" } == ["1:4", "2:5", "2:9", "3:4"])
    #expect(errors[0].message == "`[` opened in line 1 column 4 is not closed before the text ends")
    #expect(errors[0].expected == "`]` could stand there")
  }

  @Test func oneLine() {
    #expect(
      errors("καὶ [τὸν") == [
        "line 1 column 5: `[` opened in line 1 column 5 is not closed before the line ends; `]` could stand there"
      ])
    #expect(
      errors("[α (β] γ").first
        == "line 1 column 4: `(` opened in line 1 column 4 is not closed before `]`; `)` could stand before it")
    #expect(errors("α] β").first?.hasPrefix("line 1 column 2: `]` opens or closes nothing") == true)
    #expect(
      errors("\u{323}α").first?.hasPrefix("line 1 column 1: an underdot") == true || errors("\u{323}α").count == 1)
    #expect(errors("α(?) β").first?.contains("`(?)` belongs to nothing here") == true)
    #expect(errors("<#β#>").first?.contains("no `=`") == true)
    #expect(errors("~|α|~ β").first?.contains("names no language") == true)
    #expect(errors("<?x").isEmpty == false)
  }

  /// What scholars mistype, where the fault stands, the text at fault, and what could stand there.
  @Test(arguments: [
    ("(στρατηγὸς) α", 1, "(στρατηγὸς)", "`(|στρ|)`"),
    ("α (Lines: 3 not transcribed)", 3, "(Lines: 3 not transcribed)", "non transcribed"),
    ("<:α=|ed|β:>", 4, "=", "`=BL 1.23`"), ("<:α|reg|β=grc:>", 10, "=", "`=grc`"),
    ("<#ιβ=twelve#>", 5, "=twelve", "`=12`"),
    ("<#ι=10-?(?)#>", 4, "=10-?(?)", "`=10-?`"), ("||leff:α||", 1, "||leff:", "`||left:`"),
    ("||α", 1, "||", "`||left:καὶ||`"),
    ("lost.3", 1, "lost.3", "`[.3]`"), ("vestig.3 α", 1, "vestig.3", "`vestig.3char`"),
    ("α\n------", 1, "-----", "`--------`"),
    ("1. α\n2.καὶ", 1, "2.", "`1. `"), ("<=1.-καὶ=>", 3, "1.", "`1.- `"),
    ("/*(ref=p.oxy)*/", 3, "(ref=", "`(ref=p.oxy;1;43=P.Oxy. 1 43)`"),
    ("α~~~", 2, "~~~", "`~|di emu|~la `"), ("α $x", 3, "$", "`$m2 `"), ("$m2Ἥρων", 1, "$", "`$m2 `"),
    ("$m 2 α", 1, "$", "`$m2 `"),
    ("<:α|ed|β|ed|γ:>", 9, "|ed|", "`|` between further readings"), ("α*stau ros", 2, "*", "`*stauros*`"),
    ("α)", 2, ")", "`((ἔτους))`"),
    ("α_β", 2, "_", "`_[καὶ]_`"), ("α/β", 2, "/", "`\\καὶ/`"), (".3(?)α", 3, "(?)", "a space behind it"),
    ("[αβγδεζηθικλμνξοπρστυφχψω\n", 1, "[αβγδεζηθικλμνξοπρστ", "`]`"),
  ])
  func whatIsMistypedIsExplained(_ leiden: String, _ column: Int, _ found: String, _ expected: String) {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    #expect(errors.count == 1 && errors[0].column == column && errors[0].found == found, "\(errors)")
    #expect(errors.first?.expected.contains(expected) == true, "\(errors)")
    // Written, it is no fault: what is not a mark is letters.
    let (again, more) = LeidenText.parse(leiden: text.leiden)
    #expect(again == text && more.isEmpty, "\(text.leiden)")
  }

  @Test func moreFaultsThanAreToldAreSaid() {
    let errors = LeidenText.parse(leiden: String(repeating: "] ", count: 10_000)).errors
    #expect(errors.count == LeidenError.limit + 1)
    #expect(errors.last?.message == "there are more than \(LeidenError.limit) faults")
  }

  @Test(arguments: [
    "[καὶ τὸν", "α] β", "<:α|β:>", "(((", "〚α", "α〛", "<#β#>", "\\α", "//α", "~|α", "|_α", "\"α", "/*α", "<=α", "<D=.r",
    "*α*β*", "{α]",
  ])
  func noTextIsDropped(_ leiden: String) {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    #expect(!errors.isEmpty || leiden == "*α*β*")
    let letters = leiden.unicodeScalars.map { $0 }.filter { $0.value >= 0x370 && $0.value < 0x2000 }
    let kept = text.epidoc.unicodeScalars.map { $0 }.filter { $0.value >= 0x370 && $0.value < 0x2000 }
    #expect(kept == letters, "\(text.epidoc)")
  }

  /// A `?` inside a mark that was never closed is no doubt of what stands around it; a dotted space is no space to
  /// drop; a mark of another script does not join the dotted letter before it.
  @Test(arguments: [
    ".3((regS<?==?>)((<]?=[?) α", "(α([?) β", "(α({β?) γ", " \u{323}[.1](´)", "α \u{323}<?=?>\u{5B2}\u{323}",
    "<:τοῦ=BL 1|ed:BL 2|τῶ:>", "<:τοῦ=BL 1=BL 2|ed|τῶ=BL 3=BL 4:>",
    "l9ost.3li¯n", "<:(?)=α(?)=BL|reg|β:>", "<:α|subst|||left:β||top:>", "<:α|alt|β<?@resp=\"a|\u{323}b\"?>:>",
    "<:α|ed|β=a|\u{323}b:>",
    "<?div type=\"edition\"?><S=<=α=><?/div?>",
    "<?@n=\"7\"?>1. α", "<?x n=\"1\" n=\"2\"?>α<?/x?>", "<?@n=\"1\"?><?@n=\"2\"?>[α]",
    "vestig.ca.3char(´)", "9lost.ca.3lin", "1.\u{323}", "(|<?=?>_[α]_(?)|)", "\\|<?=?>_[α]_(?)|/",
    "(α/*<?ex?>β<?/ex?>*/)",
    "(α<?ex n=\"1\"?>β<?/ex?>)", "1.", "<?!a?-->b?> β",
    "<?!a--b?> β", "¯_.2-¯5¯_¯ α",
    "9//.(? )", "9/.(?)", "9,.α", "9//α\\\\.β",
  ])
  func oddTextsAreWrittenAndReadAgain(_ leiden: String) {
    let text = LeidenText.parse(leiden: leiden).text
    let (again, more) = LeidenText.parse(leiden: text.leiden)
    #expect(again == text && more.isEmpty, "\(text.leiden)")
  }

  /// What is opened or closed in vain a million times costs a million times as much and no more.
  @Test(arguments: [
    "[", "]", "(", ")", "<", ">", "{", "}", "<:", ":>", "<#", "|", "||", "||left:", "\\", "/", "//", "/*", "\"", "~|",
    "|~",
    "<?", "<?=", "<?a b=\"", "<?@", "(ref=", "/*(ref=", "*a", "*", "!", "<=", "=>", "<D=.r", "=D>", "<S=", "〚", "¯",
    "_[",
    "(?)", "=", "<:a=", "a\u{323}", " a(¨)", ".1(¨)", "(((((", "1.", "(Lang: ", "<:a|", "α\u{304}\u{323}", "#a",
    "<:a|ed|b=x", "$m",
    "\u{323}", "\u{301}\u{323}", "\u{301}\u{304}", " \u{323}a\u{323}", "/*\u{323}",
  ])
  func readingIsLinear(_ piece: String) {
    func seconds(_ count: Int) -> Double {
      let text = Array(String(repeating: piece, count: count / piece.utf8.count).utf8)
      let start = processorTime()
      _ = LeidenText.parse(leidenBytes: text).text.leiden
      return processorTime() - start
    }
    _ = seconds(1000)
    let small = max(0.002, min(seconds(8000), seconds(8000)))
    #expect((0..<3).contains { _ in seconds(64_000) < small * 24 }, "eight times as much text")
  }

  /// Seconds this thread has worked: other load on the machine does not count.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "[", count: 100_000) + "α" + String(repeating: "]", count: 100_000)
    let (text, errors) = LeidenText.parse(leiden: deep)
    #expect(!errors.isEmpty)
    #expect(!text.leiden.isEmpty)
    let xml = String(repeating: "<q>", count: 100_000)
    #expect(throws: LeidenError.self) { try LeidenText.parse(epidoc: xml) }
  }

  @Test(arguments: [
    "<a>", "<a></b>", "<a x>", "<a x=1/>", "<a x=\"<\"/>", "<a x=\"1\" x=\"2\"/>", "&foo;", "&#0;", "</a>", "<",
    "<!ELEMENT a>", "\u{1}",
    "<!--", "<![CDATA[", "<?x",
  ])
  func brokenXMLIsRefusedWithItsPlace(_ xml: String) {
    #expect(throws: LeidenError.self) { try LeidenText.parse(epidoc: xml) }
  }

  @Test func entitiesDoNotMultiplyAndNothingIsFetched() {
    let bomb =
      "<!DOCTYPE a [<!ENTITY x \"xxxxxxxx\"><!ENTITY y \"&x;&x;\"><!ENTITY z SYSTEM \"file:///etc/passwd\">]><a>&y;&z;</a>"
    #expect(throws: LeidenError.self) { try LeidenText.parse(epidoc: bomb) }
  }

  @Test func controlCharactersAreNotShown() {
    let (_, errors) = LeidenText.parse(leiden: "α\u{1B}[31m")
    #expect(errors.allSatisfy { !$0.description.contains("\u{1B}") && !$0.found.contains("\u{1B}") })
  }
}

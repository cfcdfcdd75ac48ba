import Testing

@testable import Corpus

@Suite struct FilterTests {
  static let subjects: [String: FilterSubject] = [
    "receipt": FilterSubject(
      Fragment(
        id: "receipt", identifiers: Identifiers(tm: "1234", inventory: "P. Vindob. G 7"), title: "Ἀπόδειξις of grain",
        date: DateRange(notBefore: -120, notAfter: -100), place: "Tebtynis",
        photographs: [Photograph(file: "a.png", width: 5, height: 5)]),
      overview: FragmentOverview(lines: 10, decided: 4, confirmed: 3, isRead: true, failure: nil, confidence: 0.83),
      correctors: ["Hélène"], model: "apollo-reader@1f3a"),
    "letter": FilterSubject(
      Fragment(id: "letter", title: "Letter", date: DateRange(notBefore: 150), place: "Karanis"),
      overview: FragmentOverview(lines: 0, decided: 0, confirmed: 0, isRead: false, failure: nil, confidence: nil)),
    "dark": FilterSubject(
      Fragment(id: "dark"),
      overview: FragmentOverview(
        lines: 0, decided: 0, confirmed: 0, isRead: false, failure: "too dark", confidence: nil)),
  ]

  @Test(arguments: [
    ("", ["dark", "letter", "receipt"]), ("αποδειξις", ["receipt"]), ("TEBT", ["receipt"]),
    ("place:karanis", ["letter"]), ("place=karan", []), ("place=KARANIS", ["letter"]), ("tm:1234", ["receipt"]),
    ("number:vindob", ["receipt"]), ("\"of grain\"", ["receipt"]), ("\"grain of\"", []),
    ("date:-110", ["receipt"]), ("date:-99..149", []), ("date:-100..150", ["letter", "receipt"]),
    ("date>=400", ["letter"]), ("date<-120", []), ("date<=-120", ["receipt"]), ("not has:date", ["dark"]),
    ("state:work", ["receipt"]), ("state:unread", ["letter"]), ("state:failed or state:work", ["dark", "receipt"]),
    ("confidence>0.8", ["receipt"]), ("confidence>=0.83", ["receipt"]), ("confidence<0.83", []),
    ("has:image", ["receipt"]), ("corrector:helene", ["receipt"]), ("model:apollo-reader@1", ["receipt"]),
    ("corrected=1 confirmed:3..", ["receipt"]), ("lines<1 and !place:karanis", ["dark"]),
    ("place:karanis | place:tebtynis & has:image", ["letter", "receipt"]),
    ("(place:karanis | place:tebtynis) & has:image", ["receipt"]), ("not not letter", ["letter"]),
    ("title:\"letter\"", ["letter"]), ("\"not\"", []),
  ])
  func finds(question: String, expected: [String]) throws {
    let filter = try Filter.parse(question)
    #expect(Self.subjects.filter { filter.matches($0.value) }.keys.sorted() == expected)
  }

  @Test(arguments: [
    ("(a", 1), ("a)", 2), ("a or", 5), ("or a", 1), ("colour:red", 1), ("a date:x", 3), ("date:9..1", 1),
    ("state:red", 1), ("place>3", 1), ("\"abc", 1), ("place:", 1), ("x and and y", 7), ("not", 4),
    ("confidence:nan", 1), ("uncertain:", 1), ("a uncertain:0", 3), ("uncertain>3", 1), ("not uncertain:3", 5),
    ("(uncertain:3)", 2), ("a or uncertain:3", 1), ("a or b uncertain:3", 1), ("uncertain:many", 1),
  ])
  func saysWhereItIsWrong(question: String, column: Int) {
    let error = #expect(throws: FilterError.self) { try Filter.parse(question) }
    #expect(error?.column == column)
  }

  @Test func uncertainAsksAboutAllThatMatch() throws {
    let filter = try Filter.parse("place:x uncertain:20 (a or b)")
    #expect(filter.mostUncertain == 20)
    #expect(try Filter.parse("uncertain:3").mostUncertain == 3 && Filter.parse("place:x").mostUncertain == nil)
  }

  @Test func depthIsBounded() {
    #expect(throws: FilterError.self) { try Filter.parse(String(repeating: "(", count: 100_000)) }
    #expect(throws: FilterError.self) { try Filter.parse(String(repeating: "!", count: 100_000) + "a") }
  }

  /// Whatever is typed is a filter or an error, never a trap; and `not` turns every answer round.
  @Test func anyTypingIsAnswered() {
    let pieces = [
      "(", ")", "not ", "and ", "or ", "a", "\"", "date", ":", "<", ">=", "..", "1e999", "-5", "state:done", " ",
    ]
    var seed: UInt64 = 7
    var parsed = 0
    for _ in 0..<20_000 {
      var text = ""
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var bits = seed >> 8
      for _ in 0..<(1 + Int(seed >> 60) % 8) {
        text += pieces[Int(bits % 16)]
        bits /= 16
      }
      guard let filter = try? Filter.parse(text), !text.allSatisfy(\.isWhitespace) else { continue }
      parsed += 1
      guard let turned = try? Filter.parse("not (" + text + ")") else {
        Issue.record("'\(text)' parses, but not inside brackets")
        continue
      }
      for subject in Self.subjects.values { #expect(filter.matches(subject) != turned.matches(subject)) }
    }
    #expect(parsed > 1000)
  }

  @Test func theStoreAnswers() throws {
    let store = try CorpusFixture().store
    try store.record(CorpusFixture.reading("p1"))
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    #expect(try store.fragmentIDs(matching: try Filter.parse("corrector:tester model=m@1 state:work")) == ["p1"])
    #expect(try store.fragmentIDs(matching: try Filter.parse("state:unread has:image")) == ["p2"])
  }
}

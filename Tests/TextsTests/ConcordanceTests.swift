import Foundation
import Platform
import Testing

@testable import Texts

@Suite struct ConcordanceTests {
  @Test(arguments: 0..<60) func theOrderOfEndsIsThatOfSorting(seed: Int) {
    var numbers = Numbers(UInt64(seed + 1))
    let letters = 1 + numbers.below(4)
    let text = (0..<numbers.below(200)).map { _ in UInt8(numbers.below(letters)) }
    var order = [Int32](repeating: 0, count: text.count)
    text.withUnsafeBufferPointer { text in
      order.withUnsafeMutableBufferPointer { SuffixArray.build(text, top: letters, into: $0) }
    }
    let plain = text.indices.sorted { text[$0...].lexicographicallyPrecedes(text[$1...]) }
    #expect(order.map(Int.init) == plain)
  }

  @Test func everyRunIsFoundWhereverItStands() throws {
    let library = ScratchLibrary()
    let index = try library.index(Notary.rows(30))
    let letters = (0..<index.count).map { index.letter($0) & TextLetters.mask }
    var numbers = Numbers(3)
    for _ in 0..<200 {
      let start = numbers.below(letters.count - 12)
      let sought = Array(letters[start..<start + 1 + numbers.below(10)])
      let found = Concordance(index).followed(by: sought)
      let places = Set(found.ranks.map { index.place($0) })
      let plain = (0...letters.count - sought.count).filter { Array(letters[$0..<$0 + sought.count]) == sought }
      #expect(places == Set(plain))
    }
    #expect(Concordance(index).followed(by: TextLetters.numbers("ξξξ")).count == 0)
  }

  @Test func anIndexKnowsLinesAndTexts() throws {
    let library = ScratchLibrary()
    let index = try library.index("a.1\t12 13\tm1\t1\tἀβ γ-\na.1\t12 13\tm1\t2\tδ\nb.2\t14\t\t1\t[ε]\nno row\n")
    #expect(index.textCount == 2 && index.lineCount == 3 && index.unreadable == 1)
    #expect(TextLetters.text((0..<index.count).map { index.letter($0) }) == "αβ γδ- ε-")
    let line = try #require(index.line(index.line(of: 3)))
    #expect(line.text == "a.1" && line.numbers == ["12", "13"] && line.label == "2" && line.words == "δ")
    #expect(index.text(ofLine: 2) == 1 && index.lines(ofText: 0) == 0..<2)
  }

  @Test func anIndexIsMadeAnewWhenItsRowsChangeOrItIsCut() throws {
    let library = ScratchLibrary()
    #expect(try library.index("a\t\t\t1\tαβγ\n").count == 4)
    #expect(try library.index("a\t\t\t1\tαβγδε\n").count == 6)
    let path = library.folder + "/rows.index"
    let whole = try Files.read(path)
    for count in stride(from: 0, to: whole.count, by: 7) {
      try Files.replace(path, with: Array(whole[..<count]))
      let index = try TextIndex.open(rows: library.folder + "/rows.tsv")
      #expect(index.count == 6)
    }
  }

  @Test func aDamagedIndexIsNeverFollowedOutOfItsBounds() throws {
    let library = ScratchLibrary()
    _ = try library.index(Notary.rows(3))
    let path = library.folder + "/rows.index"
    let whole = try Files.read(path)
    var numbers = Numbers(9)
    for _ in 0..<150 {
      var bytes = whole
      // Not the head: what that says is checked against the file's size.
      for _ in 0..<20 { bytes[48 + numbers.below(bytes.count - 48)] = UInt8(numbers.below(256)) }
      try Files.replace(path, with: bytes)
      let index = try TextIndex.open(rows: library.folder + "/rows.tsv")
      for parallel in Parallels([index]).find(try ParallelPattern("κωμης*εχειν")) { _ = index.quote(parallel.letters) }
      for text in 0..<index.textCount { for line in index.lines(ofText: text) { _ = index.line(line) } }
    }
  }

  @Test(arguments: [
    ("εχειν", 3), ("εχιν", 3), ("αιχειν", 3), ("εχεν", 0), ("κωμησ", 3), ("κομης", 3), ("κωμμης", 3), ("οικου", 3),
    ("υκου", 3), ("δραχμας ἑκατὸν", 3), ("ομολογ?ι", 3), ("χειρος*δραχμας", 3), ("χειρος[.9]αργυριου", 0),
    ("χειρος[.7]αργυριου", 3), ("χειρος [.5-9] αργυριου", 3), ("χειρος[.?]αργυριου", 3), ("ετους*ομολογει", 0),
  ])
  func patternsAreFoundInAnySpellingAndThroughGaps(pattern: String, count: Int) throws {
    let library = ScratchLibrary()
    let index = try library.index(Notary.rows(3))
    let found = Parallels([index]).find(try ParallelPattern(pattern))
    let whole = found.filter { $0.shared == (try? ParallelPattern(pattern))?.letterCount }
    #expect(whole.count == count)
  }

  @Test func textThatStandsNowhereIsFoundInParts() throws {
    let library = ScratchLibrary()
    let index = try library.index(Notary.rows(20) + "other\t\t\t1\tκαλῶς ποιήσεις πέμψας μοι τὸν ὄνον\n")
    let found = Parallels([index]).find(try ParallelPattern("ἔρρωσο καλῶς οὖν ποιήσεις πέμψας μοι τὸν παῖδα"))
    let best = try #require(found.first)
    #expect(index.line(index.line(of: best.letters.lowerBound))?.text == "other")
    #expect(best.shared >= 15)
  }

  @Test(arguments: ["", "abc", "???", "[.3]"]) func aPatternWithoutGreekIsRefused(pattern: String) {
    #expect(throws: TextsError.self) { try ParallelPattern(pattern) }
  }

  @Test(arguments: [
    ("Αὐρη[λ]ίου |gap=3| ια|digit=11| |vac=2|α |gap=unknown||num=3|", "Αὐρη[λ]ίου [.3] ια vac.2 α [.?]"),
    ("|gap=2_lines| α|β", "[.2lin] αβ"), ("", ""), ("ἔτους", "ἔτους"),
  ])
  func aQuoteIsPrintedAsAnEditionHasIt(_ row: String, _ printed: String) {
    #expect(TextRow.printed(row) == printed)
  }
}

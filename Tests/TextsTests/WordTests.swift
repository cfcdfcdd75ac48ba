import Foundation
import Leiden
import Platform
import Testing

@testable import Texts

/// Words learnt of invented contracts.
private enum Made {
  static let scratch = ScratchLibrary()
  static let library: TextLibrary = {
    do {
      var library = try TextLibrary(at: scratch.folder + "/library")
      _ = try library.add(scratch.write("contracts.tsv", Notary.rows(150)), name: "contracts")
      let more = (1...3).map { text in
        """
        more.\(text)\t500\(text)\tm1\t1\tστρ(ατηγῷ) Ἀρσι(νοίτου) (ἔτους) ιη|digit=18| Παῦνι κ|digit=20|
        more.\(text)\t500\(text)\tm1\t2\t[τῷ] στρ(ατηγῷ) Ἀρσι(νοίτου) χαίρ[ειν] |gap=3| δεύ-
        more.\(text)\t500\(text)\tm1\t3\tτερον ⟦καὶ⟧ τὸ{ν} ὄνον\n
        """
      }.joined()
      _ = try library.add(scratch.write("more.tsv", more), name: "more")
      // Texts of even numbers come from one place and time, the others from another.
      let table = (0..<150).map {
        "\(1000 + $0)\t\($0 % 2 == 0 ? "Karanis" : "Memphis")\t\($0 % 2 == 0 ? "150±5" : "-200±5")\n"
      }
      _ = try library.add(scratch.write("places.tsv", "TM\tplace\tdate\n" + table.joined()), name: "hgv")
      return library
    } catch { fatalError("\(error)") }
  }()
  static let divider: WordDivider = {
    do { return try library.wordDivider() } catch { fatalError("\(error)") }
  }()
}

@Suite(.serialized) struct WordTests {
  @Test(arguments: [
    ("στρ(ατηγῷ)", "(στρ(ατηγῷ))", "στρ"), ("ιη|digit=18|", "<#ιη=18#>", "ιη"), ("χαίρ[ειν]", "χαίρειν", "χαιρειν"),
    ("τὸ{ν}", "τὸ{ν}", "τον"), ("α̣ὐτόν*", "αὐτόν", "αυτον"), ("(ἔτους)", "((ἔτους))", ""),
    ("δ´|digit=1/4|", "<#δ '=1/4#>", "δ"),
    ("@^inline^με@⟦μοι⟧", "με", "με"), ("<τῆ>ς", "<τῆ>ς", "σ"),
  ])
  func rowsBecomeWords(row: String, form: String, letters: String) {
    let word = EditedWord(row)
    #expect(word.form == form && TextLetters.text(word.letters) == letters && !word.isBroken)
  }

  @Test(arguments: ["Σετο(…)", "κα|gap=2|", "domini", "(στρ"]) func whatIsNotWholeIsNoWord(row: String) {
    #expect(EditedWord(row).isBroken)
  }

  @Test func aWordOfSeveralPiecesTellsWhatIsLeftOfIt() {
    #expect(EditedWord("[χαί]ρε[ιν]").pieces.map { TextLetters.text($0) } == ["", "ρε", ""])
    #expect(EditedWord("κα|gap=2|ρ").pieces.map { TextLetters.text($0) } == ["κα", "ρ"])
  }

  @Test func wordsRunOverLineEnds() throws {
    let rows = try Made.scratch.write("run.tsv", "a\t\t\t1\tτὸ δεύ-\na\t\t\t2\tτερον ,\nb\t\t\t1\tκαὶ-\n")
    var words: [String?] = []
    try MappedFile(path: rows).withBytes { EditedWord.forEach(in: $0) { words.append($0) } }
    #expect(words == [nil, "τὸ", "δεύ\u{2028}τερον", ",", nil, "καὶ\u{2028}", nil])
    #expect(EditedWord("δεύ\u{2028}τερον").lineEnd == 3)
  }

  @Test func lettersBecomeAnEdition() {
    let lines = Made.divider.lines([
      "ΟΜΟΛΟΓΕΙΣΑΡΑΠΙΩΝΤΩΝΑΠΟΚΩ", "ΜΗΣΚΑΡΑΝΙΔΟΣΕΧΕΙΝ", "παραδ̣ιδυμουδιαχειροσ[.4]αργυριουδραχμασ",
    ])
    #expect(
      lines.map(\.text) == [
        "ὁμολογεῖ Σαραπίων τῶν ἀπὸ κώ", "μης Καρανίδος ἔχειν", "παρὰ Δ̣ιδύμου διὰ χειρὸς [.4] ἀργυρίου δραχμὰς",
      ])
    #expect(lines.map(\.runsOn) == [true, false, false])
    #expect(Made.divider.lines(["στραρσιιηπαυνι"]).map(\.text) == ["(στρ(ατηγῷ)) (Ἀρσι(νοίτου)) <#ιη=18#> Παῦνι"])
  }

  @Test func aWordThatNobodyKnowsIsWrittenAsOthersThatEndAlike() {
    // `…ίδου` as Ἡρακλείδου is not here, `-ίων` and `-ύσιος` are.
    #expect(WordGuess(model: Made.divider.model).form(of: TextLetters.numbers("παχραπιων")) == "Παχραπίων")
    #expect(
      Made.divider.lines(["ομολογειψαραπιωντωναποκωμησκαρανιδοσ"]).map(\.text) == [
        "ὁμολογεῖ Ψαραπίων τῶν ἀπὸ κώμης Καρανίδος"
      ])
  }

  /// A gap behind a word takes nothing from what is known of it: it was guessed as if nobody knew it.
  @Test func aWordBeforeAGapIsWrittenAsItIsKnown() throws {
    let folder = Made.scratch.folder + "/wheat"
    var library = try TextLibrary(at: folder)
    let row = "τοῦ πυροῦ , τὸ πυροῦ , ἀπὸ πυροῦ , τοῦ πύρου , τοῦ Πύρου"
    let rows = (0..<20).map { "wheat\t\t\t\($0)\t\(row)\n" }.joined()
    _ = try library.add(Made.scratch.write("wheat.tsv", rows), name: "wheat")
    let divider = try library.wordDivider()
    #expect(WordGuess(model: divider.model).form(of: TextLetters.numbers("πυρου")) != "πυροῦ")
    #expect(divider.lines(["αποπυρου[.3]τουπυρου"]).map(\.text) == ["ἀπὸ πυροῦ [.3] τοῦ πυροῦ"])
  }

  /// What a gap leaves of a word is no word, and takes no letters of the words beside it.
  @Test func whatIsLeftOfAWordStaysAPart() {
    #expect(Made.divider.lines(["τωναποκωμησκαρανιδ[.2]"]).map(\.text) == ["τῶν ἀπὸ κώμης καρανιδ[.2]"])
    #expect(Made.divider.lines(["[.3]ερθεσεωσαργυριου"]).map(\.text) == ["[.3]ερθεσεωσ ἀργυρίου"])
  }

  @Test(arguments: 0..<20) func nothingOfTheInkIsLost(seed: Int) {
    var numbers = Numbers(UInt64(seed + 3))
    let lines = (0..<1 + numbers.below(4)).map { _ in
      (0..<numbers.below(30)).map { _ in
        let what = numbers.below(12)
        return what == 0
          ? "[.\(1 + numbers.below(5))]"
          : what == 1 ? ".2" : String(TextLetters.alphabet[numbers.below(24)]) + (what == 2 ? "\u{323}" : "")
      }.joined()
    }
    let made = Made.divider.lines(lines)
    #expect(made.count == lines.count)
    for (line, before) in zip(made, lines) {
      func ink(_ text: String) -> [UInt8] { InkText(lines: [text]).letters.map(\.number) }
      let (text, errors) = LeidenText.parse(leiden: line.text)
      #expect(errors.isEmpty, "\(line.text)")
      #expect(ink(text.letterStream) == ink(before), "\(before) -> \(line.text)")
      #expect(line.text.contains("[.") == before.contains("[."))
    }
  }

  @Test func waysToDivideHaveProbabilities() {
    let ways = Made.divider.ways("ανευπασησυπερθεσεωσ", limit: 5)
    #expect(ways.first?.text == "ἄνευ πάσης ὑπερθέσεως" && ways[0].probability > 0.5)
    #expect(ways.reduce(0) { $0 + $1.probability } <= 1.000_001)
    #expect(Made.divider.ways("", limit: 3).map(\.text) == [""])
  }

  /// A line alone begins and ends with half a word; the lines around it tell which.
  @Test func theLinesAroundItTellItsWords() {
    let (above, line, below) = ("ομολογεισαραπιωντωναποκω", "μησκαρανιδοσεχεινπαραδιδυ", "μουδιαχειροσαργυριου")
    let alone = Made.divider.ways(line, limit: 5)
    let among = Made.divider.ways(line, after: above, before: below, limit: 5)
    #expect(among.first?.text == Made.divider.lines([above, line, below])[1].text)
    #expect(among.first?.text == "μης Καρανίδος ἔχειν παρὰ Διδύ")
    #expect(alone.first?.text != among.first?.text)
    #expect(among.count <= 5 && Set(among.map(\.text)).count == among.count)
    #expect(zip(among, among.dropFirst()).allSatisfy { $0.probability >= $1.probability })
    #expect(among.reduce(0) { $0 + $1.probability } <= 1.000_001)
  }

  @Test func wordsThatAreMeasuredAreThoseWhollyThere() throws {
    let rows = try Made.scratch.write("apart.tsv", Notary.rows(5, seed: 9) + "x\t\t\t1\tκαὶ [τῆς] ὑπερ[θέσεως]\n")
    let outcomes = try WordOutcome.measure(Made.divider, rows: rows, workers: 1)
    #expect(outcomes.count == 6)
    #expect(outcomes.prefix(5).allSatisfy { $0.plain.count > 20 && $0.plain.right == $0.plain.count })
    #expect(outcomes[5].plain.count == 1)
  }

  @Test func aDamagedWordModelIsRefused() throws {
    _ = Made.divider
    let path = Made.library.folder + "/models/inked.words"
    let bytes = try Files.read(path)
    let copy = Made.scratch.folder + "/damaged.words"
    var numbers = Numbers(5)
    for _ in 0..<60 {
      var other = bytes
      if numbers.below(3) == 0 { other.removeLast(1 + numbers.below(200)) }
      for _ in 0..<5 { other[numbers.below(min(other.count, 4000))] = UInt8(numbers.below(256)) }
      try Files.replace(copy, with: other)
      // Refused, or read without a trap.
      if let model = try? WordModel(path: copy) { _ = WordDivider(model).lines(["ομολογεισαραπιων"]) }
    }
    try Files.replace(copy, with: Array("grapheion-words".utf8))
    #expect(throws: TextsError.self) { try WordModel(path: copy) }
  }
}

@Suite struct WordFillingTests {
  @Test func wordsThatCrossAGapAreFound() throws {
    let scratch = ScratchLibrary()
    let index = try scratch.index(Notary.rows(40))
    let path = scratch.folder + "/edited.words"
    try WordCounts.edited([index]).write(to: path, stamp: "x")
    let model = try WordModel(path: path)
    #expect(model.words(TextLetters.numbers("χειροσ")).count == 1 && model.words(TextLetters.numbers("χειρο")).isEmpty)
    #expect(model.words(to: TextLetters.numbers("ειροσ")).map { TextLetters.text(model.letters(of: $0)) } == ["χειροσ"])
    #expect(model.words(from: TextLetters.numbers("χει")).count == 1)
    func fillings(_ gap: Gap) -> [String] {
      let sense = WordSense(model, gap)
      return WordFillings(sense, WordEdges(gap), fixed: gap.fixed).fillings(gap.letters.lowerBound, limit: 20).map {
        TextLetters.text($0)
      }
    }
    // From the middle of one word into the middle of the next but one.
    #expect(fillings(Gap(before: "παρα διδυμου δια χει", after: "ικου αργυριου", letters: 6...6)).first == "ροσεξο")
    #expect(fillings(Gap(before: "δια χειροσ ", after: " αργυριου", letters: 7...7)).first == "εξοικου")
    // A word that the text itself has, and no other.
    #expect(
      fillings(Gap(before: "ψενατυμισ τησ κωμησ ομολογει ψεν", after: " εχειν", letters: 6...6)).contains("ατυμισ"))
    let fixed = Gap(before: "δια χειροσ ", after: " αργυριου", letters: 7...7, fixed: [0, 0, 0, 0, 0, 0, 24])
    #expect(fillings(fixed).allSatisfy { $0.hasSuffix("ω") })
  }
}

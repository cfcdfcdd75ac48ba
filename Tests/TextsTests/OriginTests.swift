import Leiden
import Platform
import Testing
import Text

@testable import Texts

@Suite(.serialized) struct OriginTests {
  /// Forty texts of two places and times; what `words` gives stands in each of a kind.
  private func library(
    _ scratch: ScratchLibrary, words: (_ early: Bool) -> String
  ) throws -> TextLibrary {
    var library = try TextLibrary(at: scratch.folder + "/library")
    var (rows, table) = ("", "TM\tplace\tdate\n")
    for text in 0..<40 {
      let early = text % 2 == 0
      rows += "t.\(text)\t\(text + 1)\t\t1\t\(words(early))\n"
      table += "\(text + 1)\t\(early ? "Memphis" : "Karanis")\t\(early ? "-200±10" : "150±10")\n"
    }
    _ = try library.add(scratch.write("rows.tsv", rows), name: "rows")
    #expect(throws: TextsError.self) { try library.originModel() }
    _ = try library.add(scratch.write("places.tsv", table), name: "hgv")
    return library
  }

  @Test func whatIsLearntIsKnownAgain() throws {
    let scratch = ScratchLibrary()
    let library = try library(scratch) {
      ($0 ? "βασιλεύοντος Πτολεμαίου ἔτους" : "αὐτοκράτορος Καίσαρος ἔτους") + " δευτέρου"
    }
    let model = try library.originModel()
    let origin = try #require(model.origin(of: "καίσαροσ αυτοκρατοροσ ---ουσ"))
    #expect(origin.places.first?.place == "Karanis" && origin.places[0].probability > 0.6)
    #expect(origin.places[0].features.contains("καισαροσ"))
    // A form that no text has is known by what it has in common with others.
    let other = try #require(model.origin(of: "καίσαρα"))
    #expect(other.places[0].place == "Karanis" && other.places[0].features == ["καισαρα"])
    #expect((100...200).contains(origin.middle) && origin.from <= origin.middle && origin.middle <= origin.to)
    #expect(abs(origin.centuries.reduce(0) { $0 + $1.probability } - 1) < 1e-6)
    #expect(try #require(model.origin(of: "βασιλεύοντος Πτολεμαίου")).middle < -100)
    #expect(model.origin(of: "lorem ipsum") == nil && model.origin(of: "") == nil)
    // Made once.
    #expect(try library.originModel().stamp == model.stamp)
  }

  @Test func abbreviationsAndWhatIsLeftOfWordsTell() throws {
    let scratch = ScratchLibrary()
    let library = try library(scratch) { $0 ? "σεβα(στοῦ) |gap=3|κράτης" : "σεβ(αστοῦ) |gap=3|σθένης" }
    let model = try library.originModel()
    func place(_ leiden: String) throws -> String? {
      let (text, errors) = LeidenText.parse(leiden: leiden)
      #expect(errors.isEmpty)
      return try #require(model.origin(of: text)).places.first?.place
    }
    #expect(try place("1. (σεβα(στοῦ))") == "Memphis")
    #expect(try place("1. (σεβ(αστοῦ))") == "Karanis")
    #expect(try place("1. [.4]κράτης") == "Memphis")
    #expect(try #require(model.origin(of: "---σθενησ")).places.first?.place == "Karanis")
    // A length is nothing to go by where no word is known.
    #expect(model.origin(of: "lorem --- ξξξ") == nil)
  }

  @Test func aDamagedModelIsRefused() throws {
    let scratch = ScratchLibrary()
    let library = try library(scratch) { $0 ? "βασιλεύοντος Πτολεμαίου" : "αὐτοκράτορος Καίσαρος" }
    let stamp = try library.originModel().stamp
    let path = library.folder + "/models/origin.gguf"
    let bytes = try Files.read(path)
    let copy = scratch.folder + "/damaged.gguf"
    var numbers = Numbers(9)
    for _ in 0..<80 {
      var other = bytes
      if numbers.below(3) == 0 { other.removeLast(1 + numbers.below(other.count - 1)) }
      for _ in 0..<5 { other[numbers.below(other.count)] = UInt8(numbers.below(256)) }
      try Files.replace(copy, with: other)
      // Refused, or read without a trap.
      if let model = try? OriginModel(path: copy) { _ = model.origin(of: "αυτοκρατοροσ καισαροσ") }
    }
    try Files.replace(copy, with: bytes)
    #expect(try OriginModel(path: copy).stamp == stamp)
  }
}

@Suite struct TextWordTests {
  private func word(_ text: String, _ written: Int? = nil) -> TextWord {
    TextWord(letters: text.unicodeScalars.map { TextLetters.number(of: $0) }, written: written)
  }

  @Test func lettersLostAndWrittenAreKnown() {
    #expect(TextWord.words(of: "Καίσαρος -- αυ--ρ, 7 x") == [word("καισαροσ"), word("--"), word("αυ--ρ")])
    let (text, errors) = LeidenText.parse(leiden: "1. (Σεβ(αστοῦ)) κα[ὶ] αυ[.2]\n2.- ρος (μη(νὸς)) [.?]")
    #expect(errors.isEmpty)
    #expect(
      TextWord.words(of: text).prefix(4)
        == [word("σεβαστου", 3), word("και"), word("αυ--ροσ"), word("μηνοσ", 2)])
  }

  @Test func aBrokenWordTellsWhatIsLeftOfIt() {
    func features(_ word: String) -> Set<[UInt8]> { TextFeatures.features(of: [self.word(word)]) }
    let shared = features("αυτο--").intersection(features("αυτοκρατοροσ"))
    // Its beginnings of two, three and four letters.
    #expect(shared.filter { $0.first == 1 }.map(\.count).sorted() == [3, 4, 5])
    #expect(features("--τοροσ").intersection(features("αυτοκρατοροσ")).filter { $0.first == 29 }.count == 3)
    #expect(features("---").allSatisfy { $0.first == 31 })
  }
}

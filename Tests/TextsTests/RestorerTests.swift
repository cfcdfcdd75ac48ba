import Foundation
import Leiden
import Platform
import Testing

@testable import Texts

/// A restorer of invented contracts, made once for all tests.
private enum Made {
  static let scratch = ScratchLibrary()
  static let library: TextLibrary = {
    do {
      var library = try TextLibrary(at: scratch.folder + "/library")
      _ = try library.add(scratch.write("contracts.tsv", Notary.rows(150)), name: "contracts")
      return library
    } catch { fatalError("\(error)") }
  }()
  /// With the weights that ship.
  static let restorer: Restorer = {
    do {
      let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      return try library.restorer(
        weights: RestorerWeights(path: checkout.appendingPathComponent("models/apollo-restorer.json").path))
    } catch { fatalError("\(error)") }
  }()
}

@Suite(.serialized) struct RestorerTests {
  @Test func whatTheTextsSayIsProposedFirstWithItsParallels() throws {
    let gap = Gap(before: "παρα διδυμου δια χειροσ ", after: "αργυριου", letters: 7...7)
    let proposals = Made.restorer.proposals(for: gap)
    let first = try #require(proposals.first)
    #expect(TextLetters.text(first.letters) == "εξοικου")
    #expect(first.probability > 0.5 && first.probability <= 1)
    let (line, quote) = try #require(first.parallels.first.flatMap { Made.restorer.quotation($0) })
    #expect(line.text.hasPrefix("text.") && quote.contains("ἐξ οἴκου"))
    #expect(proposals.count == 20)
    #expect(proposals.reduce(0) { $0 + $1.probability } <= 1 + 1e-6)
    #expect(zip(proposals, proposals.dropFirst()).allSatisfy { $0.probability >= $1.probability })
  }

  @Test func aLengthThatIsNotKnownIsFound() {
    let gap = Gap(before: "δια χειροσ ", after: " αργυριου δραχμασ", letters: 5...8)
    let first = Made.restorer.proposals(for: gap).first
    #expect(first.map { TextLetters.text($0.letters) } == "εξοικου")
  }

  @Test(arguments: 0..<10) func proposalsNeverBreakAConstraint(seed: Int) {
    var numbers = Numbers(UInt64(seed + 11))
    let words = ["και", "ομολογει", "σαραπιων", "---", "τησ", "δραχμασ", "χειροσ", ""]
    func text() -> String {
      (0..<numbers.below(6)).map { _ in words[numbers.below(words.count)] }.joined(separator: " ")
    }
    let least = 1 + numbers.below(12)
    let isRange = numbers.below(3) == 0
    let fixed = isRange ? [] : (0..<least).map { _ in numbers.below(3) == 0 ? UInt8(1 + numbers.below(24)) : 0 }
    let gap = Gap(
      before: text(), after: text(), letters: least...(isRange ? least + numbers.below(2) : least), fixed: fixed)
    for proposal in Made.restorer.proposals(for: gap) {
      #expect(gap.letters.contains(proposal.letters.count))
      #expect(proposal.letters.allSatisfy { (1...27).contains($0) })
      for (letter, certain) in zip(proposal.letters, fixed) where certain != 0 { #expect(letter == certain) }
      #expect(proposal.probability >= 0 && proposal.probability <= 1)
    }
  }

  @Test func whereNothingIsKnownNothingIsProposed() {
    #expect(Made.restorer.proposals(for: Gap(before: "lorem ipsum", after: "--", letters: 3...3)).isEmpty)
    #expect(Made.restorer.proposals(for: Gap(before: "και", after: "και", letters: 101...101)).isEmpty)
    #expect(!Made.restorer.proposals(for: Gap(before: "και", after: "και", letters: 100...100)).isEmpty)
  }

  @Test func namesComeFromTheSameText() throws {
    // A name that no known text has.
    let gap = Gap(
      before: "ομολογει ψενοβαστισ τησ κωμησ εχειν παρα του διδυμου ", after: "στισ τησ κωμησ", letters: 6...6)
    let considered = Made.restorer.consider(gap, count: 6)
    let name = try #require(considered.fillings.firstIndex(of: TextLetters.numbers("ψενοβα")))
    let repeats = try #require(FillingFeatures.names.firstIndex(of: "longest repeat"))
    #expect(considered.features[name][repeats] == considered.features.map { $0[repeats] }.max())
  }

  @Test func theGapsOfATextAreFoundWithAllAroundThem() throws {
    let text = LeidenText.parse(leiden: "1. ὁμολογεῖ [Σαραπ]ίων [.3] κώμης\n2.- Καρα[.2-4]ος .2 ἔχ(ειν)[.?]").text
    let gaps = TextGap.gaps(of: text)
    #expect(gaps.map(\.line) == ["1", "2", "2"])
    #expect(gaps.map(\.gap.letters) == [3...3, 2...4, TextGap.unknown])
    #expect(TextLetters.text(gaps[0].gap.before) == "ομολογει σαραπιων" && gaps[0].gap.beginsWord)
    #expect(TextLetters.text(gaps[1].gap.before) == "ομολογει σαραπιων --- κωμησκαρα")
    #expect(TextLetters.text(gaps[1].gap.after) == "οσ -- εχειν-")
    #expect(gaps[2].gap.after.isEmpty)
  }

  @Test func fittingFindsWhatSpeaksForTheRightFilling() {
    // Of three fillings the right one has most of the first feature; the others say nothing.
    var numbers = Numbers(4)
    let width = FillingFeatures.count
    let cases = (0..<60).map { _ in
      let right = numbers.below(3)
      var features = (0..<3 * width).map { _ in Float(numbers.below(10)) / 10 }
      features[right * width] += 0.6
      return RestorationFit.Case(letters: 1, features: features, right: right)
    }
    let entry = RestorationFit.fitted(cases, 1...1)
    #expect(entry.weights[0] > 1 && entry.weights.dropFirst().allSatisfy { abs($0) < entry.weights[0] / 2 })
    let right = cases.count { one in
      let probabilities = RestorationFit.probabilities(one.features, entry.weights.map(Double.init))
      return probabilities.firstIndex(of: probabilities.max() ?? 0) == one.right
    }
    #expect(right >= 50)
  }

  @Test func weightsAreWrittenAndReadAgain() throws {
    let path = Made.scratch.folder + "/weights.json"
    try Made.restorer.weights.write(to: path, texts: "contracts")
    let again = try RestorerWeights(path: path)
    #expect(again.entries.count == Made.restorer.weights.entries.count)
    for (one, other) in zip(again.entries, Made.restorer.weights.entries) {
      #expect(one.letters == other.letters && zip(one.weights, other.weights).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    try Files.replace(path, with: Array("{\"version\":1,\"features\":[\"luck\"]}".utf8))
    #expect(throws: TextsError.self) { try RestorerWeights(path: path) }
  }
}

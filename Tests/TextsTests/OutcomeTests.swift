import Foundation
import Platform
import Testing

@testable import Texts

@Suite struct OutcomeTests {
  @Test(arguments: [
    ("και", "και", 3), ("και", "κηι", 2), ("αβγδ", "γδαβ", 2), ("καισαρ", "κσαρι", 4), ("", "α", 0),
  ])
  func lettersThatMatchAreCountedAsOthersDo(one: String, other: String, count: Int) {
    #expect(
      RestorationOutcome.matching(TextLetters.numbers(one)[...], TextLetters.numbers(other)[...])
        == count)
  }

  @Test func publishedItemsAreRead() throws {
    let scratch = ScratchLibrary()
    func line(_ text: String, _ answer: String) -> String {
      "{\"messages\":[{\"role\":\"system\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"\(text)\"},{\"role\":\"assistant\",\"content\":\"\(answer)\"}]}\n"
    }
    let path = try scratch.write(
      "items.jsonl",
      line("εξ ησ συ[1 letters missing]εστιν---", "ν")
        + line("και [4 letters missing] τησ", "του·α") + "{}\nno json\n"
        + line("και [1 letters missing]", "0") + line("nothing", "ν"))
    let items = try RestorationItem.published(path)
    #expect(items.map { TextLetters.text($0.truth) } == ["ν", "τουα"])
    #expect(items[0].gap.letters == 1...1 && TextLetters.text(items[0].gap.before) == "εξ ησ συ")
    #expect(TextLetters.text(items[0].gap.after) == "εστιν---")
    #expect(items[1].gap.beginsWord)
    #expect(throws: TextsError.self) { try RestorationItem.published(scratch.folder + "/nothing") }
  }
}

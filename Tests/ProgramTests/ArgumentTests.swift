import Testing
import Text

@testable import grapheion

private let sample = Command(
  name: "sample", summary: "", operands: "PATH...", count: 1...2,
  options: [Option("--json", nil, "as JSON"), Option("--workers", "N", "how many")], example: ""
) { _ in .done }

@Suite struct ArgumentTests {
  @Test func sortsOperandsAndOptions() throws {
    let arguments = try Arguments(["a", "--json", "--workers=3", "--", "--b"], for: sample)
    #expect(arguments.operands == ["a", "--b"])
    #expect(arguments.has("--json"))
    #expect(try arguments.int("--workers", in: 1...8) == 3)
  }

  @Test func namesTheNearestOption() {
    #expect {
      try Arguments(["a", "--wrokers", "3"], for: sample)
    } throws: { ($0 as? Failure)?.message.contains("Did you mean '--workers'?") == true }
  }

  @Test func refusesNumbersOutOfBounds() throws {
    let arguments = try Arguments(["a", "--workers", "99"], for: sample)
    #expect(throws: Failure.self) { try arguments.int("--workers", in: 1...8) }
  }

  @Test func refusesTooManyOperands() {
    #expect(throws: Failure.self) { try Arguments(["a", "b", "c"], for: sample) }
    #expect(throws: Failure.self) { try Arguments([], for: sample) }
  }

  @Test func everyCommandHasHelpWithAnExample() {
    for command in Command.all {
      let page = Help.page(command)
      #expect(page.contains("usage: grapheion"))
      #expect(page.contains("example:\n  ") && command.example.contains("grapheion"))
    }
    #expect(Set(Command.all.map(\.name)).count == Command.all.count)
  }

  @Test func unknownCommandNamesTheNearest() {
    #expect(Spelling.nearest(to: "transcibe", among: ["transcribe", "train"]) == "transcribe")
    #expect(Spelling.nearest(to: "xyzzy", among: ["transcribe", "train"]) == nil)
  }
}

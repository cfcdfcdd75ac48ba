import Testing

@testable import grapheion

@Suite struct CommandLineTests {
  @Test func overviewNamesEveryCommand() throws {
    let outcome = try BuiltProgram.run("--help")
    #expect(outcome.status == 0)
    for command in Command.all { #expect(outcome.output.contains("  \(command.name)")) }
  }

  @Test(arguments: Command.all.map(\.name))
  func eachCommandExplainsItself(name: String) throws {
    let outcome = try BuiltProgram.run(name, "--help")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("usage: grapheion"))
    #expect(outcome.output.contains("example:"))
  }

  @Test func unknownWordsAreWrongUse() throws {
    let outcome = try BuiltProgram.run("transcibe")
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("grapheion: 'transcibe' is neither a command nor a corpus"))
  }

  @Test func unknownOptionNamesTheNearest() throws {
    let outcome = try BuiltProgram.run("bench", "--jsn")
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("unknown option '--jsn'"))
  }
}

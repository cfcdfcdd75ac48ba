import Foundation
import Testing

@testable import grapheion

/// What is made for man and for shells names every command and every option, and the shells take it.
@Suite struct ManualTests {
  @Test(arguments: ["man", "bash", "zsh", "fish"]) func everythingIsNamed(_ kind: String) throws {
    let outcome = try BuiltProgram.run("manual", kind)
    #expect(outcome.status == 0)
    let text = outcome.output.replacing("\\-", with: "-")
    for command in Command.all {
      #expect(text.contains(command.name), "\(command.name)")
      for option in command.options {
        #expect(text.contains(kind == "fish" ? "-l \(option.name.dropFirst(2))" : option.name), "\(option.name)")
      }
    }
    #expect(try BuiltProgram.run("manual", "tcsh").status == 2)
  }

  /// Bash reads its completions without a word, and they complete.
  @Test func bashCompletes() throws {
    let script = """
      eval "$(cat)"
      COMP_WORDS=(grapheion sea); COMP_CWORD=1; _grapheion; echo "${COMPREPLY[*]}"
      COMP_WORDS=(grapheion search --js); COMP_CWORD=2; _grapheion; echo "${COMPREPLY[*]}"
      COMP_WORDS=(grapheion export c --format te); COMP_CWORD=4; _grapheion; echo "${COMPREPLY[*]}"
      """
    let bash = Process()
    bash.executableURL = URL(fileURLWithPath: "/bin/bash")
    bash.arguments = ["--norc", "-c", script]
    let (input, output) = (Pipe(), Pipe())
    (bash.standardInput, bash.standardOutput, bash.standardError) = (input, output, output)
    try bash.run()
    input.fileHandleForWriting.write(Data(Completions.bash(Command.all).utf8))
    try input.fileHandleForWriting.close()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    bash.waitUntilExit()
    #expect(said == "search\n--json\ntext\n")
  }
}

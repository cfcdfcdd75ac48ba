import Glibc
import Platform
import Text

@main
struct Main {
  static func main() {
    ProcessStart.ensure()
    var status = Program.run(Array(ProcessStart.arguments.dropFirst()))
    // What could not be written was not said: a full disk behind standard output is an error of every command.
    let failure = Console.flush()
    if failure != 0 {
      let error = SystemError(call: "write", path: "standard output", errno: failure)
      Console.error("standard output could not be written: \(error.reason)")
      if status == .done || status == .someFailed { status = .unreadable }
    }
    exit(status.rawValue)
  }
}

/// From the words of the command line to an exit status.
enum Program {
  static func run(_ words: [String]) -> ExitStatus {
    do {
      return try dispatch(words)
    } catch let failure as Failure {
      Console.error(failure.message)
      return failure.status
    } catch {
      let failure = Failure(wording: error)
      Console.error(failure.message)
      return failure.status
    }
  }

  private static func dispatch(_ words: [String]) throws -> ExitStatus {
    guard let first = words.first else { return try run(openCommand, []) }
    switch first {
    case "--help", "-h", "help":
      guard words.count > 1 else {
        Console.print(Help.overview(Command.all))
        return .done
      }
      guard let command = Command.named(words[1]) else { throw unknown(words[1]) }
      Console.print(Help.page(command))
      return .done
    case "--version":
      Console.print("grapheion \(Installation.version)")
      return .done
    default:
      if let command = Command.named(first) { return try run(command, Array(words.dropFirst())) }
      if first.hasPrefix("-") || first.contains("/") || Files.exists(first) {
        return try run(openCommand, words)
      }
      throw unknown(first)
    }
  }

  private static func run(_ command: Command, _ words: [String]) throws -> ExitStatus {
    if words.contains("--help") || words.contains("-h") {
      Console.print(Help.page(command))
      return .done
    }
    return try command.run(try Arguments(words, for: command))
  }

  private static func unknown(_ word: String) -> Failure {
    let names = Command.all.map(\.name)
    let nearest = Spelling.nearest(to: word, among: names).map { " Did you mean '\($0)'?" } ?? ""
    return Failure(
      .usage, "'\(word)' is neither a command nor a corpus here.\(nearest) 'grapheion --help' lists the commands.")
  }
}

import Text

/// How the program ends; scripts rely on these numbers.
enum ExitStatus: Int32 {
  case done = 0
  /// Some documents failed; each was named, the rest is done.
  case someFailed = 1
  /// Wrong use: unknown options, missing arguments.
  case usage = 2
  /// The input cannot be read.
  case unreadable = 3
  /// The corpus is damaged.
  case damaged = 4
  /// Interrupted; what was done is kept.
  case interrupted = 130
}

/// An option of a command: a flag, or a name with a value.
struct Option {
  let name: String
  /// What stands for the value in the help, `N` or `DIR`; nil for a flag.
  let value: String?
  let help: String
  /// All values there are, for shells to offer; empty where it is any file, number or text.
  let choices: [String]

  init(_ name: String, _ value: String? = nil, _ help: String, choices: [String] = []) {
    self.name = name
    self.value = value
    self.help = help
    self.choices = choices
  }
}

/// One subcommand. The table `Command.all` drives dispatch, help and the nearest-name hints.
struct Command {
  let name: String
  /// One line for the overview.
  let summary: String
  /// What follows the command's name: `CORPUS PATH...`.
  let operands: String
  /// How many operands are allowed.
  let count: ClosedRange<Int>
  let options: [Option]
  /// A whole line to type.
  let example: String
  /// Runs the command; errors are worded and turned into a status by `Program`.
  let run: @Sendable (Arguments) throws -> ExitStatus

  static func named(_ name: String) -> Command? { (all + inner).first { $0.name == name } }
}

/// The words of a command line, sorted into operands and options.
struct Arguments {
  let command: String
  private(set) var operands: [String] = []
  private var values: [String: [String]] = [:]

  /// Sorts `words` by the options that `command` knows. `--name value`, `--name=value` and `--` are understood.
  init(_ words: [String], for command: Command) throws(Failure) {
    self.command = command.name
    var rest = words[...]
    var optionsEnded = false
    while let word = rest.popFirst() {
      if optionsEnded || !word.hasPrefix("-") || word == "-" {
        operands.append(word)
        continue
      }
      if word == "--" {
        optionsEnded = true
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let option = command.options.first(where: { $0.name == parts[0] }) else {
        let nearest = Spelling.nearest(to: parts[0], among: command.options.map(\.name))
        throw Failure(
          .usage,
          "\(command.name): unknown option '\(parts[0])'."
            + (nearest.map { " Did you mean '\($0)'?" } ?? " 'grapheion \(command.name) --help' lists them."))
      }
      if let placeholder = option.value {
        let value: String
        if parts.count == 2 {
          value = parts[1]
        } else if let next = rest.popFirst() {
          value = next
        } else {
          throw Failure(.usage, "\(command.name): \(option.name) needs a value: \(option.name) \(placeholder)")
        }
        values[option.name, default: []].append(value)
      } else {
        guard parts.count == 1 else { throw Failure(.usage, "\(command.name): \(option.name) takes no value.") }
        values[option.name, default: []].append("")
      }
    }
    guard command.count.contains(operands.count) else {
      throw Failure(
        .usage,
        "usage: grapheion \(command.name) \(command.operands)\n'grapheion \(command.name) --help' tells more.")
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  /// The last value given for an option.
  func value(_ name: String) -> String? { values[name]?.last }

  /// All values given for an option, in order.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  func require(_ name: String) throws(Failure) -> String {
    guard let value = value(name) else { throw Failure(.usage, "\(command): \(name) is missing.") }
    return value
  }

  /// A whole number within bounds.
  func int(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw Failure(
        .usage,
        "\(command): \(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'.")
    }
    return number
  }

  /// A number within bounds.
  func double(_ name: String, in range: ClosedRange<Double>) throws(Failure) -> Double? {
    guard let text = value(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw Failure(
        .usage, "\(command): \(name) must be a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'.")
    }
    return number
  }
}

/// An error worded for people, with the status the program ends with.
struct Failure: Error, CustomStringConvertible {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// Where the workbench shows it.
  var description: String { message }
}

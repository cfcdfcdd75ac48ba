/// `grapheion manual`: the man page and the shells' completions, made from the command table as the help is.
let manualCommand = Command(
  name: "manual",
  summary: "Print the man page, or completions for a shell",
  operands: "[man|bash|zsh|fish]",
  count: 0...1,
  options: [],
  example: "grapheion manual bash > ~/.local/share/bash-completion/completions/grapheion"
) { arguments in
  switch arguments.operands.first ?? "man" {
  case "man": Console.data(ManPage.text(Command.all))
  case "bash": Console.data(Completions.bash(Command.all))
  case "zsh": Console.data(Completions.zsh(Command.all))
  case "fish": Console.data(Completions.fish(Command.all))
  case let other: throw Failure(.usage, "manual: there is no '\(other)'; there are man, bash, zsh and fish.")
  }
  return .done
}

/// The page for man(1), in roff.
enum ManPage {
  static func text(_ commands: [Command]) -> String {
    var out = [".TH GRAPHEION 1", ".SH NAME", "grapheion \\- a workbench for papyrologists", ".SH SYNOPSIS"]
    out += [".B grapheion", "[CORPUS]", ".br", ".B grapheion", "COMMAND ...", ".SH DESCRIPTION"]
    out += ["Opens CORPUS (the sample corpus without one) in the terminal, or does what COMMAND says.", ".SH COMMANDS"]
    for command in commands {
      out += [".SS \(escaped(command.name)) \(escaped(command.operands))", escaped(command.summary) + "."]
      for option in command.options {
        out += [".TP", ".B \(escaped(option.name))" + (option.value.map { " \\fI\(escaped($0))\\fR" } ?? "")]
        out.append(escaped(option.help))
      }
      out +=
        [".PP", "Example:", ".PP", ".EX"] + command.example.split(separator: "\n").map { escaped(String($0)) } + [".EE"]
    }
    out += [".SH EXIT STATUS", "0 done; 1 some documents failed; 2 wrong use; 3 the input cannot be read;"]
    out.append("4 the corpus is damaged; 130 interrupted, and what was done is kept.")
    return out.joined(separator: "\n")
  }

  /// What roff would take for its own: backslashes, hyphens, and points and quotes at the start of a line.
  private static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return plain.first.map { ".'".contains($0) } == true ? "\\&" + plain : plain
  }
}

/// What shells offer behind `grapheion`: commands, then the command's options; files everywhere else.
enum Completions {
  static func bash(_ commands: [Command]) -> String {
    let names = commands.map(\.name).joined(separator: " ")
    let cases = commands.map { command in
      "    \(command.name)) words=\"\((command.options.map(\.name) + ["--help"]).joined(separator: " "))\" ;;"
    }
    let choices = commands.flatMap { command in
      command.options.filter { !$0.choices.isEmpty }.map {
        "    '\(command.name) \($0.name)') values=\"\($0.choices.joined(separator: " "))\" ;;"
      }
    }
    return """
      # bash completion for grapheion, made by 'grapheion manual bash'
      _grapheion() {
        local word=${COMP_WORDS[COMP_CWORD]} words="" values=""
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(names) --help --version" -- "$word") $(compgen -d -- "$word"))
          return
        fi
        case ${COMP_WORDS[1]} in
      \(cases.joined(separator: "\n"))
        esac
        case "${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD-1]}" in
      \(choices.joined(separator: "\n"))
        esac
        if [ -n "$values" ]; then
          COMPREPLY=($(compgen -W "$values" -- "$word"))
          return
        fi
        case $word in
          -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
          *) COMPREPLY=($(compgen -f -- "$word")) ;;
        esac
      }
      complete -o filenames -F _grapheion grapheion
      """
  }

  static func zsh(_ commands: [Command]) -> String {
    func quoted(_ text: String) -> String {
      text.replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]").replacing(
        ":", with: "\\:")
    }
    let names = commands.map { "    '\($0.name):\(quoted($0.summary))'" }.joined(separator: "\n")
    let cases = commands.map { command in
      let options = command.options.map { option in
        "'\(option.name)[\(quoted(option.help))]"
          + (option.value.map {
            ":\(quoted($0)):" + (option.choices.isEmpty ? "_files" : "(\(option.choices.joined(separator: " ")))")
          } ?? "") + "'"
      }
      return "    \(command.name)) _arguments \(options.joined(separator: " ")) '*:file:_files' ;;"
    }
    return """
      #compdef grapheion
      # zsh completion for grapheion, made by 'grapheion manual zsh'
      _grapheion() {
        local -a commands
        commands=(
      \(names)
        )
        if (( CURRENT == 2 )); then
          _describe command commands
          _files -/
          return
        fi
        local command=$words[2]
        shift words
        (( CURRENT-- ))
        case $command in
      \(cases.joined(separator: "\n"))
        esac
      }
      _grapheion "$@"
      """
  }

  static func fish(_ commands: [Command]) -> String {
    func quoted(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") }
    var out = ["# fish completion for grapheion, made by 'grapheion manual fish'"]
    for command in commands {
      out.append(
        "complete -c grapheion -n __fish_use_subcommand -a \(command.name) -d '\(quoted(command.summary))'")
      for option in command.options {
        let value =
          option.value == nil
          ? "" : option.choices.isEmpty ? " -r" : " -x -a '\(option.choices.joined(separator: " "))'"
        out.append(
          "complete -c grapheion -n '__fish_seen_subcommand_from \(command.name)' -l \(option.name.dropFirst(2))\(value) -d '\(quoted(option.help))'"
        )
      }
    }
    return out.joined(separator: "\n")
  }
}

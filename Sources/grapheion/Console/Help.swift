/// Words the help from the command table.
enum Help {
  static func overview(_ commands: [Command]) -> String {
    let width = commands.map(\.name.count).max() ?? 0
    let rows = commands.map { "  " + pad($0.name, width) + "  " + $0.summary }
    return """
      Grapheion: a workbench for papyrologists. Opens CORPUS (the sample corpus without one).

      usage: grapheion [CORPUS]
             grapheion COMMAND ...

      \(rows.joined(separator: "\n"))

      'grapheion COMMAND --help' tells more about one.
      """
  }

  static func page(_ command: Command) -> String {
    let name = command.name == "open" ? "grapheion" : "grapheion \(command.name)"
    var text = "\(command.summary)\n\nusage: \(name) \(command.operands)\n"
    if !command.options.isEmpty {
      let heads = command.options.map { $0.name + ($0.value.map { " " + $0 } ?? "") }
      let width = heads.map(\.count).max() ?? 0
      text += "\n" + zip(heads, command.options).map { "  \(pad($0, width))  \($1.help)\n" }.joined()
    }
    return text + "\nexample:\n  \(command.example)"
  }

  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

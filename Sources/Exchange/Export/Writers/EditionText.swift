import Leiden

/// The text of a whole fragment as an editor would type it: sides and columns, lines numbered within them, what nobody has transcribed said.
struct EditionText {
  /// A column of writing on one side.
  struct Column {
    /// `r`, `v`, or the number of the photograph; nil where there is one only.
    var side: String?
    /// Roman; nil where there is one only.
    var number: String?
    /// Leiden+ of each line; nil where nobody has transcribed it.
    var lines: [(leiden: String?, id: String)]
  }

  let columns: [Column]

  init(_ fragment: ExportedFragment) {
    let texts = Dictionary(fragment.lines.map { ($0.region.id, $0.leiden) }, uniquingKeysWith: { one, _ in one })
    let photographs = fragment.fragment.photographs
    let used = photographs.indices.filter { index in fragment.lines.contains { $0.region.photograph == index } }
    var columns: [Column] = []
    for index in used {
      var side: String?
      if used.count > 1 {
        switch photographs[index].side?.lowercased() {
        case "recto"?, "r"?: side = "r"
        case "verso"?, "v"?: side = "v"
        default: side = String(index + 1)
        }
      }
      let states = fragment.states(on: index)
      var groups: [[(String?, String)]] = []
      for (place, state) in states.enumerated() {
        let line = (texts[state.region.id], state.region.id)
        if place > 0, states[place - 1].region.column == state.region.column {
          groups[groups.count - 1].append(line)
        } else {
          groups.append([line])
        }
      }
      let written = groups.filter { group in group.contains { $0.0 != nil } }
      for (number, group) in written.enumerated() {
        columns.append(
          Column(
            side: side, number: written.count > 1 ? Self.roman(number + 1) : nil,
            lines: group.map { (leiden: $0.0, id: $0.1) }))
      }
    }
    self.columns = columns
  }

  /// The whole in Leiden+, ready for an editor that knows it.
  var leiden: String {
    var out = "<S=.grc"
    var side: String?
    for column in columns {
      if column.side != side {
        if side != nil { out += "=D>" }
        if let own = column.side { out += "<D=.\(own)" }
        side = column.side
      }
      if let number = column.number { out += "<D=.\(number.lowercased()).column" }
      out += "<=\n"
      var untranscribed = 0
      func skip() {
        if untranscribed > 0 { out += "(Lines: \(untranscribed) non transcribed)\n" }
        untranscribed = 0
      }
      for (index, line) in column.lines.enumerated() {
        guard let text = line.leiden else {
          untranscribed += 1
          continue
        }
        skip()
        out += "\(index + 1). \(text)\n"
      }
      skip()
      out += "=>"
      if column.number != nil { out += "=D>" }
    }
    if side != nil { out += "=D>" }
    return out
  }

  static func roman(_ number: Int) -> String {
    var (rest, out) = (number, "")
    for (value, letters) in [
      (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ] {
      while rest >= value {
        out += letters
        rest -= value
      }
    }
    return out
  }
}

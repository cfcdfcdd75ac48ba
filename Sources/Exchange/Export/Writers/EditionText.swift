import Corpus
import Leiden

/// The text of a whole fragment as an editor would type it: sides and columns, lines numbered within them, what nobody has transcribed said.
struct EditionText {
  /// A column of writing on one side.
  struct Column {
    /// `r`, `v`, or the number of the photograph; nil where there is one only.
    var side: String?
    /// Roman; nil where there is one only.
    var number: String?
    /// Leiden+ of each line, nil where nobody has transcribed it; what it is called, and its id.
    var lines: [(leiden: String?, number: String, id: String)]
  }

  let columns: [Column]

  init(_ fragment: ExportedFragment) {
    let texts = Dictionary(fragment.lines.map { ($0.region.id, $0.leiden) }, uniquingKeysWith: { one, _ in one })
    var columns: [Column] = []
    for (state, name) in zip(
      fragment.states, LineNumber.all(of: fragment.states.map(\.region), on: fragment.fragment.photographs))
    {
      let number = name.column?.uppercased()
      if columns.last.map({ $0.side != name.side || $0.number != number }) ?? true {
        columns.append(Column(side: name.side, number: number, lines: []))
      }
      let id = state.region.id
      columns[columns.count - 1].lines.append((leiden: texts[id], number: name.line, id: id))
    }
    self.columns = columns.filter { column in column.lines.contains { $0.leiden != nil } }
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
      for line in column.lines {
        guard let text = line.leiden else {
          untranscribed += 1
          continue
        }
        skip()
        out += "\(line.number). \(text)\n"
      }
      skip()
      out += "=>"
      if column.number != nil { out += "=D>" }
    }
    if side != nil { out += "=D>" }
    return out
  }
}

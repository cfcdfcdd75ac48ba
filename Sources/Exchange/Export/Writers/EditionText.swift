import Corpus
import Leiden

/// The text of a whole fragment as an editor would type it: sides and columns, lines numbered within them, what nobody has transcribed said.
struct EditionText {
  /// A column of writing on one side.
  struct Column {
    /// `r`, `v`, or the number of the photograph; nil where there is one only.
    var side: String?
    /// Roman; nil where there is one only, and for a margin.
    var number: String?
    var isMargin: Bool
    /// Leiden+ of each line, nil where nobody has transcribed it; what it is called, its id, and the hand that wrote it.
    var lines: [(leiden: String?, number: String, id: String, hand: Int)]
  }

  let columns: [Column]

  init(_ fragment: ExportedFragment) {
    let texts = Dictionary(fragment.lines.map { ($0.region.id, $0.leiden) }, uniquingKeysWith: { one, _ in one })
    var columns: [Column] = []
    for (state, name) in zip(
      fragment.states, LineNumber.all(of: fragment.states.map(\.region), on: fragment.fragment.photographs))
    {
      let isMargin = name.column == LineNumber.margin
      let number = isMargin ? nil : name.column?.uppercased()
      if columns.last.map({ $0.side != name.side || $0.number != number || $0.isMargin != isMargin }) ?? true {
        columns.append(Column(side: name.side, number: number, isMargin: isMargin, lines: []))
      }
      let id = state.region.id
      columns[columns.count - 1].lines.append(
        (leiden: texts[id], number: name.line, id: id, hand: state.region.hand ?? 1))
    }
    self.columns = columns.filter { column in column.lines.contains { $0.leiden != nil } }
  }

  private static func endsInHyphen(_ leiden: String) -> Bool {
    guard let last = leiden.last, last == "-" || last == "\u{2010}" || last == "\u{AD}" else { return false }
    return leiden.dropLast().last.map { $0.isLetter || $0 == "]" || $0 == ")" } ?? false
  }

  /// The whole in Leiden+, ready for an editor that knows it.
  var leiden: String {
    var out = "<S=.grc"
    var side: String?
    var hand = 1
    for column in columns {
      var isJoined = false
      if column.side != side {
        if side != nil { out += "=D>" }
        if let own = column.side { out += "<D=.\(own)" }
        side = column.side
      }
      if let number = column.number { out += "<D=.\(number.lowercased()).column" }
      if column.isMargin { out += "<D=.\(LineNumber.margin).margin" }
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
        // A hyphen at the end says that the word goes on: in Leiden+ the next line says so.
        let next = column.lines.dropFirst(index + 1).first
        let goesOn = next?.leiden != nil && Self.endsInHyphen(text)
        // Who types a hand's sign himself has said it.
        let shift = line.hand != hand && !text.hasPrefix("$m") ? "$m\(line.hand) " : ""
        hand = line.hand
        out += "\(line.number).\(isJoined ? "-" : "") \(shift)\(goesOn ? String(text.dropLast()) : text)\n"
        isJoined = goesOn
      }
      skip()
      out += "=>"
      if column.number != nil || column.isMargin { out += "=D>" }
    }
    if side != nil { out += "=D>" }
    return out
  }
}

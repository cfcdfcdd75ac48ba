import Terminal

extension WorkbenchCommand {
  private static func drawing(
    _ name: String, _ keys: [String], _ group: String, _ help: String, hint: String? = nil,
    _ act: @escaping @Sendable (inout Workspace) -> [Effect]
  ) -> WorkbenchCommand {
    WorkbenchCommand(name, keys, in: [.drawing], group, help, hint: hint) { space, _ in act(&space) }
  }

  /// Lines by hand: each key is one step, recorded, read again, and taken back by `u`.
  static let drawingCommands: [WorkbenchCommand] = [
    drawing("pen-left", ["h", "Left"], "Pen", "left") { $0.movePen(x: -1, y: 0) },
    drawing("pen-down", ["j", "Down"], "Pen", "down") { $0.movePen(x: 0, y: 1) },
    drawing("pen-up", ["k", "Up"], "Pen", "up") { $0.movePen(x: 0, y: -1) },
    drawing("pen-right", ["l", "Right"], "Pen", "right") { $0.movePen(x: 1, y: 0) },
    drawing("pen-far-left", ["Ctrl-Left"], "Pen", "eight cells left") { $0.movePen(x: -8, y: 0) },
    drawing("pen-far-down", ["Ctrl-Down"], "Pen", "four cells down") { $0.movePen(x: 0, y: 4) },
    drawing("pen-far-up", ["Ctrl-Up"], "Pen", "four cells up") { $0.movePen(x: 0, y: -4) },
    drawing("pen-far-right", ["Ctrl-Right"], "Pen", "eight cells right") { $0.movePen(x: 8, y: 0) },
    drawing("pen-next-line", ["Tab", "n"], "Pen", "to the next line") { $0.penToLine(by: 1) },
    drawing("pen-previous-line", ["Shift-Tab", "N"], "Pen", "to the line before") { $0.penToLine(by: -1) },
    drawing("line-here", ["c"], "Pen", "the line at the pen becomes the current one") { $0.takeLineAtPen() },

    drawing("new-line", ["Enter", "Space"], "Lines", "a new line from here; again: to here", hint: "draw") {
      $0.drawLine()
    },
    drawing("line-up", ["K", "Shift-Up"], "Lines", "the line a little up", hint: "move") { $0.moveLine(x: 0, y: -1) },
    drawing("line-down", ["J", "Shift-Down"], "Lines", "a little down") { $0.moveLine(x: 0, y: 1) },
    drawing("line-left", ["H", "Shift-Left"], "Lines", "a little left") { $0.moveLine(x: -2, y: 0) },
    drawing("line-right", ["L", "Shift-Right"], "Lines", "a little right") { $0.moveLine(x: 2, y: 0) },
    drawing("bend-up", ["Alt-k", "Alt-Up"], "Lines", "bend it up beside the pen") { $0.bendLine(-1) },
    drawing("bend-down", ["Alt-j", "Alt-Down"], "Lines", "bend it down beside the pen") { $0.bendLine(1) },
    drawing("line-begins", ["<"], "Lines", "the line begins beside the pen") { $0.endLine(atStart: true) },
    drawing("line-ends", [">"], "Lines", "it ends beside the pen") { $0.endLine(atStart: false) },
    drawing("line-to-ink", ["i"], "Lines", "lay it on the ink under it") { $0.snapLine() },
    drawing("cut-line", ["s"], "Lines", "cut it in two beside the pen", hint: "cut") { $0.cutLine() },
    drawing("join-line", ["m"], "Lines", "join it with the next line", hint: "join") { $0.joinLine() },
    drawing("turn-line", ["t"], "Lines", "turn it: it is read from its other end") { $0.turnLine() },
    drawing("delete-line", ["d", "Del"], "Lines", "here is no line", hint: "delete") { $0.deleteLine() },
    drawing("read-line", ["r"], "Lines", "have it read again") { $0.readLine() },

    drawing(
      "cut-column", ["|"], "Order", "cut every line of this column beside the pen: what is right of it is a column",
      hint: "column"
    ) { $0.cutColumn() },
    drawing("column-begins", ["]"], "Order", "a column begins with this line") { $0.beginColumn() },
    drawing("column-goes-on", ["["], "Order", "this line's column goes on the one before") { $0.continueColumn() },
    drawing("line-earlier", ["{"], "Order", "one place earlier") { $0.reorderLine(by: -1) },
    drawing("line-later", ["}"], "Order", "one place later") { $0.reorderLine(by: 1) },
    drawing(
      "line-part", ["p"], "Order",
      "from here down its column stands on the recto, the verso, in the margin; again: the next"
    ) { $0.nextPart() },
    drawing("line-hand", ["M"], "Order", "from here down its column another hand writes; after the ninth the first") {
      $0.nextHand()
    },
    drawing("number-line", ["#"], "Order", "what the line is called: 5, 5a; those below count on", hint: "number") {
      $0.askNumber()
    },
    WorkbenchCommand("number-done", ["Enter"], in: [.numbering], "Order", "keep it; empty: counted again", hint: "keep")
    { space, _ in
      space.setNumber()
    },
    drawing("stop-drawing", ["q", "Esc"], "Everywhere", "back to the text; drops a line half drawn", hint: "back") {
      $0.stopDrawing()
    },
  ]
}

import Text

/// `docs/keys.md`, made from the command table; a test keeps the two alike.
enum KeyReference {
  static let markdown: String = {
    var text = """
      # Keys of the workbench

      Made from the table that drives the keys; `?` (in the editor `F1`) shows the same for where you are. The mouse works where the
      terminal has one: a click marks, a second one opens, the wheel zooms the photograph and scrolls lists, dragging moves the photograph.


      """
    for (view, title) in [
      (ViewKind.corpus, "Corpus view"), (.filter, "Filter line"), (.jump, "Jump line"), (.search, "Search line"),
      (.found, "Lines found"), (.queue, "Queue"), (.fragment, "Fragment view"), (.asking, "Asking about a line"),
      (.editor, "Editing a line"), (.drawing, "Drawing lines"), (.numbering, "A line's number"),
      (.remarking, "A remark on a line"), (.metadata, "What is known of a fragment"),
      (.describing, "A thing that is known of a fragment"), (.kept, "What was kept"), (.history, "A line's past"),
      (.consulting, "What the known texts say"),
      (.palette, "Commands by their words"), (.help, "Help"),
    ] {
      text += "## \(title)\n\n| keys | what they do |\n|---|---|\n"
      for (keys, help) in HelpView.lines(for: view, .standard) {
        if keys.isEmpty {
          text += "| **\(help)** | |\n"
        } else {
          let words = keys.split(separator: " ").map { "`\($0.replacing("|", with: "\\|"))`" }
          text += "| \(words.joined(separator: " ")) | \(help) |\n"
        }
      }
      text += "\n"
    }
    return text + beta
  }()

  private static let beta = """
    ## Beta Code as you type

    `a b g d e z h q i k l m n c o p r s t u f x y w` are αβγδεζηθικλμνξοπρστυφχψω, `v` is ϝ; Shift or `*` makes capitals. `)` and `(`
    are breathings, `/` `\\` `=` accents, `+` diaeresis, `|` iota subscript, `?` underdot: `a)/nqrwpos` is ἄνθρωπος. Sigma takes its final form by
    itself. A mark joins only a letter that can carry it there; elsewhere the sign stands for itself, so `[`, `(`, `)` and `?` mostly are what
    Leiden+ needs. The same sign twice takes the mark off again and types the sign: `w||` is `ω|`. `Ctrl-V` types the next key as it is, `Ctrl-T`
    turns Beta Code off (for `vac.3`, `lost.2lin`). Greek from a Greek keyboard always works.

    """
}

import Terminal
import Testing

@testable import Workbench

private func typed(_ keys: String, into text: String = "", beta: Bool = true) -> String {
  var editor = LineEditor(text, isBeta: beta)
  for scalar in keys.unicodeScalars { editor.type(scalar) }
  return editor.text
}

@Suite struct EditorTests {
  @Test(arguments: [
    ("a)/nqrwpos", "ἄνθρωπος"), ("kai\\", "καὶ"), ("tw=|", "τῷ"), ("h(", "ἡ"), ("oi(", "οἱ"), ("ai)/tios", "αἴτιος"),
    ("r(htwr", "ῥητωρ"),
    ("proi+e/nai", "προϊέναι"), ("A)mmw/nios", "Ἀμμώνιος"), ("*)ammw/nios", "Ἀμμώνιος"), ("*a", "Α"), ("sos", "σος"),
    ("s[os]", "σ[ος]"),
    ("tous k", "τους κ"), ("a?b?", "α̣β̣"), ("a)/?n", "ἄ̣ν"), ("pro\\s", "πρὸς"), ("pro\\ste", "πρὸστε"),
    // Leiden+ needs these signs for itself.
    ("[.3]", "[.3]"), ("(str(athgo\\s))", "(στρ(ατηγὸς))"), ("((e)/tous))", "((ἔτους))"), ("k(ai\\)", "κ(αὶ)"),
    ("<#ib=12#>", "<#ιβ=12#>"), ("[kai\\(?)]", "[καὶ(?)]"), ("{kai\\}", "{καὶ}"),
    ("<:tw||reg|to:>", "<:τω|reg|το:>".replacing("reg", with: "ρεγ")),
    ("e)=", "ἐ="), ("b/", "β/"), ("o\\/", "ὸ/"), ("a))", "α)"), ("i++", "ι+"),
    // What is no Beta Code passes.
    ("ἄνθρωπος", "ἄνθρωπος"), ("12 .?", "12 .?"), ("1. ", "1. "),
  ])
  func betaCode(_ keys: String, _ text: String) {
    #expect(Array(typed(keys).unicodeScalars) == Array(text.unicodeScalars), "\(keys) became \(typed(keys))")
  }

  @Test func withoutBetaCodeKeysAreWhatTheyAre() { #expect(typed("a)/vac.3", beta: false) == "a)/vac.3") }

  @Test func literalOnce() {
    var editor = LineEditor("α", isBeta: true)
    editor.isLiteralNext = true
    for key in ")a".unicodeScalars { editor.type(key) }
    #expect(editor.text == "α)α")
  }

  @Test func marksTypedAloneJoinTheirLetter() {
    #expect(Array(typed("α\u{323}").unicodeScalars) == ["α", "\u{323}"])
    #expect(typed("α\u{313}\u{301}\u{323}", beta: false).count == 1)
    #expect(typed("\u{323}", beta: false).unicodeScalars.count == 1)
  }

  @Test func underdotsToggle() {
    var editor = LineEditor("και", isBeta: true)
    editor.toggleDot()
    #expect(editor.text == "και̣")
    editor.toggleDot()
    #expect(editor.text == "και")
    // The letter that an accent would join, wherever the cursor came from: none at the start.
    editor.move(.start)
    editor.toggleDot()
    #expect(editor.text == "και")
    editor.move(.right)
    editor.toggleDot()
    editor.move(.right)
    editor.toggleDot()
    #expect(editor.text == "κ\u{323}α\u{323}ι" && editor.cursor == 2)
    editor.move(.start, selecting: true)
    editor.toggleDot()
    #expect(editor.text == "και" && editor.selection == 0..<2)
    editor.move(.end)
    editor.type("n")
    editor.toggleDot()
    #expect(editor.text == "καιν̣")
    // Brackets and digits take none.
    var gap = LineEditor("[.3]", isBeta: true)
    gap.toggleDot()
    #expect(gap.text == "[.3]")
  }

  @Test func bracketsGoRoundTheSelection() {
    var editor = LineEditor("και του", isBeta: true)
    editor.move(.wordLeft, selecting: true)
    editor.type("[")
    #expect(editor.text == "και [του]" && editor.selection.isEmpty && editor.cursor == 9)
  }

  @Test func movesAndDeletesByLetter() {
    var editor = LineEditor("α̣β̣ γδ", isBeta: true)
    editor.move(.start)
    editor.move(.right)
    editor.backspace()
    #expect(editor.text == "β̣ γδ")
    editor.delete()
    #expect(editor.text == " γδ")
    editor.move(.end)
    editor.deleteWord()
    #expect(editor.text == " ")
    editor.undo()
    editor.undo()
    #expect(editor.text == "β̣ γδ")
    editor.move(.start)
    editor.deleteToEnd()
    #expect(editor.text.isEmpty && editor.undo() && editor.text == "β̣ γδ")
  }

  @Test func pastesWithoutControlCharacters() {
    var editor = LineEditor("αγ", isBeta: true)
    editor.move(.left)
    editor.insert("β\u{1B}[31m\n\u{323}x")
    #expect(editor.text == "αβ[31m \u{323}xγ" || editor.text == "αβ[31m ̣xγ")
    #expect(!editor.text.unicodeScalars.contains("\u{1B}"))
  }

  /// A whole edition pasted into a line is not swallowed without a word.
  @Test func aPasteThatIsTooLongIsTold() throws {
    let stage = try Stage(width: 80, height: 24)
    for key in ["Enter", "e"] { try stage.play(key) }
    let before = try #require(stage.workspace.desk?.editor).text
    stage.session.handle(.input(.paste(String(repeating: "α", count: LineEditor.longest + 1))))
    #expect(stage.workspace.desk?.editor?.text == before)
    #expect(stage.workspace.message?.text.contains("Nothing was pasted") == true)
  }

  /// Whatever is typed, cursor and selection stay within the letters, and undoing all changes leads back to the start.
  @Test func randomEditing() {
    var state: UInt64 = 11
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let keys = Array("abgdehiwrs)(/\\=+|?[]{}<>*.3 \u{323}\u{301}ἄ".unicodeScalars)
    for _ in 0..<60 {
      var editor = LineEditor("και̣ [.3] τ", isBeta: next(2) == 0)
      let start = editor.text
      for _ in 0..<80 {
        switch next(12) {
        case 0: editor.backspace()
        case 1: editor.delete()
        case 2: editor.move([.left, .right, .start, .end, .wordLeft, .wordRight][next(6)], selecting: next(2) == 0)
        case 3: editor.toggleDot()
        case 4: editor.deleteWord()
        case 5: editor.insert("ναὶ\u{323}")
        default: editor.type(keys[next(keys.count)])
        }
        #expect((0...editor.letters.count).contains(editor.cursor))
        #expect(editor.selection.upperBound <= editor.letters.count)
        #expect(Array(editor.text) == editor.letters, "letters are graphemes")
      }
      while editor.undo() {}
      #expect(editor.text == start)
    }
  }
}

/// One rule for all keys: what is typed after a letter goes to that letter.
@Suite struct DotRuleTests {
  @Test(arguments: [true, false]) func theDotGoesWhereAccentsGo(_ isBeta: Bool) {
    var editor = LineEditor("", isBeta: isBeta)
    for letter in isBeta ? ["t", "o", "s"] : ["τ", "ο", "ς"] {
      editor.type(Unicode.Scalar(letter)!)
      if letter != "s", letter != "ς" { editor.toggleDot() }
    }
    #expect(editor.text == "τ\u{323}ο\u{323}ς")
    editor.move(.left)
    editor.toggleDot()
    #expect(editor.text == "τ\u{323}ος")
  }
}

@Suite struct FragmentTextTests {
  private func text(_ change: (String) -> String) throws -> [String] {
    let stage = try Stage(width: 80, height: 24)
    try stage.play("Enter")
    try stage.play("1")
    let text = FragmentText(try #require(stage.workspace.desk))
    let (changes, stranger) = text.changes(in: change(text.text))
    return changes.map { "\($0.line) \($0.text)" } + (stranger.map { ["row \($0)"] } ?? [])
  }

  @Test func whatIsLeftAsItIsDecidesNothing() throws {
    #expect(try text { $0 } == [])
    #expect(try text { _ in "" } == [])
    #expect(try text { $0.replacingOccurrences(of: "\n", with: "\r\n") } == [])
  }

  @Test func whatIsChangedOrNoLongerAskedIsDecided() throws {
    #expect(try text { $0.replacingOccurrences(of: "?2.", with: "2.") } == ["1 τυβι κα ομολογει"])
    #expect(try text { $0.replacingOccurrences(of: "τυβι", with: "τυβις") } == ["1 τυβις κα ομολογει"])
    #expect(try text { $0.replacingOccurrences(of: "1. ετουσ", with: "1. ετους") } == ["0 ετους τρι\u{323}του"])
    // A line that was emptied is no decision, one that is nobody's is told.
    #expect(try text { $0.replacingOccurrences(of: "?2. τυβι κα ομολογει", with: "?2.") } == [])
    #expect(try text { $0 + "12. νυν\n" } == ["row 9"])
  }
}

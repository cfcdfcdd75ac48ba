import Terminal
import Testing
import Text

@testable import Workbench

@Suite struct SettingsTests {
  private static func troubles(_ text: String) -> [String] {
    do {
      _ = try Settings(text, path: "/s")
      return []
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  @Test func nothingSaidIsNothingChosen() throws {
    for text in ["", "\n\n", "# scholar = anna\n   # theme = dark\n"] {
      let settings = try Settings(text, path: "/s")
      #expect(settings.scholar == nil && settings.screen == ScreenWishes() && settings.sure == Theme.sure)
    }
  }

  @Test func whatIsSaidIsChosen() throws {
    let settings = try Settings(
      """
      scholar = Anna Kovács
        corpus=/home/anna/a = b
      model = apollo-reader
      editor = nvim -u 'my init'
      theme = contrast-light
      pictures = sixel
      blocks = quarter
      doubt = 75
      beta = off
      outlines = off
      colour.doubtful = #00aaff
      colour.marked = 33
      key.next-open-line = Ctrl-N F5
      """, path: "/s")
    #expect(settings.scholar == "Anna Kovács" && settings.corpus == "/home/anna/a = b")
    #expect(settings.screen.editor == "nvim -u 'my init'" && settings.screen.theme == "contrast-light")
    #expect(settings.screen.pictures == .sixel && settings.blocks == .quarter && settings.sure == 0.75)
    #expect(!settings.isBeta && !settings.showsOutlines)
    #expect(settings.screen.exchanged(221, asGround: false) == .rgb(0, 0xAA, 0xFF))
    #expect(settings.screen.exchanged(180, asGround: true) == .palette(33))
    #expect(settings.screen.exchanged(180, asGround: false) == nil)
    #expect(settings.keys.bound(to: Key("F5")!, in: .fragment)?.name == "next-open-line")
    #expect(settings.keys.bound(to: Key("n")!, in: .fragment) == nil)
  }

  /// Every line that is wrong is told, by its number and with the way out.
  @Test(arguments: [
    ("\nscholr = anna", "/s:2: there is no setting 'scholr'; did you mean 'scholar'?"),
    ("what is this", "/s:1: 'what is this' is no 'name = value'"),
    ("scholar =", "/s:1: 'scholar' has no value"),
    ("corpus = papyri", "/s:1: 'papyri' begins with neither / nor ~/"),
    ("doubt = 40", "/s:1: '40' is no whole number from 50 to 99"),
    ("theme = bright", "/s:1: 'bright' is none of light, dark, contrast, contrast-light, contrast-dark"),
    ("blocks = tiny", "/s:1: 'tiny' is none of half, quarter, sixth, fine, braille"),
    ("beta = yes", "/s:1: 'yes' is none of on, off"),
    ("colour.poor = 256", "/s:1: '256' is no colour: a number from 0 to 255, or #rrggbb"),
    ("colour.poor = #12345g", "/s:1: '#12345g' is no colour: a number from 0 to 255, or #rrggbb"),
    ("beta = on\nbeta = off", "/s:2: 'beta' stands in line 1 already"),
    ("key.nxt-open-line = F5", "/s:1: there is no command 'nxt-open-line'; did you mean 'key.next-open-line'?"),
    ("key.next-open-line = Hyper-N", "/s:1: 'Hyper-N' is no key; keys are called n, Ctrl-N, Alt-Left, PgDn, F5, Space"),
    ("key.take = F5", "/s:1: the keys of 'take' (1-9) stand for themselves"),
    ("key.next-open-line = F5 F5", "/s:1: 'F5' stands there twice"),
    ("key.backspace = a", "/s:1: 'a' is typed in 'Editing a line', where 'backspace' is a command"),
    (
      "key.reject = e",
      "/s:1: 'e' is the key of 'edit' (edit the text in place, from the marked candidate) in 'Fragment'; give that another with 'key.edit'"
    ),
    (
      "\u{1B}[31mred = 1",
      "/s:1: there is no setting '\(CleanText.line("\u{1B}[31mred"))'; 'grapheion settings' lists them"
    ),
  ])
  func whatIsWrongIsTold(_ text: String, _ words: String) {
    let told = Self.troubles(text)
    #expect(told == [words])
  }

  @Test func allThatIsWrongIsToldAtOnce() {
    #expect(Self.troubles("beta = 1\ncolour.x = 3\n\nkey.reject = e\nscholar = anna").count == 3)
  }

  /// Two commands may exchange their keys.
  @Test func keysAreExchanged() throws {
    let keys = try Settings("key.reject = e\nkey.edit = x i\n", path: "/s").keys
    #expect(keys.bound(to: Key("e")!, in: .fragment)?.name == "reject")
    #expect(keys.bound(to: Key("x")!, in: .fragment)?.name == "edit")
  }

  /// What `grapheion settings` prints is read again and says the same, chosen or not.
  @Test func theFileThatIsPrintedIsRead() throws {
    for text in [
      "", "scholar = anna\ndoubt = 80\nbeta = off\ncolour.bar = #102030\ncolour.note = 7\nkey.reject = F7 Alt-x\n",
    ] {
      let settings = try Settings(text, path: "/s")
      let again = try Settings(settings.file, path: "/s")
      #expect(again.file == settings.file && again.scholar == settings.scholar && again.sure == settings.sure)
      #expect(again.screen == settings.screen)
    }
    // Uncommented line by line, every key is one that may stand there.
    let file = Settings().file
    let keys = file.split(separator: "\n").filter { $0.hasPrefix("# key.") }.map { $0.dropFirst(2) }
    #expect(keys.count > 100)
    #expect(throws: Never.self) { try Settings(keys.joined(separator: "\n"), path: "/s") }
  }

  /// What was chosen is what the workbench does, and what its help says.
  @Test func theWorkbenchTakesWhatWasChosen() throws {
    let settings = try Settings(
      "key.edit = F4\ndoubt = 98\nbeta = off\noutlines = off\ntheme = light", path: "/s")
    let stage = try Stage(width: 110, height: 40, settings: settings)
    try stage.play("Enter")
    let outlined = try Stage(width: 110, height: 40)
    try outlined.play("Enter")
    #expect(stage.grid() != outlined.grid())
    #expect(!stage.text().contains("e edit") && stage.text().contains("F4 edit"))
    try stage.play("e")
    #expect(stage.workspace.view == .fragment)
    try stage.play("F4")
    #expect(stage.workspace.view == .editor && stage.workspace.desk?.editor?.isBeta == false)
    // Letters of 97 in a hundred are doubtful now: the first one is gone to.
    try stage.play("Esc")
    try stage.play("Alt-n")
    try stage.play("Alt-n")
    #expect(stage.workspace.desk?.editor?.cursor == 1)
    try stage.play("F1")
    #expect(!stage.text().contains("Beta Code typed"))
  }

  /// Views draw as ever; the screen exchanges what was chosen, last of all.
  @Test func coloursAreExchangedByWhatTheyMean() throws {
    for role in ColourRole.allCases {
      let settings = try Settings("colour.\(role.rawValue) = #336699", path: "/s")
      #expect(settings.screen.exchanged(role.drawn, asGround: role.isGround) == .rgb(0x33, 0x66, 0x99))
    }
    let drawn: [(ColourRole, Style)] = [
      (.quiet, Theme.quiet), (.heading, Theme.heading), (.note, Theme.note), (.doubtful, Theme.letter(0.8, sure: 0.9)),
      (.poor, Theme.letter(0.1, sure: 0.9)), (.taken, Theme.taken), (.edited, Theme.edited),
      (.rejected, Theme.rejected), (.bar, Theme.bar), (.marked, Theme.marked), (.selected, Theme.selected),
      (.failure, Theme.failure),
    ]
    #expect(Set(drawn.map(\.0)) == Set(ColourRole.allCases))
    for (role, style) in drawn {
      #expect((role.isGround ? style.background : style.foreground) == .palette(role.drawn), "\(role)")
    }
  }
}

import Foundation
import Terminal
import Testing

@testable import Workbench

@Suite struct CommandTableTests {
  @Test func namesAreUnique() {
    let names = WorkbenchCommand.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func noKeyMeansTwoThingsInOneView() {
    for view in ViewKind.allCases {
      var seen: [Key: String] = [:]
      for command in KeyTable.standard.of(view) {
        for key in command.keys {
          #expect(seen[key] == nil, "\(key) in \(view): \(seen[key] ?? "") and \(command.name)")
          seen[key] = command.name
        }
      }
    }
  }

  @Test func everyViewHasHelpAndAWayOut() {
    for view in ViewKind.allCases {
      let commands = KeyTable.standard.of(view)
      #expect(commands.contains { $0.name.hasPrefix("help") })
      #expect(
        commands.contains {
          [
            "quit", "back", "cancel", "prompt-cancel", "leave-hits", "help-close", "stop-drawing", "history-close",
            "palette-cancel", "leave-queue", "metadata-close", "kept-close", "consulting-close",
          ].contains($0.name)
        })
      #expect(commands.allSatisfy { !$0.help.isEmpty && !$0.keyLabel.isEmpty })
      // The help shows every command that works there.
      #expect(HelpView.lines(for: view, .standard).count { !$0.keys.isEmpty } == commands.count)
    }
  }

  /// No key brings the workbench down, wherever it is pressed and whatever the window.
  @Test(arguments: [(80, 24), (44, 12), (20, 5), (200, 60)])
  func everyKeyEverywhereIsSurvived(_ width: Int, _ height: Int) throws {
    let stage = try Stage(width: width, height: height)
    let keys = Set(WorkbenchCommand.all.filter { $0.name != "suspend" }.flatMap(\.keys)).sorted {
      $0.description < $1.description
    }
    for prefix in [
      [], ["Enter"], ["Enter", "e"], ["Enter", "A"], ["f"], ["/"], ["/", "'και'", "Enter"], ["J"], [":"], ["?"], ["Q"],
      ["Q", "C"], ["m"], ["m", "e"],
    ] {
      for key in keys {
        for step in prefix { try stage.play(step) }
        stage.session.handle(.input(.key(key)))
        stage.expectSound()
        for _ in 0..<4 { try stage.play("Esc") }
      }
    }
  }

  /// A long walk of random keys, mouse events and sizes over both views.
  @Test func randomInputIsSurvived() throws {
    let stage = try Stage(width: 80, height: 24)
    var state: UInt64 = 3
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let keys = WorkbenchCommand.all.filter { $0.name != "suspend" }.flatMap(\.keys)
    let letters = Array("a)/nq[]().3?|{}<>* ".unicodeScalars)
    for _ in 0..<3000 {
      switch next(12) {
      case 0...6: stage.session.handle(.input(.key(keys[next(keys.count)])))
      case 7, 8: stage.session.handle(.input(.key(Key(.character(letters[next(letters.count)])))))
      case 9, 10:
        let kinds: [MouseEvent.Kind] = [.press, .release, .drag, .wheelUp, .wheelDown]
        stage.session.handle(.input(.mouse(MouseEvent(kinds[next(5)], x: next(100), y: next(40)))))
      default: stage.session.handle(.resized(Size(width: next(140), height: next(50))))
      }
      stage.expectSound()
    }
  }

  @Test func docsKeysIsTheTable() throws {
    let file = Transcript.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/keys.md")
    if Transcript.isRecording { try KeyReference.markdown.write(to: file, atomically: true, encoding: .utf8) }
    #expect(
      try String(contentsOf: file, encoding: .utf8) == KeyReference.markdown,
      "GRAPHEION_RECORD=1 writes docs/keys.md anew")
  }
}

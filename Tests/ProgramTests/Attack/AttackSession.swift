import Foundation
import Platform

/// A scholar at the attacked program's workbench, in a terminal of its own.
struct AttackSession {
  let terminal: PseudoTerminal
  /// Texts that the screen said are saved, in order.
  private(set) var saved: [String] = []

  init(_ corpus: String, environment: [String: String] = [:]) throws {
    let own = ["ASAN_OPTIONS": "exitcode=99:detect_leaks=0:verify_asan_link_order=0"].merging(environment) { $1 }
    terminal = try PseudoTerminal([corpus], program: Attack.program, environment: own)
  }

  /// How long something may take to come on the screen.
  static let patience = Attack.isSanitized ? 60.0 : 20.0

  /// Opens the fragment the list begins with, of two lines.
  func openFirst() throws {
    // The head, not the hints: a warning may stand in their place.
    try terminal.wait(for: " fragment", seconds: Self.patience)
    terminal.type("\r")
    try terminal.wait(for: "of 2", seconds: Self.patience)
  }

  /// Types a text into the first line and waits until the screen says that it is saved.
  mutating func decide(_ number: Int) throws {
    let word = Self.word(number)
    terminal.type("gE" + word.keys)
    try terminal.wait(for: word.text, seconds: Self.patience)
    terminal.type("\r")
    try wait(until: true)
    saved.append(word.text)
    terminal.type("g")
    try wait(until: false)
  }

  /// What the screen says when a decision is on the disk.
  private static let acknowledgements = ["Saved: line", "Saved, but", "Every line of this fragment"]

  /// Waits until one of them stands there, or none any more.
  private func wait(until isThere: Bool) throws {
    let end = Date().addingTimeInterval(Self.patience)
    while Date() < end {
      let text = terminal.emulator.text
      if Self.acknowledgements.contains(where: text.contains) == isThere { return }
      terminal.listen(seconds: 0.02)
    }
    throw PseudoTerminal.Failed(description: "a decision is not answered; the screen:\n\(terminal.emulator.text)")
  }

  /// A word for a number, as it is typed and as it is shown: no two alike.
  static func word(_ number: Int) -> (keys: String, text: String) {
    let digits = String(number).map { Int(String($0))! }
    let (keys, letters) = (Array("abgdezhqik"), Array("αβγδεζηθικ"))
    return ("l" + String(digits.map { keys[$0] }) + "n", "λ" + String(digits.map { letters[$0] }) + "ν")
  }

  /// Leaves by Ctrl-C. What was wrong with the end; nil for nothing.
  ///
  /// - Parameter mayDie: a signal may have ended it, as long as it gave the terminal back.
  func leave(mayDie: Bool = false, mayBeKilled: Bool = false) -> String? {
    let peak = terminal.peakMemory
    let end = Date().addingTimeInterval(3 * Self.patience)
    // By Esc first: an editor keeps what is typed from Ctrl-C, and right behind an Esc that is another key.
    while terminal.isAlive {
      guard Date() < end else { return "does not end" }
      terminal.type("\u{1B}")
      terminal.listen(seconds: 0.2)
      terminal.type("\u{3}")
      terminal.listen(seconds: 0.2)
    }
    guard let status = try? terminal.waitForEnd() else { return "does not end" }
    if status == -SIGKILL, mayBeKilled { return nil }
    if status < 0, !mayDie { return "signal \(-status)" }
    if status == 99 { return "the address sanitizer stopped it" }
    if status > 4, status != 130 { return "status \(status)" }
    if !terminal.isRestored { return "the terminal stays as it is (status \(status))" }
    if !Attack.isSanitized, peak > Attack.mostMemory { return "took \(peak >> 20) MB" }
    return nil
  }
}

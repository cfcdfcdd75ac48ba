import XML

// What printed editions put for what has no letters:
//
//   `.3`  ...        `.?`  - - -       `ca.3`  ca. 3       `.3-5`  3–5        `.3lin`  (traces of 3 lines)    `vestig`  (traces)
//   `[.3]` [...]     `[.?]` [- - -]    `[ca.3]` [ca. 3]    `[.3-5]` [3–5]     `lost.3lin` (3 lines lost)      `lost.?lin` - - - - - -
//   `<.2>` <..>      `vac.3` vac. 3    `vac.?` vac.        `(Lines: 3 non transcribed)` (3 lines not transcribed)
//   `$m2` (hand 2)   `*rho-cross*` ⳨   `*stauros*` †       other signs ((stroke))
//
// Up to 12 letters are printed as so many dots, more as their number.

/// Signs of printed editions.
struct PrintedSigns {
  let tree: MarkupTree
  private static let mostDots = 12

  /// A gap or an empty space.
  func gap(_ node: Int) -> String {
    let unit = tree.value(node, .unit).map { tree.string($0) } ?? "character"
    let isLetters = unit == "character"
    let amount = amount(node)
    if tree.is(node, .space) {
      let units = isLetters ? "" : " \(plural(unit, amount))"
      return amount.map { "vac. \($0)\(units)" } ?? "vac."
    }
    let isLost = tree.has(node, .reason, "lost")
    let isOmitted = tree.has(node, .reason, "omitted")
    if tree.has(node, .reason, "ellipsis") {
      let what = tree.children(node).first { tree.is($0, .desc) }.map { tree.joinedText($0) } ?? "non transcribed"
      let words = what == "non transcribed" ? "not transcribed" : "in \(what)"
      return "(\(amount.map { "\($0) " } ?? "")\(plural(unit, amount)) \(words))"
    }
    let isVestige = tree.children(node).contains { tree.is($0, .desc) }
    guard isLetters else {
      guard let amount else { return isLost ? "- - - - - -" : "(traces of \(unit)s)" }
      return isLost
        ? "(\(amount) \(plural(unit, amount)) lost)" : "(traces of \(amount) \(plural(unit, amount)))"
    }
    if isVestige { return amount.map { "(traces of \($0) letters)" } ?? "(traces)" }
    let letters = amount.map { amount in
      Int(amount).flatMap { (0...Self.mostDots).contains($0) ? String(repeating: ".", count: $0) : nil } ?? amount
    }
    // Nothing is lost before the edge: the place is told in an edition, and has no sign in print.
    if letters?.isEmpty == true { return "" }
    // Nothing is lost before the edge: the place is told in an edition, and has no sign in print.
    if letters?.isEmpty == true { return "" }
    if isOmitted { return "<\(letters ?? "- - -")>" }
    return isLost ? "[\(letters ?? "- - -")]" : letters ?? "- - -"
  }

  /// `3`, `ca. 3`, `3–5`; nil where nobody knows.
  private func amount(_ node: Int) -> String? {
    let about = tree.has(node, .precision, "low") ? "ca. " : ""
    if let quantity = tree.value(node, .quantity) { return about + tree.string(quantity) }
    if let least = tree.value(node, .atLeast), let most = tree.value(node, .atMost) {
      return about + "\(tree.string(least))–\(tree.string(most))"
    }
    return nil
  }

  private func plural(_ unit: String, _ amount: String?) -> String {
    (unit == "character" ? "letter" : unit) + (amount == "1" ? "" : "s")
  }

  /// `(hand 2) `.
  func hand(_ node: Int) -> String {
    guard let name = tree.value(node, .new).map({ tree.string($0) }) else { return "" }
    return "(hand \(name.hasPrefix("m") ? String(name.dropFirst()) : name)) "
  }

  /// A sign that stands on the papyrus.
  func sign(_ node: Int) -> String {
    let type = tree.value(node, .type).map { tree.string($0) } ?? ""
    return Self.signs[type] ?? (type.isEmpty ? "" : "((\(type)))")
  }

  private static let signs = [
    "stauros": "†", "rho-cross": "⳨", "chirho": "☧", "middot": "·", "mid-punctus": "·", "high-punctus": "˙",
    "low-punctus": ".", "dipunct": ":", "tripunct": "⁝", "apostrophe": "’", "slanting-stroke": "/", "dash": "–",
    "diple": ">", "mese-stigme": "·", "ano-stigme": "˙", "hypo-stigme": ".", "dicolon": ":", "dot": "·", "leaf": "❦",
    "coronis": "⸎", "check": "✓", "x": "×",
  ]
}

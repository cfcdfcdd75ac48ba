import XML

/// A gap in a text: letters that are lost or illegible.
public struct LostLetters: Sendable, Hashable {
  /// The label of the line it stands in; empty before the first one.
  public var line: String
  /// Where its `…` stands in the regularised layer, in scalars; gaps next to each other share one.
  public var place: Int
  /// How many letters; nil where that is not known.
  public var count: ClosedRange<Int>?
  /// Whether nothing is left of them; else there are traces.
  public var isLost: Bool
  /// Whether whole lines are missing.
  public var isLines: Bool

  init(_ tree: MarkupTree, _ node: Int, line: String, place: Int) {
    func number(_ word: EpiDocName) -> Int? {
      tree.value(node, word).flatMap { Int(tree.string($0)) }.map { min(100_000, max(0, $0)) }
    }
    self.line = line
    self.place = place
    isLost = !tree.has(node, .reason, "illegible")
    isLines = !tree.has(node, .unit, "character") && tree.value(node, .unit) != nil
    if let quantity = number(.quantity) {
      // "About" is taken for a fifth more or less.
      let spread = tree.has(node, .precision, "low") ? max(1, quantity / 5) : 0
      count = max(1, quantity - spread)...max(1, quantity + spread)
    } else if let least = number(.atLeast), let most = number(.atMost), least <= most {
      count = max(1, least)...max(1, most)
    } else {
      count = nil
    }
  }
}

extension LeidenText {
  /// The regularised layer (`…` for each gap) and its gaps in order.
  public var regularisedWithGaps: (text: String, gaps: [LostLetters]) {
    var writer = LayerWriter(tree: tree, layer: .regularised, notes: true)
    writer.write()
    var view = String.UnicodeScalarView()
    view.append(contentsOf: writer.scalars)
    return (String(view), writer.gaps)
  }
}

/// A line of the edited layer.
public struct LabelledLine: Sendable, Hashable {
  /// Empty where the edition gives none.
  public var label: String
  /// Whether the line goes on with a word of the one before.
  public var isJoined: Bool
  public var text: String
}

extension LeidenText {
  /// The lines of the edited layer with their labels; empty ones are left out.
  public var editedLines: [LabelledLine] {
    var writer = LayerWriter(tree: tree, layer: .edited, notes: true)
    writer.write()
    var starts = writer.starts
    if starts.first?.place != 0 { starts.insert(("", false, 0), at: 0) }
    return starts.indices.compactMap { number in
      let end = number + 1 < starts.count ? starts[number + 1].place : writer.scalars.count
      var view = String.UnicodeScalarView()
      view.append(contentsOf: writer.scalars[min(starts[number].place, end)..<end].filter { $0 != "\n" })
      let text = String(view)
      guard !text.isEmpty else { return nil }
      return LabelledLine(label: starts[number].label, isJoined: starts[number].isJoined, text: text)
    }
  }
}

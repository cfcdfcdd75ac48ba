import Text
import XML

// What a printed edition says below its text of what it prints in the text:
//
//   <:ἐλαίου|reg|ἐλέου:>    l. ἐλαίου                  <:α|alt|β:>           α or β
//   <:ἐλαίου|corr|ἐλέου:>   l. ἐλαίου                  <:α=BL 1.23|ed|β:>    α BL 1.23 : β ed. pr.
//   <:καὶ|subst|και:>       καὶ corr. ex και

extension LeidenText {
  /// The entries of an apparatus, in the order of the text. Linear, but for readings inside readings.
  public var apparatus: [String] {
    var entries: [String] = []
    for node in tree.nodes.indices where tree.isElement(node) {
      if tree.is(node, .choice) {
        let right = children(node) { tree.is($0, .reg) || tree.is($0, .corr) }
        let words = right.map { text($0, .regularised) }.filter { !$0.isEmpty }
        if !words.isEmpty { entries.append("l. " + words.joined(separator: ", ")) }
      } else if tree.is(node, .subst) {
        let (new, old) = (children(node) { tree.is($0, .add) }, children(node) { tree.is($0, .del) })
        if let new = new.first, let old = old.first {
          entries.append("\(text(new, .edited)) corr. ex \(text(old, .edited))")
        }
      } else if tree.is(node, .app), let lemma = children(node, where: { tree.is($0, .lem) }).first {
        let others = children(node) { tree.is($0, .rdg) }
        guard !others.isEmpty else { continue }
        if tree.has(node, .type, "alternative") {
          entries.append("\(named(lemma)) or " + others.map(named).joined(separator: ", "))
        } else {
          entries.append("\(named(lemma)) : " + others.map { named($0, "ed. pr.") }.joined(separator: " : "))
        }
      }
    }
    return entries
  }

  private func children(_ node: Int, where isWanted: (Int) -> Bool) -> [Int] {
    tree.children(node).filter { tree.isElement($0) && isWanted($0) }
  }

  /// A reading with the name of who reads so; of what is not told whose it is, `otherwise`.
  private func named(_ reading: Int, _ otherwise: String? = nil) -> String {
    let text = text(reading, .edited)
    let source = tree.value(reading, .resp).map { tree.string($0) } ?? otherwise
    return (text.isEmpty ? "om." : text) + (source.map { " \($0)" } ?? "")
  }

  private func named(_ reading: Int) -> String { named(reading, nil) }

  private func text(_ node: Int, _ layer: Layer) -> String {
    var writer = LayerWriter(tree: tree, layer: layer)
    writer.write(node + 1..<Int(tree.nodes[node].end))
    var view = String.UnicodeScalarView()
    view.append(contentsOf: writer.scalars)
    return CleanText.line(String(view))
  }
}

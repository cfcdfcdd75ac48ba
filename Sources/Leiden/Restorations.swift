import Text
import XML

extension LeidenText {
  /// What is restored as lost in a text, each with the regularised text before and behind it.
  ///
  /// Restorations without a letter are none. Linear in the text for each.
  public var restorations: [(before: String, restored: String, after: String)] {
    let layer = layer(.regularised)
    let scalars = Array(layer.text.unicodeScalars)
    var found: [(String, String, String)] = []
    var node = 0
    while node < tree.nodes.count {
      let end = Int(tree.nodes[node].end)
      guard tree.is(node, .supplied), !tree.has(node, .reason, "omitted") else {
        node += 1
        continue
      }
      let inside = layer.places.indices.filter { node..<end ~= layer.places[$0].node }
      if let first = inside.first, let last = inside.last {
        func text(_ part: ArraySlice<Unicode.Scalar>) -> String {
          var view = String.UnicodeScalarView()
          view.append(contentsOf: part)
          return String(view)
        }
        let restored = text(scalars[first...last])
        if restored.unicodeScalars.contains(where: { Greek.capital(of: $0) != nil }) {
          found.append((text(scalars[..<first]), restored, text(scalars[(last + 1)...])))
        }
      }
      node = end
    }
    return found
  }
}

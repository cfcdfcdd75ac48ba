// What is asked of a tree that was read as a fragment and turned out to be a document, and prefixes of namespaces.

extension MarkupTree {
  /// Why this is no document with one root: what stands beside the first element. nil where nothing does.
  ///
  /// - Parameter bytes: what the tree was read from.
  public func secondRoot(of bytes: [UInt8]) -> XMLError? {
    var hasRoot = false
    for node in roots {
      if isElement(node) {
        if hasRoot {
          return XMLError(at: Int(nodes[node].source), in: bytes, XMLReader.secondRoot, XMLReader.endBefore)
        }
        hasRoot = true
      } else if nodes[node].kind == MarkupTree.text, content(node).contains(where: { $0 > 0x20 }) {
        return XMLError(at: Int(nodes[node].source), in: bytes, XMLReader.textOutside, XMLReader.tagHere)
      }
    }
    return nil
  }

  /// Takes the prefix off elements of a namespace: `tei:lb` is `lb` where `xmlns:tei` names it. Other prefixes stay.
  ///
  /// - Parameter usual: the prefix that means this namespace where none is declared, as in fragments.
  public mutating func dropPrefixes(of namespace: String, usually usual: String) {
    let marks = names.spellings.enumerated().filter { $0.element.contains(0x3A) }
    guard !marks.isEmpty else { return }
    var prefixes: [String: UInt16?] = [usual: nil]
    for (number, spelling) in marks where spelling.starts(with: "xmlns:".utf8) {
      let prefix = String(decoding: spelling.dropFirst(6), as: UTF8.self)
      let values = attributes.filter { $0.name == UInt16(number) }.map { string(value($0)) }
      if values.contains(namespace) {
        prefixes[prefix] = UInt16(number)
      } else if !values.isEmpty {
        prefixes[prefix] = nil
      }
    }
    var plain: [UInt16: UInt16] = [:]
    for (number, spelling) in marks {
      let parts = spelling.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
      guard prefixes.keys.contains(String(decoding: parts[0], as: UTF8.self)), !parts[1].isEmpty else { continue }
      plain[UInt16(number)] = names.intern(String(decoding: parts[1], as: UTF8.self))
    }
    guard !plain.isEmpty else { return }
    for node in nodes.indices where isElement(node) {
      if let name = plain[nodes[node].kind] { nodes[node].kind = name }
    }
    // The declaration now is the one of the elements without a prefix.
    if let own = names.intern("xmlns"), !attributes.contains(where: { $0.name == own }) {
      let declarations = Set(prefixes.values.compactMap { $0 })
      for index in attributes.indices where declarations.contains(attributes[index].name) {
        attributes[index].name = own
      }
    }
  }
}

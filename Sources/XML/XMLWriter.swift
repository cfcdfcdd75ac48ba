/// Writes a tree as XML. Canonical form sorts attributes and leaves out comments, for comparison.
public struct XMLWriter {
  public private(set) var output: [UInt8] = []
  private let tree: MarkupTree
  private let isCanonical: Bool
  private let prefix: [UInt8]

  /// - Parameter prefix: put before the name of every element that has none, with a colon.
  public init(_ tree: MarkupTree, canonical: Bool = false, prefix: String = "") {
    self.tree = tree
    self.prefix = prefix.isEmpty ? [] : Array("\(prefix):".utf8)
    isCanonical = canonical
    output.reserveCapacity(tree.bytes.count + tree.nodes.count * 16)
  }

  /// Writes a node with all it holds.
  public mutating func write(_ index: Int) {
    var closing: [Int] = []
    for node in index..<Int(tree.nodes[index].end) {
      close(&closing, at: node)
      switch tree.nodes[node].kind {
      case MarkupTree.text: XMLWriter.escape(tree.content(node), into: &output)
      case MarkupTree.comment:
        if !isCanonical { aside("<!--", node, "-->") }
      case MarkupTree.instruction:
        if !isCanonical { aside("<?", node, "?>") }
      default:
        output.append(0x3C)
        writeName(node)
        writeAttributes(node)
        if Int(tree.nodes[node].end) == node + 1 {
          output += "/>".utf8
        } else {
          output.append(0x3E)
          closing.append(node)
        }
      }
    }
    close(&closing, at: Int(tree.nodes[index].end))
  }

  private mutating func close(_ closing: inout [Int], at node: Int) {
    while let last = closing.last, Int(tree.nodes[last].end) <= node {
      output += "</".utf8
      writeName(last)
      output.append(0x3E)
      closing.removeLast()
    }
  }

  private mutating func writeName(_ node: Int) {
    let name = tree.names.spellings[Int(tree.nodes[node].kind)]
    if !prefix.isEmpty, !name.contains(0x3A) { output += prefix }
    output += name
  }

  private mutating func aside(_ open: String, _ node: Int, _ close: String) {
    output += open.utf8
    output += tree.content(node)
    output += close.utf8
  }

  private mutating func writeAttributes(_ node: Int) {
    var list = Array(tree.attributes(of: node))
    if isCanonical && list.count > 1 {
      list.sort {
        tree.names.spellings[Int($0.name)].lexicographicallyPrecedes(tree.names.spellings[Int($1.name)])
      }
    }
    for attribute in list {
      output.append(0x20)
      output += tree.names.spellings[Int(attribute.name)]
      output += "=\"".utf8
      XMLWriter.escape(tree.value(attribute), isValue: true, into: &output)
      output.append(0x22)
    }
  }

  /// Bytes of text, or of a value between double quotes, with what XML takes for marks escaped.
  public static func escape(_ bytes: ArraySlice<UInt8>, isValue: Bool = false, into output: inout [UInt8]) {
    var start = bytes.startIndex
    for index in bytes.indices {
      let entity: String
      switch bytes[index] {
      case 0x26: entity = "&amp;"
      case 0x3C: entity = "&lt;"
      case 0x3E: entity = "&gt;"
      case 0x22 where isValue: entity = "&quot;"
      case 0x0A where isValue: entity = "&#10;"
      case 0x09 where isValue: entity = "&#9;"
      case 0x0D: entity = "&#13;"
      default: continue
      }
      output += bytes[start..<index]
      output += entity.utf8
      start = index + 1
    }
    output += bytes[start...]
  }
  /// Text fit to stand anywhere in XML, between tags or in a value; characters that XML 1.0 has no place for become U+FFFD.
  public static func escaped(_ text: String) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: clean.append(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: clean.append("\u{FFFD}")
      default: clean.append(scalar)
      }
    }
    var out: [UInt8] = []
    escape(Array(String(clean).utf8)[...], isValue: true, into: &out)
    return String(decoding: out, as: UTF8.self)
  }
}

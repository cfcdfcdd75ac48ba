/// An element of any XML document, for formats that are read by the names of their elements. A plain value; names are without their prefix.
public struct XMLElement: Sendable {
  public var name: String
  public var attributes: [(name: String, value: String)]
  public var children: [XMLElement]
  /// All text directly inside, in order.
  public var text: String

  /// The value of an attribute, or nil.
  public subscript(_ attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

  public func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
  public func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The elements of a name at any depth, in document order.
  public func descendants(_ name: String) -> [XMLElement] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
  }

  /// Reads a document with one root (XML 1.0 in UTF-8). Nothing outside the bytes is fetched; entities that a document declares are
  /// not known, so no text can grow. Linear.
  public static func parse(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
    let tree = try XMLReader.read(bytes, document: true)
    // `document` has made sure that there is an element.
    return XMLElement(tree, tree.roots.first { tree.isElement($0) }!)
  }

  /// As deep as `XMLReader.depthLimit` at most.
  private init(_ tree: MarkupTree, _ index: Int) {
    func local(_ name: String) -> String {
      name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }
    name = local(tree.name(index))
    attributes = tree.attributes(of: index).map {
      (local(tree.string(tree.names.spellings[Int($0.name)][...])), tree.string(tree.value($0)))
    }
    children = []
    text = ""
    for child in tree.children(index) {
      if tree.isElement(child) {
        children.append(XMLElement(tree, child))
      } else if tree.nodes[child].kind == MarkupTree.text {
        text += tree.string(tree.content(child))
      }
    }
  }
}

/// A tree of elements, text, comments and instructions in three flat arrays: nodes in document order, their attributes,
/// and the bytes (UTF-8) of texts and values. Copies share storage. 20 bytes a node; no pointers, no recursion to free.
public struct MarkupTree: Sendable {
  public struct Node: Sendable {
    /// The number of the element's name, or one of `text`, `comment`, `instruction`.
    public var kind: UInt16
    public var attributeCount: UInt16 = 0
    /// The node after this one and all it holds.
    public var end: Int32
    /// Of an element: its first attribute. Else: where its bytes start.
    public var start: Int32
    /// The number of bytes of a text, comment or instruction.
    public var length: Int32 = 0
    /// Where it starts in the text it was read from (bytes), or -1.
    public var source: Int32
  }
  public struct Attribute: Sendable {
    public var name: UInt16
    public var start: Int32
    public var length: Int32
  }

  @inlinable public static var text: UInt16 { 0xFFFF }
  @inlinable public static var comment: UInt16 { 0xFFFE }
  @inlinable public static var instruction: UInt16 { 0xFFFD }
  /// Inputs above this are refused by the readers: offsets are 32 bits.
  public static let byteLimit = 1 << 30

  public var nodes: [Node] = []
  public var attributes: [Attribute] = []
  public var bytes: [UInt8] = []
  public var names: NameTable
  /// Open elements, each with the text that stood just before it or -1.
  private var open: [(node: Int32, before: Int32)] = []
  /// The text that further text joins, or -1 after a tag.
  public private(set) var lastText = -1
  /// The text just before the element that was closed last, or -1.
  public private(set) var textBeforeLastClosed = -1

  /// An empty tree whose names are numbered by this table.
  public init(names: NameTable) { self.names = names }

  // MARK: Building, in document order

  /// Adds text at the end of the open element; joins it to a text that is just before.
  @inlinable @inline(__always)
  public mutating func appendText(_ piece: UnsafeRawBufferPointer, source: Int) {
    if piece.isEmpty { return }
    appendBytes(MarkupTree.text, piece, source: source)
  }

  public mutating func appendBytes(_ kind: UInt16, _ piece: UnsafeRawBufferPointer, source: Int) {
    if kind == MarkupTree.text, lastText >= 0, lastText == nodes.count - 1,
      Int(nodes[lastText].start + nodes[lastText].length) == bytes.count
    {
      bytes.append(contentsOf: piece)
      nodes[lastText].length += Int32(piece.count)
      return
    }
    lastText = kind == MarkupTree.text ? nodes.count : -1
    let start = Int32(bytes.count)
    bytes.append(contentsOf: piece)
    nodes.append(
      Node(
        kind: kind, end: Int32(nodes.count + 1), start: start, length: Int32(piece.count), source: Int32(source)))
  }

  public mutating func appendText(_ text: String, source: Int = -1) {
    let piece = Array(text.utf8)
    piece.withUnsafeBytes { appendText($0, source: source) }
  }

  /// Opens an element; what follows goes into it until `closeElement`.
  @discardableResult
  public mutating func openElement(_ kind: UInt16, source: Int = -1) -> Int {
    let index = nodes.count
    open.append((Int32(index), Int32(lastText)))
    lastText = -1
    nodes.append(Node(kind: kind, end: 0, start: Int32(attributes.count), source: Int32(source)))
    return index
  }

  public mutating func closeElement() {
    guard let (index, before) = open.popLast() else { return }
    lastText = -1
    textBeforeLastClosed = Int(before)
    nodes[Int(index)].end = Int32(nodes.count)
  }

  /// Drops the last nodes; they are closed, and none that is open is among them.
  public mutating func removeLast(_ count: Int) {
    nodes.removeLast(count)
    lastText = -1
  }

  /// Adds an attribute to any element, finished or not.
  public mutating func addAttribute(_ index: Int, _ name: UInt16, _ value: UnsafeRawBufferPointer) {
    let count = Int(nodes[index].attributeCount)
    guard count < Int(UInt16.max) else { return }
    let start = Int(nodes[index].start)
    if start + count != attributes.count {
      nodes[index].start = Int32(attributes.count)
      for old in start..<(start + count) { attributes.append(attributes[old]) }
    }
    attributes.append(Attribute(name: name, start: Int32(bytes.count), length: Int32(value.count)))
    // Values share the bytes of texts; a text that goes on afterwards starts anew, see `appendBytes`.
    bytes.append(contentsOf: value)
    nodes[index].attributeCount += 1
  }

  public mutating func addAttribute(_ index: Int, _ name: UInt16, _ value: [UInt8]) {
    value.withUnsafeBytes { addAttribute(index, name, $0) }
  }

  /// Takes the first attribute from an element that has another of its name after it; its name, nil where there is none such.
  public mutating func dropRepeatedAttribute(of index: Int) -> UInt16? {
    let own = attributes(of: index)
    guard own.count > 1,
      let first = own.indices.first(where: { at in own[(at + 1)...].contains { $0.name == own[at].name } })
    else { return nil }
    let name = own[first].name
    for at in first..<own.endIndex - 1 { attributes[at] = attributes[at + 1] }
    nodes[index].attributeCount -= 1
    return name
  }

  // MARK: Reading

  @inlinable public func isElement(_ index: Int) -> Bool { nodes[index].kind < MarkupTree.instruction }

  /// The bytes of a text, comment or instruction.
  @inlinable @inline(__always)
  public func content(_ index: Int) -> ArraySlice<UInt8> {
    bytes[Int(nodes[index].start)..<Int(nodes[index].start + nodes[index].length)]
  }

  @inlinable public func attributes(of index: Int) -> ArraySlice<Attribute> {
    let node = nodes[index]
    guard node.kind < MarkupTree.instruction else { return [] }
    return attributes[Int(node.start)..<Int(node.start) + Int(node.attributeCount)]
  }

  @inlinable public func value(_ attribute: Attribute) -> ArraySlice<UInt8> {
    bytes[Int(attribute.start)..<Int(attribute.start + attribute.length)]
  }

  /// The value of an attribute by the number of its name.
  @inlinable
  public func value(_ index: Int, named name: UInt16) -> ArraySlice<UInt8>? {
    for attribute in attributes(of: index) where attribute.name == name { return value(attribute) }
    return nil
  }

  public func string(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }
  public func name(_ index: Int) -> String { String(decoding: names.spellings[Int(nodes[index].kind)], as: UTF8.self) }

  /// The children of an element, by number.
  public func children(_ index: Int) -> [Int] { siblings(from: index + 1, to: Int(nodes[index].end)) }

  /// The top level.
  public var roots: [Int] { siblings(from: 0, to: nodes.count) }

  private func siblings(from first: Int, to end: Int) -> [Int] {
    var result: [Int] = []
    var index = first
    while index < end {
      result.append(index)
      index = Int(nodes[index].end)
    }
    return result
  }

  /// All text in a node, joined.
  public func joinedText(_ index: Int) -> String {
    var result: [UInt8] = []
    for node in index..<Int(nodes[index].end) where nodes[node].kind == MarkupTree.text { result += content(node) }
    return String(decoding: result, as: UTF8.self)
  }

  /// A copy of a node and all it holds at the end of the open element of `self`. Names are translated.
  public mutating func append(_ index: Int, of other: MarkupTree) {
    var closing: [Int] = []
    for node in index..<Int(other.nodes[index].end) {
      while let end = closing.last, end <= node {
        closeElement()
        closing.removeLast()
      }
      copyHead(node, of: other)
      if other.isElement(node) { closing.append(Int(other.nodes[node].end)) }
    }
    for _ in closing { closeElement() }
  }

  /// Opens a copy of an element with its attributes, or appends a copy of a text or the like.
  public mutating func copyHead(_ node: Int, of other: MarkupTree) {
    let source = Int(other.nodes[node].source)
    guard other.isElement(node) else {
      other.content(node).withUnsafeBytes { appendBytes(other.nodes[node].kind, $0, source: source) }
      return
    }
    let element = openElement(translated(other.nodes[node].kind, of: other), source: source)
    for attribute in other.attributes(of: node) {
      other.value(attribute).withUnsafeBytes {
        addAttribute(element, translated(attribute.name, of: other), $0)
      }
    }
  }

  private mutating func translated(_ name: UInt16, of other: MarkupTree) -> UInt16 {
    if Int(name) < names.knownCount, other.names.knownCount == names.knownCount { return name }
    // Readers refuse documents with so many names that a table fills up.
    return other.names.spellings[Int(name)].withUnsafeBytes { names.intern($0[...]) } ?? 0
  }
}

import XML

/// The order in which the regions of a page are read, whatever their depth.
///
/// A file may list regions (PAGE's and ALTO's `ReadingOrder`, ALTO's `IDNEXT`), or number siblings, or leave it to the order in which they
/// stand. What is listed comes in the order of the list; what is not follows the nearest listed region around it; siblings stand by
/// their numbers, then as in the file. A region's own lines come before those of the regions inside it.
struct RegionOrder {
  /// Place in the file's list, by id.
  private var ranks: [String: Int] = [:]
  /// The attribute that holds an element's id.
  private let idName: String
  /// What places an element among its siblings: lesser comes first, place by place; nil leaves it behind those that have a place.
  private let place: (XMLElement) -> [Int]?

  /// - Parameter listed: ids in reading order; of one that stands twice the first place counts.
  init(listed: [String], idName: String, place: @escaping (XMLElement) -> [Int]? = { _ in nil }) {
    for id in listed where ranks[id] == nil { ranks[id] = ranks.count }
    self.idName = idName
    self.place = place
  }

  /// The place an element has in the list; nil where it is not named.
  func rank(of element: XMLElement) -> Int? { element[idName].flatMap { ranks[$0] } }

  /// All elements at any depth that directly hold lines (elements named `line`), in reading order. Linear but for sorting.
  func holders(of line: String, in page: XMLElement) -> [XMLElement] {
    var found: [(rank: Int, number: Int, element: XMLElement)] = []
    collect(page, line, inherited: nil, into: &found)
    return found.sorted { ($0.rank, $0.number) < ($1.rank, $1.number) }.map(\.element)
  }

  private func collect(
    _ element: XMLElement, _ line: String, inherited: Int?,
    into found: inout [(rank: Int, number: Int, element: XMLElement)]
  ) {
    let holdsLines = element.children.contains { $0.name == line }
    // Lines of an unnamed region around named ones come where the first of these does, and so do its other parts.
    let own = rank(of: element) ?? inherited ?? (holdsLines ? leastRank(inside: element) : nil)
    if holdsLines { found.append((own ?? Int.max, found.count, element)) }
    for child in Self.sorted(element.children, by: place) where child.name != line {
      collect(child, line, inherited: own, into: &found)
    }
  }

  private func leastRank(inside element: XMLElement) -> Int? {
    guard !ranks.isEmpty else { return nil }
    return element.children.compactMap { rank(of: $0) ?? leastRank(inside: $0) }.min()
  }

  /// Elements by their places; those without follow in the order they had.
  static func sorted(_ elements: [XMLElement], by place: (XMLElement) -> [Int]?) -> [XMLElement] {
    let places = elements.map(place)
    guard places.contains(where: { $0 != nil }) else { return elements }
    return elements.indices.sorted { one, other in
      switch (places[one], places[other]) {
      case (let a?, let b?): a == b ? one < other : a.lexicographicallyPrecedes(b)
      case (_?, nil): true
      case (nil, _?): false
      case (nil, nil): one < other
      }
    }.map { elements[$0] }
  }
}

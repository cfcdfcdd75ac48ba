import Text

/// What a filter can ask of one fragment, field by field: the plain reference beside the index's rows.
public struct FilterSubject: Hashable, Sendable, FilterTarget {
  private let fields: [Filter.TextField: [[UInt8]]]
  let years: ClosedRange<Int>?
  let overview: FragmentOverview
  private let images: Int
  private let hasPlace: Bool
  private let letters: [UInt8]
  private let remarked: Remarked

  /// - Parameters:
  ///   - correctors: scholars who decided about a line of the fragment.
  ///   - model: what made its newest reading, `name@hash`.
  ///   - lines: the transcription.
  ///   - remarked: what is remarked on its lines.
  public init(
    _ fragment: Fragment, overview: FragmentOverview, correctors: [String] = [], model: String? = nil,
    lines: [IndexedLine] = [], remarked: Remarked = []
  ) {
    func folded(_ texts: [String?]) -> [[UInt8]] { texts.compactMap { $0.map(Self.folded) } }
    let numbers = fragment.identifiers
    var fields: [Filter.TextField: [[UInt8]]] = [
      .id: folded([fragment.id]), .title: folded([fragment.title]), .place: folded([fragment.place]),
      .material: folded([fragment.material]), .rights: folded([fragment.rights]), .tm: folded([numbers.tm]),
      .hgv: folded([numbers.hgv]), .ddbdp: folded([numbers.ddbdp]), .inventory: folded([numbers.inventory]),
      .corrector: folded(correctors), .model: folded([model]),
    ]
    let known: [Filter.TextField] = [.tm, .hgv, .ddbdp, .inventory]
    fields[.number] = known.flatMap { fields[$0] ?? [] }
    let searched: [Filter.TextField] = [.id, .title, .place, .material, .rights, .number]
    fields[.any] = searched.flatMap { fields[$0] ?? [] }
    self.fields = fields
    // An open end: as far as anyone may ask.
    let first = fragment.date.notBefore
    let last = fragment.date.notAfter
    years =
      first == nil && last == nil
      ? nil : (min(first ?? Int.min, last ?? Int.max)...max(first ?? Int.min, last ?? Int.max))
    self.overview = overview
    images = fragment.photographs.count
    hasPlace = fragment.place?.isEmpty == false
    letters = LetterBytes.of(lines)
    self.remarked = remarked
  }

  static func folded(_ text: String) -> [UInt8] { Array(Greek.folded(text).utf8) }

  func has(_ needle: [UInt8], in field: Filter.TextField, exact: Bool) -> Bool {
    (fields[field] ?? []).contains { text in
      if exact { return text == needle }
      guard text.count >= needle.count else { return false }
      return (0...(text.count - needle.count)).contains { text[$0..<$0 + needle.count].elementsEqual(needle) }
    }
  }

  func holds(_ pattern: LetterMatcher) -> Bool { letters.withUnsafeBytes(pattern.occurs) }

  func number(_ field: Filter.NumberField) -> Double? {
    switch field {
    case .lines: Double(overview.lines)
    case .corrected: Double(overview.decided - overview.confirmed)
    case .confirmed: Double(overview.confirmed)
    case .images: Double(images)
    case .confidence: overview.confidence
    }
  }

  var state: FragmentState { overview.state }

  func has(_ thing: Filter.Thing) -> Bool {
    switch thing {
    case .image: images > 0
    case .date: years != nil
    case .place: hasPlace
    case .reading: overview.isRead
    case .correction: overview.decided > 0
    case .failure: overview.failure != nil
    case .conflict: overview.conflicts > 0
    case .note: remarked.contains(.note)
    case .flag: remarked.contains(.flag)
    }
  }
}

extension FilterSubject {
  public init(_ entry: IndexEntry) {
    self.init(
      entry.fragment, overview: entry.overview, correctors: entry.correctors, model: entry.model, lines: entry.lines,
      remarked: entry.remarked)
  }
}

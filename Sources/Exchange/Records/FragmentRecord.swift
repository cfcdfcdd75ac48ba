import Corpus
import Text

/// What a catalogue says of a papyrus.
public struct FragmentRecord: Hashable, Sendable {
  /// The file, or the row of a table, for those who must be told of it.
  public var source: String
  /// The id of a fragment of this corpus, where a table names one.
  public var fragment: String?
  /// A text may stand on several papyri, and a papyrus be catalogued with several numbers.
  public var tm: [String] = []
  public var hgv: String?
  public var ddbdp: String?
  public var inventory: String?
  public var title: String?
  public var date = DateRange()
  public var place: String?
  public var material: String?
  public var rights: String?
  /// What its source says that could not be taken.
  public var leftOut = LeftOut()

  public init(source: String) { self.source = source }

  /// Numbers as they are compared: `P.Tebt. inv. 5` and `p tebt inv 5` are one.
  static func key(_ number: String) -> String {
    Greek.folded(number).split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
  }

  /// What it may be found by: the kind of number, and the number.
  var keys: [String] {
    tm.map { "tm " + Self.key($0) }
      + [
        hgv.map { "hgv " + Self.key($0) }, ddbdp.map { "ddbdp " + Self.key($0) },
        inventory.map { "inventory " + Self.key($0) },
      ].compactMap(\.self)
  }

  static func keys(of fragment: Fragment) -> [String] {
    let numbers = fragment.identifiers
    var record = FragmentRecord(source: "")
    record.tm = numbers.tm.map { [TrismegistosNumber.plain($0)] } ?? []
    (record.hgv, record.ddbdp, record.inventory) = (numbers.hgv, numbers.ddbdp, numbers.inventory)
    return record.keys
  }
}

extension Fragment {
  /// What of the record says otherwise than the fragment: named, and left.
  public struct Difference: Hashable, Sendable {
    public var member: String
    public var here: String
    public var there: String
  }

  /// Takes from a record what nobody has said of the fragment yet. What is there stays as it is.
  ///
  /// - Returns: names of the members that were filled in, and what differs.
  public mutating func fill(from record: FragmentRecord) -> (filled: [String], differences: [Difference]) {
    var (filled, differences): ([String], [Difference]) = ([], [])
    func take(_ name: String, _ there: String?, _ here: inout String?) {
      guard let there = there.map(displayText), !there.isEmpty else { return }
      guard let own = here, !own.isEmpty else {
        here = there
        filled.append(name)
        return
      }
      if FragmentRecord.key(own) != FragmentRecord.key(there) {
        differences.append(Difference(member: name, here: own, there: there))
      }
    }
    // Of several numbers none is the fragment's before somebody has said which.
    if record.tm.count == 1, identifiers.tm.flatMap(TrismegistosNumber.read) != record.tm[0] {
      take("tm", record.tm[0], &identifiers.tm)
    }
    take("hgv", record.hgv, &identifiers.hgv)
    take("ddbdp", record.ddbdp, &identifiers.ddbdp)
    take("inventory", record.inventory, &identifiers.inventory)
    take("place", record.place, &place)
    take("material", record.material, &material)
    take("rights", record.rights, &rights)
    // A title that is only the file's name, as an import gives it, says nothing.
    var own: String? = title == id || CorpusStore.identifier(from: title) == id ? nil : title
    take("title", record.title, &own)
    title = own ?? title
    if record.date != DateRange() {
      if date == DateRange() {
        date = record.date
        filled.append("date")
      } else if date != record.date {
        differences.append(Difference(member: "date", here: date.text, there: record.date.text))
      }
    }
    return (filled, differences)
  }
}

extension DateRange {
  /// Lets go of a span that ends before it begins, and tells it: nobody knows which of the years is wrong.
  mutating func dropReversed(at place: String, _ leftOut: inout LeftOut) {
    guard let first = notBefore, let last = notAfter, first > last else { return }
    leftOut.add("spans of years that end before they begin", "\(place): \(first) to \(last)")
    self = DateRange()
  }

  var text: String { "\(notBefore.map(String.init) ?? "")..\(notAfter.map(String.init) ?? "")" }
}

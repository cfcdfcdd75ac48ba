import Corpus
import Text

// Tables of one's own, and those that collections give out (APIS: Columbia, Michigan, Berkeley …), one papyrus a row. Columns are known by their names,
// whatever their order; letters alone count (`Inv. No.` is `invno`). Others are passed over and named.

extension FragmentRecord {
  /// Takes one thing that is said under a name, as a manifest's metadata say it; what nobody knows is passed over, what is known stays.
  mutating func take(_ name: String, _ value: String) {
    let plain = name.lowercased().filter(\.isLetter)
    guard !value.isEmpty, let member = Member.allCases.first(where: { $0.names.contains(plain) }) else { return }
    switch member {
    case .tm: if tm.isEmpty { takeTM(value, at: name) }
    case .hgv: hgv = hgv ?? value
    case .ddbdp: ddbdp = ddbdp ?? value
    case .inventory: inventory = inventory ?? value
    case .place: place = place ?? value
    case .material: material = material ?? value
    case .rights: rights = rights ?? value
    case .date:
      guard date == DateRange(), let range = WrittenDate.range(value) else { return }
      date = DateRange(notBefore: range.lowerBound, notAfter: range.upperBound)
    case .fragment, .title, .notBefore, .notAfter: break
    }
  }

  /// What a column may say.
  enum Member: CaseIterable {
    case fragment, tm, hgv, ddbdp, inventory, title, notBefore, notAfter, date, place, material, rights

    /// Names of such a column, letters only, best first.
    var names: [String] {
      switch self {
      case .fragment: ["fragment", "id"]
      case .tm: ["tm", "trismegistos", "tmnumber", "tmid", "tmno"]
      case .hgv: ["hgv", "hgvnumber", "hgvid"]
      case .ddbdp: ["ddbdp", "ddb", "ddbhybrid"]
      case .inventory:
        [
          "inventory", "inv", "invno", "inventorynumber", "inventoryno", "invid", "apisinvno", "callnumber",
          "shelfmark",
          "accession", "accessionnumber", "apisid", "signatur", "inventarnummer",
        ]
      case .title: ["title", "titel", "name", "summary"]
      case .notBefore: ["notbefore", "datefrom", "from", "startdate", "earliest", "von"]
      case .notAfter: ["notafter", "dateto", "to", "enddate", "latest", "bis"]
      case .date: ["date", "origdate", "datierung", "datetext"]
      case .place: ["place", "provenance", "origin", "origplace", "findspot", "ort", "herkunft", "fundort"]
      case .material: ["material", "support", "medium"]
      case .rights: ["rights", "licence", "license", "copyright", "rechte"]
      }
    }
  }

  /// The records of a table, the names of columns that nothing was taken from, and rows that are not here. A cell that says nothing that can be understood
  /// is left out of its record (`leftOut`).
  static func table(
    _ text: String, path: String
  ) throws(ExchangeError) -> (records: [FragmentRecord], unknown: [String], leftOut: LeftOut) {
    let table = try DelimitedTable(text, path: path)
    let plain = table.columns.map { $0.lowercased().filter(\.isLetter) }
    var places: [Member: Int] = [:]
    for member in Member.allCases {
      places[member] = member.names.lazy.compactMap { plain.firstIndex(of: $0) }.first
    }
    guard [.fragment, .tm, .hgv, .ddbdp, .inventory].contains(where: { places[$0] != nil }) else {
      throw ExchangeError(
        .unsupported, path: path,
        "no column names a papyrus: one must be called fragment, tm, hgv, ddbdp or inventory")
    }
    let used = Set(places.values)
    let unknown = table.columns.indices.filter { !used.contains($0) }.map { table.columns[$0] }.filter { !$0.isEmpty }
    var records: [FragmentRecord] = []
    for (line, cells) in table.rows {
      func value(_ member: Member) -> String? {
        guard let place = places[member] else { return nil }
        let text = cells[place].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.isEmpty ? nil : text
      }
      var record = FragmentRecord(source: "\(path), line \(line)")
      record.fragment = value(.fragment)
      record.takeTM(value(.tm) ?? "", at: "line \(line)")
      (record.hgv, record.ddbdp, record.inventory) = (value(.hgv), value(.ddbdp), value(.inventory))
      (record.title, record.place, record.material, record.rights) = (
        value(.title), value(.place), value(.material), value(.rights)
      )
      for (member, keep) in [(Member.notBefore, true), (.notAfter, false)] {
        guard let text = value(member) else { continue }
        guard let range = WrittenDate.range(text) else {
          record.leftOut.add("years that are none", "line \(line): \(text)")
          continue
        }
        if keep { record.date.notBefore = range.lowerBound } else { record.date.notAfter = range.upperBound }
      }
      record.date.dropReversed(at: "line \(line)", &record.leftOut)
      // A date in words that nobody can be sure of is left out: the words stay in the table.
      if record.date == DateRange(), let range = value(.date).flatMap(WrittenDate.range) {
        record.date = DateRange(notBefore: range.lowerBound, notAfter: range.upperBound)
      }
      records.append(record)
    }
    return (records, unknown, table.leftOut)
  }
}

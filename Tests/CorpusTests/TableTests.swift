import Testing

@testable import Corpus

@Suite struct TableTests {
  private static func entries(_ count: Int) -> [IndexEntry] {
    (0..<count).map { number in
      let year = number % 5 == 0 ? nil : number * 37 % 600 - 300
      var entry = IndexEntry(
        fragment: Fragment(
          id: "p\(number)", identifiers: Identifiers(tm: number % 3 == 0 ? "\(number)" : nil),
          title: ["Brief", "Ἀπόδειξις", "quittung", "Liste"][number % 4],
          date: DateRange(notBefore: year, notAfter: number % 7 == 0 ? nil : year.map { $0 + 20 }),
          place: number % 6 == 0 ? nil : ["Tebtynis", "Ἀρσινόη"][number % 2],
          photographs: number % 2 == 0 ? [Photograph(file: "r.png", width: 1, height: 1)] : []),
        overview: FragmentOverview(
          lines: number % 9, decided: number % 9 == 0 ? 0 : number % 4 % (number % 9 + 1), confirmed: 0,
          isRead: number % 3 != 0, failure: number % 11 == 0 ? "too dark" : nil,
          confidence: number % 3 == 0 ? nil : Double(number % 17) / 17),
        correctors: number % 4 == 0 ? ["Anna", "Hélène"] : [], model: number % 3 == 0 ? nil : "m@\(number % 2)",
        lines: [IndexedLine(id: "0-0", number: "1", text: ["και τον", "τυβι"][number % 2], isDecided: false)])
      entry.remarked = number % 13 == 0 ? [.note] : number % 8 == 0 ? [.flag] : []
      return entry
    }
  }

  @Test(arguments: [
    "", "brief", "αποδ", "place:αρσιν", "place=tebt", "place=tebtynis", "tm:1", "number=12", "corrector:helene",
    "corrector=anna", "corrector=\"anna helene\"", "model=m@1", "date:-50..10", "date>=200", "not has:date",
    "state:failed",
    "state:work or state:done", "confidence<0.5", "has:image lines>3", "text:τον", "not text:τον (p1 or p2)", "id=p7",
    "has:failure", "\"r.png\"", "has:note", "has:flag not has:date", "has:flag or tm:1", "title=brief corrected=0",
    "rights:\"\"", "12",
  ])
  func rowsAnswerAsSubjectsDo(_ question: String) throws {
    guard let filter = try? Filter.parse(question) else { return }
    let entries = Self.entries(200)
    let table = FragmentTable(entries)
    let expected = entries.filter { filter.matches(FilterSubject($0)) }.map(\.fragment.id).sorted()
    for workers in [1, 3] {
      #expect(table.rows(matching: filter, workers: workers).map(table.id) == expected)
    }
  }

  /// Those that scholars know best come first, then others from the whole corpus; as a plain scan would have it.
  @Test(arguments: [nil, -100...(-1), 101...200]) func handsToCompare(years: ClosedRange<Int>?) {
    let entries = Self.entries(300)
    let table = FragmentTable(entries)
    let fitting = entries.filter { entry in
      guard entry.overview.isRead, entry.overview.lines > 0, entry.fragment.id != "p1" else { return false }
      guard let years else { return true }
      guard let first = entry.fragment.date.notBefore, let last = entry.fragment.date.notAfter else { return false }
      return years.contains((first + last) / 2)
    }
    let all = table.read(years: years, besides: "p1", most: 1000)
    #expect(Set(all) == Set(fitting.map(\.fragment.id)) && all.count == fitting.count)
    let decided = Dictionary(uniqueKeysWithValues: entries.map { ($0.fragment.id, $0.overview.decided) })
    let few = table.read(years: years, besides: "p1", most: 10)
    #expect(few.count == 10 && Set(few).count == 10 && Set(few).isSubset(of: all))
    #expect(few.prefix(5).map { decided[$0]! } == few.prefix(5).map { decided[$0]! }.sorted(by: >))
    #expect(few.prefix(5).allSatisfy { decided[$0]! > 0 } && few.suffix(5).allSatisfy { decided[$0] == 0 })
  }

  @Test(arguments: [
    (101, 200, "2nd century", 101, 200), (-113, -113, "2nd century BCE", -200, -101), (1, 1, "1st century", 1, 100),
    (-100, -1, "1st century BCE", -100, -1), (-30, 14, "1st century BCE to 1st century", -100, 100),
    (1150, 1230, "12th century to 13th century", 1101, 1300), (250, 350, "3rd century to 4th century", 201, 400),
  ]) func centuries(first: Int, last: Int, words: String, start: Int, end: Int) {
    let century = Century(of: DateRange(notBefore: first, notAfter: last))
    #expect(century?.words == words && century?.years == start...end)
  }

  @Test func noCentury() {
    for (first, last) in [(nil, nil), (100, nil), (nil, 100), (-300, 300), (200, 100)] as [(Int?, Int?)] {
      #expect(Century(of: DateRange(notBefore: first, notAfter: last)) == nil)
    }
  }

  @Test(arguments: FragmentTable.Column.allCases)
  func sortsAsAPlainSortDoes(_ column: FragmentTable.Column) {
    let entries = Self.entries(150)
    let table = FragmentTable(entries)
    func key(_ entry: IndexEntry) -> (Double, String) {
      let fragment = entry.fragment
      switch column {
      case .id: return (0, "")
      case .title: return (0, String(decoding: FilterSubject.folded(fragment.title), as: UTF8.self))
      case .place:
        return (
          fragment.place == nil ? 1 : 0, String(decoding: FilterSubject.folded(fragment.place ?? ""), as: UTF8.self)
        )
      case .lines: return (Double(entry.overview.lines), "")
      case .confidence: return (entry.overview.confidence ?? 2, "")
      case .date: return (Double(fragment.date.notBefore ?? fragment.date.notAfter ?? 1_000_000), "")
      case .state:
        let order: [FragmentState] = [.unread, .read, .inWork, .done]
        return (Double(order.firstIndex(of: entry.overview.state) ?? 0), "")
      }
    }
    for isDescending in [false, true] {
      let expected = entries.sorted { a, b in
        let (first, second) = isDescending ? (key(b), key(a)) : (key(a), key(b))
        if first != second { return first < second }
        let isLess = NaturalKey(a.fragment.id) < NaturalKey(b.fragment.id)
        return column == .id && isDescending ? !isLess : isLess
      }
      let rows = table.sorted(Array(0..<table.count), by: column, descending: isDescending)
      #expect(rows.map(table.id) == expected.map(\.fragment.id))
    }
  }

  @Test func idsSortNaturally() {
    let ids = ["p10", "p2", "p02b", "a", "p2a", "p", "p-1", "p1-2"]
    let sorted = ids.sorted { NaturalKey($0) < NaturalKey($1) }
    #expect(sorted == ["a", "p", "p-1", "p1-2", "p2", "p2a", "p02b", "p10"])
  }

  @Test func aChangedRowAnswersAsItIsNow() throws {
    var entries = Self.entries(40)
    var table = FragmentTable(entries)
    let done = table.done
    entries[8].overview = FragmentOverview(lines: 2, decided: 2, confirmed: 0, isRead: true)
    entries[8].correctors = ["Zoe"]
    table.replace(entries[8])
    table.replace(IndexEntry(fragment: Fragment(id: "unknown")))
    #expect(table.done == done + 1 && table.count == 40)
    #expect(table.rows(matching: try Filter.parse("corrector:zoe state:done")).map(table.id) == ["p8"])
    #expect(table.entry(table.row(of: "p8")!).correctors == ["Zoe"])
  }

  @Test func idsAreFoundByTheirBeginning() {
    let table = FragmentTable(Self.entries(30))
    let rows = table.sorted(Array(0..<table.count), by: .id)
    #expect(table.first(of: rows, named: "P12").map { table.id(rows[$0]) } == "p12")
    #expect(table.first(of: rows, named: "29").map { table.id(rows[$0]) } == "p29")
    #expect(table.first(of: rows, named: "x") == nil && table.first(of: rows, named: "") == nil)
  }
}

import Platform

extension CorpusStore {
  /// Fragments of which a queue opens the readings: those the index promises most of.
  private static let mostOpened = 120

  /// The lines of a corpus that wait for a scholar, `LineQueue.most` of them at most.
  ///
  /// Which fragments have any, and what they promise, the index tells; only the readings of the most promising are opened (about a millisecond
  /// each). So in a large corpus the queue is the head of the whole one, nearly.
  /// - Parameter filter: of which fragments.
  public func queue(
    _ kind: LineQueue.Kind, by order: LineQueue.Order, for scholar: String, matching filter: Filter?
  ) throws(CorpusError) -> [QueuedLine] {
    try refresh()
    let table = try table()
    var promising: [(row: Int, gain: Double)] = []
    let spoken = Set(remarks.fragments)
    for row in table.rows(matching: filter) {
      switch kind {
      case .forMe, .waiting:
        if spoken.contains(table.id(row)) { promising.append((row, 0)) }
      case .undecided, .second:
        let entry = table.entry(row)
        let (all, decided) = (entry.overview.lines, entry.overview.decided)
        guard kind == .second ? decided > 0 : all > decided else { continue }
        guard kind == .undecided || entry.correctors.contains(where: { $0 != scholar }) else { continue }
        promising.append((row, LineWorth.gain(of: entry.overview)))
      }
    }
    if order == .worth, kind == .undecided {
      promising.sort { ($1.gain, $0.row) < ($0.gain, $1.row) }
    }
    var lines: [QueuedLine] = []
    for row in promising.prefix(Self.mostOpened).map(\.row).sorted() {
      let id = table.id(row)
      // One damaged fragment is no reason to have no queue; opening it says what is wrong.
      do throws(CorpusError) {
        lines += LineQueue.lines(
          kind, of: try fragment(id), try self.lines(of: id), remarks: remarks.remarks(of: id), for: scholar)
      } catch { continue }
    }
    return Array(LineQueue.sorted(lines, by: order, kind).prefix(LineQueue.most))
  }

  /// What a scholar did since a moment. Reads the journals that were written since, and nothing else.
  public func figures(of scholar: String, since start: Int64) throws(CorpusError) -> DayFigures {
    var figures = DayFigures()
    do throws(SystemError) {
      for name in try recordFiles(in: "journal", since: start) {
        var marks = ReadMarks()
        _ = try marks.read(name, in: path) { line, _ in
          guard let json = RecordLine.open(line), let decision = Correction(json: json, writer: "") else { return nil }
          if decision.scholar == scholar, decision.time >= start { figures.count(decision) }
          return nil
        }
      }
    } catch { throw CorpusError(reading: error) }
    for id in remarks.fragments {
      let seconds = remarks.remarks(of: id).filter { $0.kind == .second && $0.scholar == scholar && $0.time >= start }
      guard !seconds.isEmpty else { continue }
      let decisions = try corrections(of: id)
      for second in seconds { figures.count(second, decisions) }
    }
    return figures
  }

  private func recordFiles(in folder: String, since start: Int64) throws(SystemError) -> [String] {
    guard Files.exists(path + "/" + folder) else { return [] }
    return try Files.list(path + "/" + folder).filter { $0.hasSuffix(".jsonl") }.map { folder + "/" + $0 }
      .filter { (Files.status(path + "/" + $0)?.modified ?? 0) / 1000 >= start }
  }
}

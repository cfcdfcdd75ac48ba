import Platform
import Synchronization

extension CorpusStore {
  var indexPath: String { path + "/cache/index" }

  /// The index on the disk, where it is whole, the record files are still those it was made from, and the same records count.
  static func soundIndex(of path: String) -> CorpusIndex? {
    guard let index = CorpusIndex(path: path + "/cache/index"), index.agreesWithClock,
      index.marks.allSatisfy({ $0.value.holds(for: path + "/" + $0.key) })
    else { return nil }
    return index
  }

  /// What lists, filters and searches need of a fragment: from the index where that still holds, else from the files. Never fails for one damaged
  /// fragment: its entry says what is wrong.
  public func entry(of id: String) -> IndexEntry {
    var entry: IndexEntry
    if let index, let place = index.place(of: id), holds(id), let known = index.entry(at: place), holds(known) {
      entry = known
    } else {
      entry = freshEntry(of: id)
    }
    entry.remarked = Remarked(remarks.remarks(of: id))
    return entry
  }

  /// Whether the index knows all decisions about a fragment and its newest reading.
  private func holds(_ id: String) -> Bool { !journals.isChanged(id) && !readings.isChanged(id) }

  /// Whether a fragment's files are those an entry was made from. They are looked at only when `fragments/` has changed since.
  private func holds(_ entry: IndexEntry) -> Bool {
    isListingCurrent || entry.files == fileStamp(of: entry.fragment.id)
  }

  /// Whether the index holds something of a fragment that the files do not say; what came since it was written is no lie.
  func indexLies(about id: String, files: IndexEntry) -> Bool {
    guard let index, let place = index.place(of: id) else { return false }
    guard let known = index.entry(at: place) else { return true }
    guard known.files == files.files, known.decisions.count >= files.decisions.count else { return false }
    if let new = files.reading, known.reading.map(new.isNewer) ?? true { return false }
    // Remarks are no part of it.
    var said = files
    said.remarked = []
    return known != said
  }

  private func fileStamp(of id: String) -> [Int] {
    let folder: String
    do throws(CorpusError) { folder = try self.folder(of: id) } catch { return [] }
    return ["fragment.json", "lines.json"].flatMap { name -> [Int] in
      guard let status = Files.status(folder + "/" + name) else { return [-1] }
      return [status.size, Int(status.modified)]
    }
  }

  private func freshEntry(of id: String) -> IndexEntry {
    var entry = IndexEntry(fragment: Fragment(id: id))
    // First the stamp, then what it stands for: a change in between makes the entry stale, not wrong.
    entry.files = fileStamp(of: id)
    do throws(CorpusError) {
      entry.decisions = try journals.places(of: id)
      entry.reading = try readings.newest(of: id)
      entry.model = entry.reading?.summary.model
      entry.correctors = Set(try corrections(of: id).map(\.scholar)).sorted()
      entry.fragment = try fragment(id)
      // What the index does not keep no fresh entry has: else each would be a lie about the other.
      for index in entry.fragment.photographs.indices { entry.fragment.photographs[index].source = nil }
      if entry.fragment.photographs.allSatisfy({ $0.sha256 != nil }) {
        entry.inputs = try inputs(of: entry.fragment, regions: try regionsToRead(of: id))
      }
      entry.overview = try overview(of: id)
      let states = try lines(of: id)
      let numbers = LineNumber.all(of: states.map(\.region), on: entry.fragment.photographs)
      entry.lines = zip(states, numbers).compactMap { line, number in
        line.standingText.map {
          IndexedLine(id: line.region.id, number: number.description, text: $0, isDecided: line.text != nil)
        }
      }
    } catch {
      entry.problem = "\(error)"
    }
    return entry
  }

  /// All fragments as rows. Where there is no index, and none can be written, it is made in memory.
  public func table() throws(CorpusError) -> FragmentTable {
    // A full disk does not keep anyone from looking.
    do throws(CorpusError) { try updateIndex() } catch {}
    guard let index, isListingCurrent, index.count == fragmentIDs.count else {
      return FragmentTable(fragmentIDs.map(entry))
    }
    var table = FragmentTable(index)
    for id in journals.changed.union(readings.changed) where index.holds(id) { table.replace(freshEntry(of: id)) }
    for id in remarks.fragments { table.setRemarked(Remarked(remarks.remarks(of: id)), of: id) }
    return table
  }

  /// Ids of the fragments a filter matches, sorted. No file is opened where the index holds.
  public func fragmentIDs(matching filter: Filter) throws(CorpusError) -> [String] {
    let table = try table()
    return table.rows(matching: filter).map(table.id)
  }

  /// Whether a filter matches a fragment.
  public func matches(_ filter: Filter, _ id: String) -> Bool { filter.matches(FilterSubject(entry(of: id))) }

  /// Whether the index is made anew within some tens of milliseconds.
  public var isIndexQuick: Bool { fragmentIDs.count <= 5000 }

  /// Brings the index up to date when it is missing or many of its entries (over 200, and over 1%) no longer hold; a few are cheaper made
  /// anew each time. Entries that hold are copied, the others are made from the files, in parallel. Nothing happens in a read-only corpus.
  ///
  /// - Returns: how many entries were made anew; nil where the index stayed as it is.
  @discardableResult
  public func updateIndex(
    always: Bool = false, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(CorpusError) -> Int? {
    guard !isReadOnly else { return nil }
    // As it was before the fragments are looked at.
    let listed = fragmentsTime
    try refreshListing()
    let old = index
    let changes = journals.changed.union(readings.changed).count
    // It bears witness of how long journals are: of decisions at once, where that takes a moment.
    let isWitness = !journals.changed.isEmpty && isIndexQuick
    let isNeeded =
      old == nil || old!.listed != listed || changes > max(200, fragmentIDs.count / 100) || isWitness
    guard always || isNeeded else { return nil }
    let marks = journals.reliableMarks.merging(readings.reliableMarks) { $1 }
    // Who may not read all that the index knows of would make one that says it had been read.
    guard !marks.keys.contains(where: { Files.isForbidden(path + "/" + $0) }) else { return nil }
    // Also of an index that no longer holds: by what it saw a lost end is known.
    let longest = (CorpusIndex(path: indexPath)?.longest ?? [:]).merging(
      marks.filter { $0.key.hasPrefix("journal/") }.mapValues(\.bytes)
    ) { max($0, $1) }
    let made: Int
    do throws(SystemError) {
      var builder = try IndexBuilder(path: indexPath, files: old?.files ?? [])
      made = try fill(&builder, from: old, progress)
      _ = try builder.finish(
        listed: listed, lastDecision: Int(journals.lastTime), lastReading: Int(readings.lastTime),
        firstAhead: Int(min(journals.firstAhead, readings.firstAhead)), marks: marks,
        longest: longest)
    } catch {
      throw CorpusError(writing: error)
    }
    adoptIndex()
    try refreshListing()
    return made
  }

  private func fill(
    _ builder: inout IndexBuilder, from old: CorpusIndex?, _ progress: (Int, Int) -> Void
  ) throws(SystemError) -> Int {
    let ids = fragmentIDs
    var made = 0
    let chunk = 2048
    for start in stride(from: 0, to: ids.count, by: chunk) {
      let part = ids[start..<min(ids.count, start + chunk)]
      let parts = Mutex<[Int: IndexBuilder.Part]>([:])
      // Looking at files waits for the disk, not for the processor: a few threads at once.
      Threads.forEach(part.count, workers: 2 * Threads.cores) { [self] offset in
        let id = ids[start + offset]
        if let old, let place = old.place(of: id), holds(id), let known = old.entry(at: place), holds(known) { return }
        let fresh = IndexBuilder.Part(freshEntry(of: id))
        parts.withLock { $0[offset] = fresh }
      }
      let fresh = parts.withLock { $0 }
      for (offset, id) in part.enumerated() {
        if let new = fresh[offset] {
          try builder.add(new)
        } else if let old, let place = old.place(of: id), try builder.copy(place, of: old, id: id) {
          continue
        } else {
          try builder.add(IndexBuilder.Part(freshEntry(of: id)))
        }
        made += 1
      }
      progress(start + part.count, ids.count)
    }
    return made
  }
}

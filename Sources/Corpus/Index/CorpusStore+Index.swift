import Platform

extension CorpusStore {
  var indexPath: String { path + "/cache/index" }

  /// What lists, filters and searches need of a fragment: from the index where that still holds, else from the files. Never fails for one damaged
  /// fragment: its entry says what is wrong.
  public func entry(of id: String) -> IndexEntry {
    if let known = index?.entry(of: id), holds(known.stamp, for: id) { return known }
    return freshEntry(of: id)
  }

  /// Whether what an entry was made from is still all there is. Files are looked at only when `fragments/` has changed since the index was written.
  func holds(_ stamp: Stamp, for id: String) -> Bool {
    stamp.reading == Int(readingSummary(of: id)?.time ?? 0) && stamp.decisions == corrections(of: id).count
      && (isListingCurrent || stamp.files == fileStamp(of: id))
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
    // First the stamp, then what it stands for: a change in between makes the entry stale, not wrong.
    let decisions = corrections(of: id)
    let summary = readingSummary(of: id)
    var entry = IndexEntry(
      fragment: Fragment(id: id), overview: FragmentOverview(lines: 0, decided: 0, confirmed: 0, isRead: false),
      correctors: Set(decisions.map(\.scholar)).sorted(), model: summary?.model, lines: [],
      stamp: Stamp(files: fileStamp(of: id), reading: Int(summary?.time ?? 0), decisions: decisions.count))
    do throws(CorpusError) {
      entry.fragment = try fragment(id)
      entry.overview = try overview(of: id)
      entry.lines = try lines(of: id).compactMap { line in
        (line.text ?? line.candidates.first?.leiden).map {
          IndexedLine(id: line.region.id, text: $0, isDecided: line.text != nil)
        }
      }
    } catch {
      entry.problem = "\(error)"
    }
    return entry
  }

  /// Brings the index up to date when it is missing or many of its entries (over 200, and over 1%) no longer hold; a few are cheaper made
  /// anew each time. Entries that hold are copied, the others are made from the files. Nothing happens in a read-only corpus.
  ///
  /// - Returns: how many entries were made anew; nil where the index stayed as it is.
  @discardableResult
  public func updateIndex(always: Bool = false) throws(CorpusError) -> Int? {
    guard !isReadOnly else { return nil }
    // As it was before the fragments are looked at.
    let listed = fragmentsTime
    try refreshListing()
    let ids = fragmentIDs
    let old = index
    let isKept = ids.map { id in old?.entry(of: id).map { holds($0.stamp, for: id) } ?? false }
    let stale = isKept.count { !$0 }
    let isNeeded =
      old == nil || old!.ids.count != ids.count || old!.listed != listed || stale > max(200, ids.count / 100)
    guard always || isNeeded else { return nil }
    var entries: [(id: String, bytes: [UInt8])] = []
    entries.reserveCapacity(ids.count)
    for (index, id) in ids.enumerated() {
      if isKept[index], let old, let place = old.place(of: id), let bytes = old.withEntry(place, { Array($0) }) {
        entries.append((id, bytes))
      } else {
        var writer = IndexWriter()
        freshEntry(of: id).write(to: &writer)
        entries.append((id, writer.bytes))
      }
    }
    do throws(SystemError) { try CorpusIndex.write(entries, listed: listed, to: indexPath) } catch {
      throw CorpusError(writing: error)
    }
    reloadIndex()
    try refreshListing()
    return stale
  }
}

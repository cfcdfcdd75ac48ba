import JSON
import Platform
import Raster
import Synchronization

/// Something wrong in a corpus, and whether `repair` mended it.
public struct CheckFinding: Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String
  /// Lost or changed truth; a torn tail, a temporary file left behind and other leftovers of a crash are not.
  public var isDamage: Bool
  public var repaired = false

  public var description: String {
    "\(displayText(path)): \(displayText(reason))\(repaired ? " (repaired)" : "")"
  }
}

extension CorpusStore {
  /// Verifies every record, reference, photograph, checksum and index entry; fragments in parallel. Nothing is believed of the index: journals
  /// and readings are read whole.
  ///
  /// `repair` cuts torn tails from journals and readings (a copy of the file is kept beside it as `….torn-<time>`), removes temporary files of
  /// writers that died, and makes the index anew where it lies. Nothing else is touched: damage needs a backup. Run it while no other
  /// process writes. Reads every byte of the corpus once.
  public func check(
    repair: Bool = false, workers: Int = Threads.cores,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(CorpusError) -> [CheckFinding] {
    if repair { try writable() }
    let plain = try Self.open(at: path, readOnly: true, usesIndex: false)
    let ids = plain.fragmentIDs
    let index = CorpusIndex(path: indexPath)
    var findings = plain.checkFragments(ids, against: index == nil ? nil : self, workers, progress)
    findings += try plain.checkRecordFiles(repair: repair)
    findings += try plain.leftovers(remove: repair)
    findings += plain.checkReferences(to: Set(ids))
    if index == nil, Files.exists(indexPath) {
      findings.append(
        CheckFinding(path: indexPath, reason: "is damaged, or of another version; it is derived", isDamage: false))
    }
    if repair, let lying = findings.indices.first(where: { findings[$0].path == indexPath }) {
      do throws(SystemError) { try Files.remove(indexPath) } catch { throw CorpusError(writing: error) }
      adoptIndex()
      try updateIndex(always: true)
      for place in lying..<findings.count where findings[place].path == indexPath { findings[place].repaired = true }
    }
    return findings
  }

  private func checkFragments(
    _ ids: [String], against indexed: CorpusStore?, _ workers: Int, _ progress: @Sendable (Int, Int) -> Void
  ) -> [CheckFinding] {
    let state = Mutex<(done: Int, findings: [Int: [CheckFinding]])>((0, [:]))
    withoutActuallyEscaping(progress) { progress in
      Threads.forEach(ids.count, workers: workers) { [self] place in
        var found = check(fragment: ids[place])
        if let indexed, indexed.indexLies(about: ids[place], files: entry(of: ids[place])) {
          found.append(
            CheckFinding(
              path: indexed.indexPath, reason: "says of '\(ids[place])' what the files do not say; it is derived",
              isDamage: false))
        }
        state.withLock { state in
          if !found.isEmpty { state.findings[place] = found }
          state.done += 1
          progress(state.done, ids.count)
        }
      }
    }
    return state.withLock { state in state.findings.keys.sorted().flatMap { state.findings[$0]! } }
  }

  /// Damaged records, torn tails, and numbers of decisions that are missing from a journal.
  private func checkRecordFiles(repair: Bool) throws(CorpusError) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    for finding in journals.findings + readings.findings {
      var repaired = false
      if repair && finding.isTornTail {
        do throws(SystemError) {
          try Files.copy(finding.path, to: finding.path + ".torn-\(Clock.now())")
          try AppendFile(path: finding.path).cut(to: finding.offset)
          repaired = true
        } catch {
          throw CorpusError(writing: error)
        }
      }
      findings.append(
        CheckFinding(
          path: finding.path, reason: "\(finding.reason) (byte \(finding.offset))", isDamage: !finding.isTornTail,
          repaired: repaired))
    }
    let damaged = Set(findings.filter(\.isDamage).map(\.path))
    for (writer, numbers) in journals.numbers.sorted(by: { $0.key < $1.key }) {
      let file = path + "/journal/\(writer).jsonl"
      guard numbers != Array(0..<numbers.count), !damaged.contains(file) else { continue }
      let first = numbers.enumerated().first { $0.offset != $0.element }?.offset ?? numbers.count
      findings.append(CheckFinding(path: file, reason: "decision \(first) is missing, or there twice", isDamage: true))
    }
    return findings
  }

  /// Decisions and readings of fragments that are not there.
  private func checkReferences(to known: Set<String>) -> [CheckFinding] {
    func missing(_ ids: some Collection<String>, _ what: String, _ folder: String) -> [CheckFinding] {
      ids.filter { !known.contains($0) }.sorted().map {
        CheckFinding(
          path: path + "/" + folder, reason: "\(what) fragment '\($0)', which is not in the corpus", isDamage: true)
      }
    }
    return missing(journals.fragments, "corrections of", "journal")
      + missing(readings.changed, "a reading of", "readings")
  }

  /// Temporary files and half-imported folders that a writer which died has left; removed when asked for.
  private func leftovers(remove: Bool) throws(CorpusError) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    var folders: [String] = []
    for id in fragmentIDs { folders.append(try folder(of: id)) }
    folders += Set(folders.map(Files.parent)).union([path, path + "/fragments", path + "/cache"]).sorted()
    do throws(SystemError) {
      for folder in folders where Files.exists(folder) {
        for name in try Files.list(folder) {
          let file = folder + "/" + name
          let isHalfImport = name.hasPrefix(".import-") && Files.status(file)?.kind == .folder
          let isTemporary = name.contains(".new-") && Int(name.split(separator: "-").last ?? "") != nil
          guard isHalfImport || isTemporary && Files.status(file)?.kind == .file else { continue }
          if remove {
            if isHalfImport { try Files.removeFolder(file) } else { try Files.remove(file) }
          }
          findings.append(
            CheckFinding(
              path: file, reason: "was left behind by a process that ended while writing", isDamage: false,
              repaired: remove))
        }
      }
    } catch {
      throw remove ? CorpusError(writing: error) : CorpusError(reading: error)
    }
    return findings
  }

  private func check(fragment id: String) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    func found(_ path: String, _ reason: String) {
      findings.append(CheckFinding(path: path, reason: reason, isDamage: true))
    }
    do {
      let fragment = try fragment(id)
      for (index, photograph) in fragment.photographs.enumerated() {
        let path = try photographPath(fragment, index)
        do {
          let header = try PNG.header(path: path)
          if header.width != photograph.width || header.height != photograph.height {
            found(
              path,
              "is \(header.width) x \(header.height), but fragment.json says \(photograph.width) x \(photograph.height)"
            )
          }
          if let hash = photograph.sha256, try SHA256.hash(file: path) != hash {
            found(path, "has changed since it was imported (its SHA-256 differs)")
          }
        } catch let error as RasterError {
          found(path, error.reason)
        }
      }
      for region in try regionsToRead(of: id) where !fragment.photographs.indices.contains(region.photograph) {
        found(path, "line \(region.id) of '\(id)' lies on photograph \(region.photograph + 1), which is not there")
      }
      _ = try readings.reading(of: id)
    } catch let error as CorpusError {
      found(error.path, error.reason)
    } catch {
      found(path, "\(error)")
    }
    return findings
  }
}

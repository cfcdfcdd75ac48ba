import Glibc
import JSON
import Platform
import Raster
import Synchronization
import Text

extension CorpusStore {
  /// Verifies every record, reference, photograph, checksum and index entry; fragments in parallel. Nothing is believed of the index: journals
  /// and readings are read whole.
  ///
  /// `repair` cuts torn tails from journals and readings and puts damaged line feeds back (a copy of the file is kept beside it as
  /// `….torn-<time>`), moves what writers that died have left to `set-aside/`, and makes the index anew where it lies. Nothing is removed, and
  /// nothing else is touched: no link is followed, no file with a second name is changed, damage needs a backup. Run it while no other process
  /// writes. Reads every byte of the corpus once.
  ///
  /// - Parameter accepting: a scholar who accepts the damage that is found now: from then on it is a notice (`AcceptedLosses`).
  public func check(
    repair: Bool = false, accepting: String? = nil, workers: Int = Threads.cores,
    progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(CorpusError) -> [CheckFinding] {
    if repair || accepting != nil { try writable() }
    let plain = try Self.open(at: path, readOnly: true, usesIndex: false)
    let ids = plain.fragmentIDs
    let index = CorpusIndex(path: indexPath)
    var findings = plain.checkFragments(ids, against: index == nil ? nil : self, workers, progress)
    findings += try plain.checkRecordFiles(repair: repair)
    findings += plain.checkLengths(index)
    findings += try plain.leftovers(setAside: repair)
    findings += plain.checkReferences(to: Set(ids))
    if index == nil, Files.exists(indexPath) {
      findings.append(
        CheckFinding(path: indexPath, reason: "is damaged, or of another version; it is derived", kind: .leftover))
    }
    if repair, let lying = findings.indices.first(where: { findings[$0].path == indexPath }) {
      try setAside(indexPath, at: Clock.now())
      adoptIndex()
      try updateIndex(always: true)
      for place in lying..<findings.count where findings[place].path == indexPath { findings[place].repaired = true }
    }
    var accepted = AcceptedLosses(of: path)
    if let finding = accepted.finding { findings.append(finding) }
    findings = findings.summedUp()
    if let accepting { try accepted.accept(findings.map(accepted.judged), by: accepting) }
    return findings.map(accepted.judged)
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
              kind: .leftover))
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
    for finding in journals.findings + readings.findings + remarks.findings {
      let isMendable = finding.kind == .torn || finding.kind == .lineEnd
      var found = CheckFinding(
        path: finding.path, reason: "\(finding.reason) (byte \(finding.offset))",
        kind: isMendable ? .leftover : finding.kind == .ahead ? .notice : Self.kind(ofUnread: finding.path))
      if repair && isMendable {
        do throws(SystemError) {
          let file = try MendedFile(path: finding.path)
          try Files.copy(finding.path, to: finding.path + ".torn-\(Clock.now())")
          if finding.kind == .torn { try file.cut(to: finding.offset) } else { try file.put(0x0A, at: finding.offset) }
          found.repaired = true
        } catch {
          guard [EMLINK, ELOOP, ESPIPE].contains(error.errno) else { throw CorpusError(writing: error) }
          found.reason += "; not mended: it \(error.reason)"
        }
      }
      findings.append(found)
    }
    let damaged = Set(findings.filter(\.isDamage).map(\.path))
    for (writer, numbers) in journals.numbers.sorted(by: { $0.key < $1.key }) {
      let file = path + "/journal/\(writer).jsonl"
      guard numbers != Array(0..<numbers.count), !damaged.contains(file) else { continue }
      let first = numbers.enumerated().first { $0.offset != $0.element }?.offset ?? numbers.count
      findings.append(CheckFinding(path: file, reason: "decision \(first) is missing, or there twice", kind: .damage))
    }
    return findings
  }

  /// Record files that are shorter than they were when somebody saw them: when an index was written, or when another writer decided.
  private func checkLengths(_ index: CorpusIndex?) -> [CheckFinding] {
    let witnessed = journals.witnessed.map { ("journal/\($0.key).jsonl", $0.value) }
    let longest = Dictionary(witnessed) { max($0, $1) }.merging(index?.longest ?? [:]) { max($0, $1) }
    return longest.sorted { $0.key < $1.key }.compactMap { name, bytes in
      let path = self.path + "/" + name
      let size = Files.status(path)?.size
      guard size ?? 0 < bytes, name.hasPrefix("journal/") || name.hasPrefix("readings/") else { return nil }
      let lost =
        size.map { "the last \(bytes - $0) of the \(bytes) bytes it had are lost" }
        ?? "is missing; it had \(bytes) bytes"
      return CheckFinding(path: path, reason: lost + ": restore it from a backup", kind: .damage)
    }
  }

  /// Decisions and readings of fragments that are not there.
  private func checkReferences(to known: Set<String>) -> [CheckFinding] {
    func missing(_ ids: some Collection<String>, _ what: String, _ folder: String) -> [CheckFinding] {
      ids.filter { !known.contains($0) }.sorted().map {
        CheckFinding(
          path: path + "/" + folder, reason: "\(what) fragment '\($0)', which is not in the corpus", kind: .damage)
      }
    }
    return missing(journals.fragments, "corrections of", "journal")
      + missing(readings.changed, "a reading of", "readings") + missing(remarks.fragments, "remarks about", "remarks")
  }

  /// Names that Grapheion replaces by way of a temporary file beside them.
  private static let replaced: Set<String> = ["corpus.json", "fragment.json", "lines.json", "index"]

  /// Temporary files and half-imported folders that a writer which died has left; moved to `set-aside/` when asked for. Names that Grapheion does
  /// not give, links and folders behind links are left alone.
  private func leftovers(setAside isRepair: Bool) throws(CorpusError) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    let ids = Set(fragmentIDs)
    var folders: [String] = []
    for id in ids.sorted() { folders.append(try folder(of: id)) }
    let roots = shards == 2 ? Set(folders.map(Files.parent)) : [path + "/fragments"]
    folders += Set(folders.map(Files.parent)).union(
      [path + "/fragments", path + "/cache"] + MadeFile.folders.map { path + "/" + $0 }
    )
    .sorted()
    let now = Clock.now()
    for folder in [path] + folders.filter({ Files.isItself(.folder, $0) }) {
      let names: [String]
      do throws(SystemError) { names = try Files.list(folder) } catch {
        findings.append(CheckFinding(path: folder, reason: error.reason, kind: Self.kind(ofUnread: folder)))
        continue
      }
      for name in names {
        let file = folder + "/" + name
        if roots.contains(folder), Self.isValid(id: name), !ids.contains(name) { findings.append(stray(file)) }
        guard let writer = Self.writer(ofLeftover: name, file) else { continue }
        guard !Files.isAlive(process: writer) else {
          findings.append(
            CheckFinding(
              path: file, reason: "is being written by process \(writer)", kind: .notice))
          continue
        }
        if isRepair { try setAside(file, at: now) }
        findings.append(
          CheckFinding(
            path: file, reason: "was left behind by a process that ended while writing", kind: .leftover,
            repaired: isRepair))
      }
    }
    return findings
  }

  /// What lies among the fragments and is none.
  private func stray(_ file: String) -> CheckFinding {
    guard Files.status(file)?.kind == .folder else {
      return CheckFinding(path: file, reason: "is no folder, and so no fragment", kind: .notice)
    }
    do throws(SystemError) {
      guard try !Files.list(file).isEmpty else {
        return CheckFinding(path: file, reason: "is empty, and so no fragment", kind: .notice)
      }
    } catch {
      return CheckFinding(path: file, reason: error.reason, kind: Self.kind(ofUnread: file))
    }
    return CheckFinding(
      path: file, reason: "has no fragment.json, and so is no fragment: restore it from a backup", kind: .damage)
  }

  /// The process that made a temporary file or folder; nil for every other name, and for links.
  private static func writer(ofLeftover name: String, _ path: String) -> Int32? {
    if let temporary = Files.temporary(named: name) {
      return replaced.contains(temporary.target) && Files.isItself(.file, path) ? temporary.process : nil
    }
    guard name.hasPrefix(".import-"), let dash = name.lastIndex(of: "-"),
      let process = Int32(name[name.index(after: dash)...]), process > 0,
      isValid(id: String(name[..<dash].dropFirst(8))), Files.isItself(.folder, path)
    else { return nil }
    return process
  }

  /// Moves a file or folder of the corpus to `set-aside/<time>/`, under its name with dashes for slashes.
  private func setAside(_ file: String, at time: Int64) throws(CorpusError) {
    let name = file.dropFirst(path.count + 1).split(separator: "/").joined(separator: "-")
    let folder = path + "/set-aside/\(time)"
    do throws(SystemError) {
      try Files.makeFolder(folder)
      try Files.rename(file, to: folder + "/" + name)
      try Files.flushFolder(of: folder + "/" + name)
    } catch {
      throw CorpusError(writing: error)
    }
  }

  /// What it is that a file is not as it should be: damage, unless whoever checks may not look at it.
  private static func kind(ofUnread path: String) -> CheckFinding.Kind {
    Files.isForbidden(path) ? .forbidden : .damage
  }

  private func check(fragment id: String) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    func found(_ path: String, _ reason: String) {
      findings.append(CheckFinding(path: path, reason: reason, kind: Self.kind(ofUnread: path)))
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
      let lost = try regionsToRead(of: id).filter { !fragment.photographs.indices.contains($0.photograph) }
      if let first = lost.first {
        let others = lost.count > 1 ? ", and \(lost.count - 1) more like it" : ""
        found(
          path, "line \(first.id) of '\(id)' lies on photograph \(first.photograph + 1), which is not there\(others)")
      }
      _ = try readings.reading(of: id)
      do throws(CorpusError) {
        _ = try alignment(of: id)
        _ = try proposals(of: id)
      } catch {
        findings.append(CheckFinding(path: error.path, reason: error.reason, kind: .leftover))
      }
    } catch let error as CorpusError {
      found(error.path, error.reason)
    } catch {
      found(path, "\(error)")
    }
    return findings
  }
}

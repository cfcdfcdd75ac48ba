import JSON
import Platform
import Raster

/// Something wrong in a corpus, and whether `repair` mended it.
public struct CheckFinding: Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String
  /// Lost or changed truth; a torn tail, a temporary file left behind and other leftovers of a crash are not.
  public var isDamage: Bool
  public var repaired: Bool

  public var description: String {
    "\(displayText(path)): \(displayText(reason))\(repaired ? " (repaired)" : "")"
  }
}

extension CorpusStore {
  /// Verifies every record, reference, photograph and checksum.
  ///
  /// `repair` cuts torn tails from journals and readings (a copy of the file is kept beside it as `….torn-<time>`) and removes temporary files of
  /// writers that died. Nothing else is touched: damage needs a backup. Run it while no other process writes. Reads every byte of the
  /// corpus once.
  public func check(
    repair: Bool = false, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(CorpusError) -> [CheckFinding] {
    if repair { try writable() }
    var findings: [CheckFinding] = []
    let ids = fragmentIDs
    for (index, id) in ids.enumerated() {
      findings += check(fragment: id)
      progress(index + 1, ids.count)
    }
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
    findings += try leftovers(remove: repair)
    let known = Set(ids)
    for id in journals.fragments.sorted() where !known.contains(id) {
      findings.append(
        CheckFinding(
          path: path + "/journal", reason: "corrections of fragment '\(id)', which is not in the corpus",
          isDamage: true,
          repaired: false))
    }
    return findings
  }

  /// Temporary files and half-imported folders that a writer which died has left; removed when asked for.
  private func leftovers(remove: Bool) throws(CorpusError) -> [CheckFinding] {
    var findings: [CheckFinding] = []
    var folders: [String] = []
    for id in fragmentIDs { folders.append(try folder(of: id)) }
    folders += Set(folders.map(Files.parent)).union([path, path + "/fragments"]).sorted()
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
      findings.append(CheckFinding(path: path, reason: reason, isDamage: true, repaired: false))
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

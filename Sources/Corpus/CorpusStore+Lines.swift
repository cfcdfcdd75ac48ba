import Glibc
import JSON
import Platform
import Raster
import Text

extension CorpusStore {
  /// Regions that somebody gave (PAGE, ALTO, drawn): `lines.json`, an array of regions. nil where there is no such file.
  public func givenRegions(of id: String) throws(CorpusError) -> [LineRegion]? {
    try Self.readRegions(try folder(of: id) + "/lines.json")
  }

  /// nil where there is no such file.
  static func readRegions(_ file: String) throws(CorpusError) -> [LineRegion]? {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(file, limit: linesLimit) } catch {
      guard error.errno == ENOENT else { throw CorpusError(reading: error) }
      return nil
    }
    let json: JSONValue
    do throws(JSONError) { json = try JSONValue.parse(bytes) } catch {
      throw CorpusError(.damaged, path: file, "\(error)")
    }
    var regions: [LineRegion] = []
    for value in json.array ?? [] {
      guard let region = LineRegion(json: value) else {
        throw CorpusError(.damaged, path: file, "entry \(regions.count + 1) is no line region")
      }
      regions.append(region)
    }
    return regions
  }

  /// Bytes that `lines.json` may have.
  static let linesLimit = 64 << 20

  static func bytes(of regions: [LineRegion]) -> [UInt8] { JSONValue.array(regions.map(\.json)).pretty() }

  /// Writes `lines.json`. Regions that its reader would refuse are refused here.
  public func give(_ regions: [LineRegion], to id: String) throws(CorpusError) {
    let file = try folder(of: id) + "/lines.json"
    try writable()
    let bytes = Self.bytes(of: regions)
    guard bytes.count <= Self.linesLimit, regions.allSatisfy({ LineRegion(json: $0.json) != nil }) else {
      throw CorpusError(.badName, path: file, "holds a line beyond what a photograph can have, or too many of them")
    }
    do throws(SystemError) { try Files.replace(file, with: bytes) } catch {
      throw CorpusError(writing: error)
    }
    markChanged()
  }

  /// The lines of a fragment in reading order, with offers and decisions.
  public func lines(of id: String) throws(CorpusError) -> [LineState] {
    Fold.lines(
      given: try givenRegions(of: id) ?? [], reading: try readings.reading(of: id),
      corrections: try journals.corrections(of: id), alignment: try alignment(of: id))
  }

  /// Regions that a new reading must use: given ones, and all present ones once a scholar has decided about any. Empty: layout finds them.
  public func regionsToRead(of id: String) throws(CorpusError) -> [LineRegion] {
    if try journals.corrections(of: id).isEmpty { return try givenRegions(of: id) ?? [] }
    return try lines(of: id).map(\.region)
  }

  /// All decisions about a fragment, oldest first.
  public func corrections(of id: String) throws(CorpusError) -> [Correction] { try journals.corrections(of: id) }

  /// Frees the memory that a fragment's decisions take; they are read again when they are asked for.
  public func letGo(of id: String) { journals.letGo(of: id) }

  /// The newest reading; nil where there is none.
  public func reading(of id: String) throws(CorpusError) -> FragmentReading? { try readings.reading(of: id) }

  public func readingSummary(of id: String) throws(CorpusError) -> ReadingSummary? {
    try readings.newest(of: id)?.summary
  }

  /// Records a decision; `time`, `writer` and `sequence` of the draft are set here. When this returns, the decision is on the disk.
  @discardableResult public func record(_ draft: Correction) throws(CorpusError) -> Correction {
    try record([draft], of: draft.fragment)[0]
  }

  /// Records decisions about lines of one fragment together: by one flush, all or none.
  /// - Precondition: each is of that fragment.
  @discardableResult public func record(
    _ drafts: [Correction], of id: String
  ) throws(CorpusError) -> [Correction] {
    precondition(drafts.allSatisfy { $0.fragment == id })
    try writable()
    guard Self.isValid(id: id) else {
      throw CorpusError(.badName, path: path, "'\(id)' cannot be the id of a fragment")
    }
    return try journals.append(drafts, of: id)
  }

  /// Records what a model read. When this returns, it is on the disk; with `flushed` false only after the next `flushReadings`, though it
  /// survives the end of this process at once.
  ///
  /// - Parameter inputs: what it was read from, where that is known; else the fragment as it stands now.
  public func record(
    _ reading: FragmentReading, inputs: String? = nil, flushed: Bool = true
  ) throws(CorpusError) {
    try writable()
    let name = if let inputs { inputs } else { try self.inputs(of: reading.fragment) }
    try readings.append(reading, inputs: name, flushed: flushed)
  }

  /// Brings readings that were recorded unflushed onto the disk.
  public func flushReadings() throws(CorpusError) { try readings.flush() }

  /// Records that a fragment could not be read, and why.
  public func recordFailure(
    fragment id: String, model: String, settings: String, reason: String, flushed: Bool = true
  ) throws(CorpusError) {
    try writable()
    let nothing = FragmentReading(fragment: id, model: model, settings: settings, seconds: 0, lines: [])
    // A fragment may fail because its own record is damaged: then there is nothing to name as input.
    let inputs: String
    do throws(CorpusError) { inputs = try self.inputs(of: id) } catch { inputs = "" }
    try readings.append(nothing, inputs: inputs, failure: reason, flushed: flushed)
  }

  /// A name for everything that decides what a model sees: the photographs' hashes and the given regions.
  public func inputs(of id: String) throws(CorpusError) -> String {
    if let known = indexed(id)?.inputs { return known }
    let fragment = try fragment(id)
    return try inputs(of: fragment, regions: try regionsToRead(of: id))
  }

  /// What the index says of a fragment, where it holds: no file is opened.
  private func indexed(_ id: String) -> IndexEntry? {
    isListingCurrent && !journals.isChanged(id) && !readings.isChanged(id) ? index?.entry(of: id) : nil
  }

  /// - Parameter regions: those that are to be read (`regionsToRead`).
  public func inputs(of fragment: Fragment, regions: [LineRegion]) throws(CorpusError) -> String {
    var parts: [String] = []
    for (index, photograph) in fragment.photographs.enumerated() {
      if let hash = photograph.sha256 {
        parts.append(String(hash.prefix(16)))
      } else {
        let status = Files.status(try photographPath(fragment, index))
        parts.append("\(status?.size ?? 0)-\(status?.modified ?? 0)")
      }
    }
    for region in regions { parts.append(region.json.text) }
    return String(Checksum.crc32c(Array(parts.joined(separator: " ").utf8)), radix: 16) + "-\(parts.count)"
  }

  /// Whether the newest reading is what this model with these settings would say again: nothing to do.
  public func isCurrent(_ id: String, model: String, settings: String) throws(CorpusError) -> Bool {
    guard let summary = try readingSummary(of: id), summary.model == model, summary.settings == settings else {
      return false
    }
    let known = indexed(id)
    let fragment = if let known { known.fragment } else { try fragment(id) }
    let inputs =
      if let name = known?.inputs { name } else { try inputs(of: fragment, regions: try regionsToRead(of: id)) }
    guard summary.inputs == inputs else { return false }
    return try !isOverwritten(fragment, since: summary.time)
  }

  /// Whether a photograph is newer than its reading and no longer what its record says: somebody wrote over it. Only a newer one is read to find out.
  private func isOverwritten(_ fragment: Fragment, since time: Int64) throws(CorpusError) -> Bool {
    for (index, photograph) in fragment.photographs.enumerated() {
      guard let hash = photograph.sha256 else { continue }
      let path = try photographPath(fragment, index)
      // Files are dated by a coarser clock than readings, and on other machines by another: a second either way.
      guard let status = Files.status(path), status.modified / 1000 + 1_000_000 > time else { continue }
      do throws(SystemError) {
        if try SHA256.hash(file: path) != hash { return true }
      } catch { throw CorpusError(reading: error) }
    }
    return false
  }

  /// Sees what other processes have written since opening or the last refresh; returns the fragments that changed.
  @discardableResult public func refresh() throws(CorpusError) -> Set<String> {
    try refreshListing()
    return try journals.refresh().union(try readings.refresh()).union(try remarks.refresh())
  }

  /// What was passed over while reading journals and readings: torn tails and damaged records, worded for the person.
  public var warnings: [String] {
    (journals.findings + readings.findings + remarks.findings).map {
      "\(displayText($0.path)): \($0.reason) (byte \($0.offset))"
    }
  }

  /// Throws where the corpus may be looked at only.
  public func writable() throws(CorpusError) {
    if isReadOnly {
      throw CorpusError(
        .readOnly, path: path, "the corpus is read-only here; copy it to a folder of yours to work on it")
    }
  }
}

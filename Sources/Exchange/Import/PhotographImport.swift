import Corpus
import JSON
import Platform
import Raster
import Text

/// What an import did with one path.
public enum ImportOutcome: Hashable, Sendable {
  case added(fragment: String, path: String)
  /// The same photograph is in the corpus already.
  case present(fragment: String, path: String)
  case refused(path: String, reason: String)
  /// A file in a folder that is no photograph; named so that nobody believes it was taken.
  case leftOut(path: String, reason: String)
  /// Something of a file beside a photograph came in later than the photograph, or of a photograph not all.
  case noted(path: String, what: String)
  /// Something of a file beside a photograph did not come in.
  case missed(path: String, LeftOut)
}

extension CorpusStore {
  /// Adds photographs: files, or folders and all images in them. Each path is dealt with on its own; what is refused is told with the
  /// reason, and the rest goes on.
  ///
  /// The original's bytes are copied when it is a PNG that stands upright; other types go through an installed converter, each page of a TIFF or PDF as a photograph of the
  /// fragment. A file's type is what its bytes say, in folders too. A JSON file of the same name beside
  /// the photograph (`x.json` for `x.png`, members as in `fragment.json`) gives title, numbers, date and so on.
  /// - Parameters:
  ///   - scholar: under whose name texts from sidecars are recorded.
  ///   - sidecar: looks for what describes the lines of a photograph beside it; throws what is wrong with it.
  ///   - tell: told each outcome as it comes.
  public func importPhotographs(
    _ paths: [String], scholar: String, sidecar: @escaping Sidecar.Source = Sidecars.source(),
    tell: (ImportOutcome) -> Void
  ) throws(CorpusError) {
    try writable()
    let ledger = DescriptionLedger()
    var photographs = PhotographImport(self, scholar: scholar) { path, picture in
      let found = try sidecar(path, picture)
      if let found { ledger.use(found) }
      return found
    }
    for path in paths {
      for found in PhotographFinder.candidates(path) {
        switch found {
        case .passedOver(let outcome): tell(outcome)
        case .description(let file): ledger.found(file)
        case .photograph(let file):
          do {
            tell(try photographs.add(file, tell))
          } catch let error as CorpusError where error.code == .unwritable {
            // A full disk refuses every file that follows, too: stop, and say why once.
            throw error
          } catch {
            ledger.refuse(photograph: file)
            let reason =
              (error as? RasterError)?.reason ?? (error as? CorpusError)?.reason ?? displayText("\(error)")
            tell(.refused(path: file, reason: reason))
          }
        }
      }
    }
    for outcome in ledger.forgotten { tell(outcome) }
  }
}

/// One import: photographs come into a corpus one by one, each with what stands beside it.
struct PhotographImport {
  let store: CorpusStore
  let scholar: String
  let sidecar: Sidecar.Source
  /// Fragments by the hash of a photograph, or of the file it was converted from; a cover sheet or an empty page may be in many.
  private(set) var known: [String: Set<String>] = [:]
  /// Fragments to which this import brought pictures of a sheet, by the folder these lie in and what their names share.
  private(set) var sheets: [String: [String]] = [:]

  init(_ store: CorpusStore, scholar: String, sidecar: @escaping Sidecar.Source) {
    self.store = store
    self.scholar = scholar
    self.sidecar = sidecar
    for id in store.fragmentIDs {
      // What is known of a damaged fragment cannot be compared; it keeps nobody from importing others.
      guard let fragment = try? store.fragment(id) else { continue }
      learn(fragment.photographs, of: id)
    }
  }

  private mutating func learn(_ photographs: [Photograph], of id: String) {
    for photograph in photographs {
      for hash in [photograph.sha256, photograph.source?.sha256] { if let hash { known[hash, default: []].insert(id) } }
    }
  }

  private mutating func remember(_ sheet: String, in id: String) {
    if sheets[sheet]?.contains(id) != true { sheets[sheet, default: []].append(id) }
  }

  /// What a file of several pages shares with fragments that are here, where it is not itself one of them.
  private func repeated(_ photographs: [Photograph]) -> String? {
    let pages = photographs.indices.filter { known[photographs[$0].sha256 ?? ""] != nil }
    guard let first = pages.first, let id = known[photographs[first].sha256 ?? ""]?.min() else { return nil }
    return "\(pages.count) of its \(photographs.count) pages \(pages.count == 1 ? "is" : "are") here already "
      + "(page \(first + 1), in \(id)), but no fragment has them all: the whole file is taken"
  }

  /// Adds one file.
  ///
  /// - Parameter address: where it was fetched from.
  mutating func add(
    _ path: String, address: String? = nil, _ tell: (ImportOutcome) -> Void
  ) throws -> ImportOutcome {
    let hash = try SHA256.hash(file: path)
    let stem = Files.name(path).split(separator: ".").dropLast().joined(separator: ".")
    let picture = PictureName(stem)
    let sheet = picture.sheetKey(of: path)
    if let id = known[hash]?.min() {
      remember(sheet, in: id)
      return try takeLater(path, fragment: id, hash: hash, tell)
    }
    let record = try record(beside: path)
    let metadata = record?.fragment
    let home = try home(of: path, stem, named: picture, given: metadata)
    let name = picture.fragmentName(of: path)
    let id =
      try home?.id ?? freeID(metadata?.id ?? CorpusStore.identifier(from: name.isEmpty ? Files.name(path) : name))
    let staging = try store.makeStaging(for: id)
    do {
      var (photographs, notes) = try Self.bring(
        path, to: staging, as: CorpusStore.identifier(from: stem.isEmpty ? Files.name(path) : stem), hash: hash)
      if let address {
        for place in photographs.indices {
          var source = photographs[place].source ?? Photograph.Source(file: Files.name(path), sha256: hash)
          source.address = address
          photographs[place].source = source
        }
      }
      let frames = try ImageConverter.frames(of: path)
      let homes = photographs.map { known[$0.sha256 ?? ""] ?? [] }
      if let own = photographs[0].sha256, let id = homes.dropFirst().reduce(homes[0], { $0.intersection($1) }).min() {
        try Files.removeFolder(staging)
        remember(sheet, in: id)
        return try takeLater(path, fragment: id, hash: own, tell)
      }
      notes += [repeated(photographs)].compactMap(\.self)
      var fragment = metadata ?? Fragment(id: id, title: displayText(name))
      fragment.id = id
      for (place, described) in fragment.photographs.enumerated() where place < photographs.count {
        photographs[place].side = described.side
      }
      if photographs.count == 1, photographs[0].side == nil { photographs[0].side = picture.side?.side }
      var given = try sidecar(
        path, ImportedPicture(photographs[0], orientation: try ImageConverter.orientation(of: path)))
      try verify(given, id)
      if let home {
        try store.add(photographs, staged: staging, to: home)
        given = given?.moved(toPhotograph: home.photographs.count)
        if let given, !given.regions.isEmpty {
          try store.give((try store.givenRegions(of: id) ?? []) + given.regions, to: id)
        }
        try Files.removeFolder(staging)
      } else {
        fragment.photographs = photographs
        try store.add(fragment, staged: staging, regions: given?.regions ?? [])
      }
      known[hash, default: []].insert(id)
      learn(photographs, of: id)
      remember(sheet, in: id)
      if frames > 1 { notes.append("is a moving picture: the first of its \(frames) frames is taken") }
      for note in notes { tell(.noted(path: path, what: note)) }
      if let record, !record.leftOut.isEmpty { tell(.missed(path: record.path, record.leftOut)) }
      if let given {
        try recordTexts(of: given, fragment: id)
        if !given.leftOut.isEmpty { tell(.missed(path: given.path, given.leftOut)) }
      }
    } catch {
      try Files.removeFolder(staging)
      // A full disk is one error for the whole import, whoever met it.
      if let system = error as? SystemError, system.isFullDisk { throw CorpusError(writing: system) }
      throw error
    }
    store.letGo(of: id)
    return .added(fragment: id, path: path)
  }

  /// Brings the pictures of a file into `folder` as `name.png`, `name-2.png` …: a PNG that is ready as it is, each page of another type converted.
  /// - Returns: also what is to be told of them.
  private static func bring(
    _ path: String, to folder: String, as name: String, hash: String
  ) throws -> (photographs: [Photograph], notes: [String]) {
    var (photographs, notes): ([Photograph], [String]) = ([], [])
    let pages = try ImageConverter.pages(of: path)
    for (place, page) in pages.enumerated() {
      let file = place == 0 ? "\(name).png" : "\(name)-\(place + 1).png"
      let target = folder + "/" + file
      var converter: String?
      if try ImageConverter.isReady(path) {
        try Files.copy(path, to: target)
      } else {
        let words = try ImageConverter.convert(path, page: page, toPNG: target) { note in
          if !notes.contains(note) { notes.append(note) }
        }
        converter = displayText(words)
      }
      // Every row is decoded once: a photograph cut short is refused here, not when somebody opens it.
      let reader = try PNGRowReader(path: target)
      let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: reader.width * reader.channels)
      defer { row.deallocate() }
      for _ in 0..<reader.height { try reader.readRow(into: row) }
      var photograph = Photograph(
        file: file, width: reader.width, height: reader.height, side: nil, sha256: try SHA256.hash(file: target))
      if photograph.sha256 != hash {
        photograph.source = Photograph.Source(file: Files.name(path), sha256: hash, converter: converter)
      }
      photographs.append(photograph)
    }
    return (photographs, notes)
  }

  /// What stands in `x.json` beside `x.png`, and what of it is no number and no span.
  private func record(beside path: String) throws -> (fragment: Fragment, path: String, leftOut: LeftOut)? {
    let name = Files.name(path)
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    guard let file = NamedFile.path(stem + ".json", in: Files.parent(path)) else { return nil }
    var json = try JSONValue.read(try Files.read(file, limit: 1 << 20), path: file)
    if case .object(var members) = json, json["id"]?.string == nil {
      members.append(
        JSONValue.Member("id", .string(CorpusStore.identifier(from: Files.name(String(file.dropLast(5)))))))
      json = .object(members)
    }
    guard var fragment = Fragment(json: json) else {
      throw ExchangeError(.damaged, path: file, "does not describe a fragment as fragment.json does")
    }
    fragment.id = CorpusStore.identifier(from: fragment.id)
    var leftOut = LeftOut()
    if let said = json["identifiers"]?["tm"].map({ $0.string ?? $0.text }) {
      fragment.identifiers.tm = TrismegistosNumber.read(said)
      if fragment.identifiers.tm == nil, !said.isEmpty { leftOut.add(FragmentRecord.noTM, said) }
    }
    fragment.date.dropReversed(at: "notBefore, notAfter", &leftOut)
    return (fragment, file, leftOut)
  }

  private func freeID(_ wanted: String) throws(CorpusError) -> String {
    guard Files.exists(try store.folder(of: wanted)) else { return wanted }
    var number = 2
    while Files.exists(try store.folder(of: "\(wanted)-\(number)")) { number += 1 }
    return "\(wanted)-\(number)"
  }
}

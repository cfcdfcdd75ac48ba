import Glibc
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
  /// Something of a file beside a photograph came in later than the photograph.
  case noted(path: String, what: String)
  /// Something of a file beside a photograph did not come in.
  case missed(path: String, LeftOut)
}

extension CorpusStore {
  /// Names of files that are meant to be photographs: one that is none is refused, not left out.
  private static let imageNames: Set<String> = [
    "png", "jpg", "jpeg", "jpe", "jfif", "tif", "tiff", "jp2", "j2k", "jpf", "jpx", "bmp", "webp", "gif", "heic",
    "heif",
    "avif",
  ]
  /// Names of files that may lie beside photographs and describe them.
  private static let companions: Set<String> = ["xml", "json", "txt", "csv", "md"]

  /// Adds photographs: files, or folders and all images in them. Each path is dealt with on its own; what is refused is told with the
  /// reason, and the rest goes on.
  ///
  /// The original's bytes are copied when it is a PNG; other types go through an installed converter, each page of a TIFF as a photograph of the
  /// fragment. A file's type is what its bytes say, in folders too. A JSON file of the same name beside
  /// the photograph (`x.json` for `x.png`, members as in `fragment.json`) gives title, numbers, date and so on.
  /// - Parameters:
  ///   - sidecar: looks for PAGE or ALTO beside a photograph; throws what is wrong with it.
  ///   - scholar: under whose name texts from sidecars are recorded.
  ///   - tell: told each outcome as it comes.
  public func importPhotographs(
    _ paths: [String], scholar: String, sidecar: Sidecar.Source,
    tell: (ImportOutcome) -> Void
  ) throws(CorpusError) {
    try writable()
    var known: [String: String] = [:]
    for id in fragmentIDs {
      // What is known of a damaged fragment cannot be compared; it keeps nobody from importing others.
      guard let fragment = try? fragment(id) else { continue }
      for photograph in fragment.photographs {
        for hash in [photograph.sha256, photograph.source?.sha256] { if let hash { known[hash] = id } }
      }
    }
    for path in paths {
      for candidate in candidates(path) {
        guard case .photograph(let file) = candidate else {
          if case .passedOver(let outcome) = candidate { tell(outcome) }
          continue
        }
        do {
          tell(try importOne(file, &known, scholar, sidecar, tell))
        } catch let error as CorpusError where error.code == .unwritable {
          // A full disk refuses every file that follows, too: stop, and say why once.
          throw error
        } catch let error as RasterError {
          tell(.refused(path: file, reason: error.reason))
        } catch let error as CorpusError {
          tell(.refused(path: file, reason: error.reason))
        } catch {
          tell(.refused(path: file, reason: displayText("\(error)")))
        }
      }
    }
  }

  private enum Candidate {
    case photograph(String)
    case passedOver(ImportOutcome)
  }

  /// The images a path stands for, and what in a folder is none. Folders are searched to the bottom, links not followed.
  private func candidates(_ path: String) -> [Candidate] {
    func refused(_ reason: String) -> [Candidate] { [.passedOver(.refused(path: path, reason: reason))] }
    guard let status = Files.status(path) else { return refused("no such file or folder") }
    switch status.kind {
    case .file: return [.photograph(path)]
    case .other: return refused("is neither a file nor a folder")
    case .folder:
      let names: [String]
      do throws(SystemError) { names = try Files.list(path) } catch { return refused(error.description) }
      return names.filter { !$0.hasPrefix(".") }.flatMap { inFolder(path + "/" + $0) }
    }
  }

  private func inFolder(_ path: String) -> [Candidate] {
    switch Files.status(path)?.kind {
    case nil: return [.passedOver(.leftOut(path: path, reason: "a link that leads nowhere, or may not be looked at"))]
    case .other?: return [.passedOver(.leftOut(path: path, reason: "is neither a file nor a folder"))]
    case .folder?:
      guard Files.isLink(path) else { return candidates(path) }
      return [.passedOver(.leftOut(path: path, reason: "a link to a folder; name the folder itself to import it"))]
    case .file?:
      if Self.companions.contains(Self.type(of: path)) { return [] }
      do throws(RasterError) {
        let isNamedSo = Self.imageNames.contains(Self.type(of: path))
        if try isNamedSo ? true : ImageType.of(path) != nil { return [.photograph(path)] }
        return [.passedOver(.leftOut(path: path, reason: ImageType.refusal))]
      } catch {
        return [.passedOver(.refused(path: path, reason: error.reason))]
      }
    }
  }

  /// The last part of a file's name, `xml`.
  private static func type(of path: String) -> String {
    let name = Files.name(path)
    return name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }

  private func importOne(
    _ path: String, _ known: inout [String: String], _ scholar: String, _ sidecar: Sidecar.Source,
    _ tell: (ImportOutcome) -> Void
  ) throws -> ImportOutcome {
    let hash = try SHA256.hash(file: path)
    if let id = known[hash] {
      try takeLater(path, fragment: id, hash: hash, scholar, sidecar, tell)
      return .present(fragment: id, path: path)
    }
    let stem = Files.name(path).split(separator: ".").dropLast().joined(separator: ".")
    let metadata = try self.metadata(beside: path)
    let side = SideName(stem)
    let home = try home(of: stem, side: side, given: metadata)
    let name = side.flatMap { Self.hasOtherSide($0, beside: path) ? $0.stem : nil } ?? stem
    let id = try home?.id ?? freeID(metadata?.id ?? Self.identifier(from: name.isEmpty ? Files.name(path) : name))
    // Everything is put together in a hidden folder, which then takes its name: a fragment is there whole or not at all.
    let folder = try folder(of: id)
    let staging = Files.parent(folder) + "/.import-\(id)-\(Environment.process)"
    try Files.makeFolder(staging)
    do {
      var photographs = try Self.bring(path, to: staging, as: Self.identifier(from: stem), hash: hash)
      for own in photographs.compactMap(\.sha256) {
        guard let id = known[own] else { continue }
        try Files.removeFolder(staging)
        try takeLater(path, fragment: id, hash: own, scholar, sidecar, tell)
        return .present(fragment: id, path: path)
      }
      var fragment = metadata ?? Fragment(id: id, title: displayText(name))
      fragment.id = id
      for (place, described) in fragment.photographs.enumerated() where place < photographs.count {
        photographs[place].side = described.side
      }
      if photographs.count == 1, photographs[0].side == nil { photographs[0].side = side?.side }
      fragment.photographs = photographs
      let given = try sidecar(path, ImportedPicture(photographs[0], orientation: try Self.orientation(of: path)))
      if let home {
        try verify(given, home.id, scholar)
        let (_, _, moved) = try join(photographs, in: staging, to: home, given)
        try Files.removeFolder(staging)
        for hash in [hash] + photographs.compactMap(\.sha256) { known[hash] = id }
        if let moved {
          try recordTexts(of: moved, fragment: id, scholar)
          if !moved.leftOut.isEmpty { tell(.missed(path: moved.path, moved.leftOut)) }
        }
        return .added(fragment: id, path: path)
      }
      if let given, !given.regions.isEmpty {
        try Files.replace(staging + "/lines.json", with: JSONValue.array(given.regions.map(\.json)).pretty())
      }
      try Files.replace(staging + "/fragment.json", with: fragment.json.pretty())
      try verify(staging, fragment, given, scholar)
      try Files.rename(staging, to: folder)
      list(id)
      markChanged()
      for hash in [hash] + photographs.compactMap(\.sha256) { known[hash] = id }
      try Files.flushFolder(of: folder)
      if let given {
        try recordTexts(of: given, fragment: id, scholar)
        if !given.leftOut.isEmpty { tell(.missed(path: given.path, given.leftOut)) }
      }
    } catch {
      try Files.removeFolder(staging)
      // A full disk is one error for the whole import, whoever met it.
      if let system = error as? SystemError, [ENOSPC, EDQUOT, EROFS].contains(system.errno) {
        throw CorpusError(writing: system)
      }
      throw error
    }
    return .added(fragment: id, path: path)
  }

  /// Reads what an import has put together with the readers that everybody will use: what they would refuse does not come into the corpus.
  private func verify(_ staging: String, _ fragment: Fragment, _ given: Sidecar?, _ scholar: String) throws(CorpusError)
  {
    guard try Self.readFragment(staging + "/fragment.json", id: fragment.id) != nil else {
      throw CorpusError(.damaged, path: staging, "could not be read back")
    }
    guard let given, !given.regions.isEmpty else { return }
    guard try Self.readRegions(staging + "/lines.json")?.count == given.regions.count else {
      throw CorpusError(.damaged, path: staging, "lines were lost on the way into the corpus")
    }
    try verify(given, fragment.id, scholar)
  }

  private func verify(_ given: Sidecar?, _ id: String, _ scholar: String) throws(CorpusError) {
    guard let given else { return }
    for region in given.regions {
      guard let text = given.texts[region.id], !text.isEmpty else { continue }
      try Journals.verify(Self.correction(text, for: region, fragment: id, scholar), path: given.path)
    }
  }

  /// Brings the pictures of a file into `folder` as `name.png`, `name-2.png` …: a PNG as it is, each page of another type converted.
  private static func bring(_ path: String, to folder: String, as name: String, hash: String) throws -> [Photograph] {
    var photographs: [Photograph] = []
    let pages = try ImageConverter.pages(of: path)
    for (place, page) in pages.enumerated() {
      let file = place == 0 ? "\(name).png" : "\(name)-\(place + 1).png"
      let target = folder + "/" + file
      if try ImageType.of(path) == .png {
        try Files.copy(path, to: target)
      } else {
        try ImageConverter.convert(path, page: page, toPNG: target)
      }
      // Every row is decoded once: a photograph cut short is refused here, not when somebody opens it.
      let reader = try PNGRowReader(path: target)
      let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: reader.width * reader.channels)
      defer { row.deallocate() }
      for _ in 0..<reader.height { try reader.readRow(into: row) }
      var photograph = Photograph(
        file: file, width: reader.width, height: reader.height, side: nil, sha256: try SHA256.hash(file: target))
      if photograph.sha256 != hash { photograph.source = Photograph.Source(file: Files.name(path), sha256: hash) }
      photographs.append(photograph)
    }
    return photographs
  }

  private func metadata(beside path: String) throws -> Fragment? {
    let file = (path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path) + ".json"
    guard Files.exists(file) else { return nil }
    var json = try JSONValue.parse(try Files.read(file, limit: 1 << 20))
    if case .object(var members) = json, json["id"]?.string == nil {
      members.append(JSONValue.Member("id", .string(Self.identifier(from: Files.name(String(file.dropLast(5)))))))
      json = .object(members)
    }
    guard var fragment = Fragment(json: json) else {
      throw CorpusError(.damaged, path: file, "does not describe a fragment as fragment.json does")
    }
    fragment.id = Self.identifier(from: fragment.id)
    return fragment
  }

  /// A name made fit for an id: other characters become `-`.
  public static func identifier(from name: String) -> String {
    let mapped = name.unicodeScalars.map { scalar -> Character in
      let text = String(Character(scalar))
      return isValid(id: "x" + text) ? Character(text) : "-"
    }
    let trimmed = String(mapped.drop { $0 == "." || $0 == "-" }.prefix(100))
    return trimmed.isEmpty ? "fragment" : trimmed
  }

  private func freeID(_ wanted: String) throws(CorpusError) -> String {
    guard Files.exists(try folder(of: wanted)) else { return wanted }
    var number = 2
    while Files.exists(try folder(of: "\(wanted)-\(number)")) { number += 1 }
    return "\(wanted)-\(number)"
  }
}

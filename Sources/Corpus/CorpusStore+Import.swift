import Glibc
import JSON
import Platform
import Raster

/// What an import did with one path.
public enum ImportOutcome: Hashable, Sendable {
  case added(fragment: String, path: String)
  /// The same photograph is in the corpus already.
  case present(fragment: String, path: String)
  case refused(path: String, reason: String)
  /// Something of a file beside a photograph came in later than the photograph, or did not come in.
  case noted(path: String, what: String)
}

extension CorpusStore {
  private static let imageTypes: Set<String> = ["png", "jpg", "jpeg", "tif", "tiff", "jp2", "bmp", "webp", "gif"]

  /// Adds photographs: files, or folders and all images in them. Each path is dealt with on its own; what is refused is told with the
  /// reason, and the rest goes on.
  ///
  /// The original's bytes are copied when it is a PNG; other types go through an installed converter. A JSON file of the same name beside
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
      for photograph in try fragment(id).photographs {
        for hash in [photograph.sha256, photograph.source?.sha256] { if let hash { known[hash] = id } }
      }
    }
    for path in paths {
      for (file, reason) in candidates(path) {
        if let reason {
          tell(.refused(path: file, reason: reason))
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

  /// The images a path stands for, or the path with the reason why it is refused. Folders are searched to the bottom, links not followed.
  private func candidates(_ path: String) -> [(String, String?)] {
    guard let status = Files.status(path) else { return [(path, "no such file or folder")] }
    switch status.kind {
    case .file: return [(path, nil)]
    case .other: return [(path, "is neither a file nor a folder")]
    case .folder:
      let names: [String]
      do throws(SystemError) { names = try Files.list(path) } catch { return [(path, error.description)] }
      return names.flatMap { name -> [(String, String?)] in
        let inner = path + "/" + name
        if name.hasPrefix(".") { return [] }
        if Files.status(inner)?.kind == .folder { return Files.isLink(inner) ? [] : candidates(inner) }
        return Self.imageTypes.contains(Self.type(of: name)) ? [(inner, nil)] : []
      }
    }
  }

  private static func type(of name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
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
    let id = try freeID(metadata?.id ?? Self.identifier(from: stem.isEmpty ? Files.name(path) : stem))
    // Everything is put together in a hidden folder, which then takes its name: a fragment is there whole or not at all.
    let folder = try folder(of: id)
    let staging = Files.parent(folder) + "/.import-\(id)-\(getpid())"
    try Files.makeFolder(staging)
    var entry: Photograph
    let name = Self.identifier(from: stem) + ".png"
    do {
      try Self.bring(path, to: staging + "/" + name)
      let header = try PNG.header(path: staging + "/" + name)
      entry = Photograph(
        file: name, width: header.width, height: header.height, side: nil,
        sha256: try SHA256.hash(file: staging + "/" + name))
      if entry.sha256 != hash { entry.source = Photograph.Source(file: Files.name(path), sha256: hash) }
      if let own = entry.sha256, let id = known[own] {
        try Files.removeFolder(staging)
        try takeLater(path, fragment: id, hash: own, scholar, sidecar, tell)
        return .present(fragment: id, path: path)
      }
      var fragment = metadata ?? Fragment(id: id, title: stem)
      fragment.id = id
      entry.side = fragment.photographs.first?.side
      fragment.photographs = [entry]
      let given = try sidecar(path, ImportedPicture(entry, orientation: try Self.orientation(of: path)))
      if let given, !given.regions.isEmpty {
        try Files.replace(staging + "/lines.json", with: JSONValue.array(given.regions.map(\.json)).pretty())
      }
      try Files.replace(staging + "/fragment.json", with: fragment.json.pretty())
      try Files.rename(staging, to: folder)
      list(id)
      markChanged()
      known[hash] = id
      try Files.flushFolder(of: folder)
      if let given {
        try recordTexts(of: given, fragment: id, scholar)
        for what in given.leftOut { tell(.noted(path: given.path, what: what)) }
      }
    } catch {
      try Files.removeFolder(staging)
      // A full disk is one error for the whole import, whoever met it.
      if let system = error as? SystemError, [ENOSPC, EDQUOT, EROFS].contains(system.errno) {
        throw CorpusError(writing: system)
      }
      throw error
    }
    if let own = entry.sha256 { known[own] = id }
    return .added(fragment: id, path: path)
  }

  /// Copies a PNG as it is, or converts another type.
  private static func bring(_ path: String, to target: String) throws {
    let start = try Files.prefix(of: path, count: 8)
    if start == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] {
      // Every row is decoded once: a photograph cut short is refused here, not when somebody opens it.
      let reader = try PNGRowReader(path: path)
      let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: reader.width * reader.channels)
      defer { row.deallocate() }
      for _ in 0..<reader.height { try reader.readRow(into: row) }
      try Files.copy(path, to: target)
      return
    }
    try convert(path, toPNG: target)
  }

  /// Converts an image of another type with the first of vips, ImageMagick, GraphicsMagick, ffmpeg that is installed.
  public static func convert(_ path: String, toPNG target: String) throws {
    let converters: [(String, [String])] = [
      ("vips", ["copy", path, target]), ("magick", [path + "[0]", target]), ("convert", [path + "[0]", target]),
      ("gm", ["convert", path + "[0]", target]),
      ("ffmpeg", ["-loglevel", "error", "-y", "-i", path, "-frames:v", "1", target]),
    ]
    var tried: [String] = []
    for (program, arguments) in converters {
      guard let found = ChildProcess.find(program) else { continue }
      tried.append(program)
      if try ChildProcess.run(found, arguments).status == 0 && Files.exists(target) { return }
      if Files.exists(target) { try Files.remove(target) }
    }
    let advice =
      tried.isEmpty
      ? "is no PNG, and no converter is installed (apt-get install imagemagick, or libvips-tools)"
      : "is no PNG, and \(tried.joined(separator: ", ")) could not convert it to one"
    throw CorpusError(.unreadable, path: path, advice)
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

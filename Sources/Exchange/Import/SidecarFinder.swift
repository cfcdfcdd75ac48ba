import Corpus
import Platform
import Text

/// Finds the files that describe the lines of photographs, folder by folder. One thread.
///
/// Of `x.png`: `x.xml`, `x.png.xml`, `x.page.xml` or `x.alto.xml` (and the like, in any capitals) beside it, in a folder `page` or `alto`, or in one of those
/// beside its own folder; else what says inside that it describes an image of this name; of a picture that was made of `x` (`x.bin.png`) what is called as
/// those of `x`, where no photograph `x` is there; else what a METS file in its folder or the one above names for it.
final class SidecarFinder {
  private let names = FolderNames()
  private var metsFiles: [String: METS] = [:]
  /// METS files that cannot be read: told of once, not with every photograph.
  private var damaged: Set<String> = []
  /// Files by the image they say they describe, folder by folder; those before are let go.
  private var described: [String: [String: [String]]] = [:]

  /// What was found for a photograph.
  struct Found {
    /// All files that describe it; the first one is to be read.
    var paths: [String] = []
    /// What METS files tell of it that cannot come in, and the last of them.
    var leftOut = LeftOut()
    var mets = ""
  }

  func descriptions(of photograph: String) -> Found {
    let folder = Files.parent(photograph)
    let name = Files.name(photograph)
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    let places = places(around: folder)
    // Of `a.png` and `A.png` each has its own.
    var found = files([stem, name], in: places) { path in
      let own = String(Files.name(path).prefix(stem.count))
      return own == stem || !names.hasPhotograph(own, in: folder)
    }
    if found.isEmpty { found = places.flatMap { images(in: $0)[stem.lowercased()] ?? [] } }
    if found.isEmpty, let origin = Self.origin(of: stem), !names.hasPhotograph(origin, in: folder) {
      found = files([origin], in: places) { path in
        // One that says it describes another picture there is that one's.
        DescriptionHead(of: path).image.map { $0 == origin || !names.hasPhotograph($0, in: folder) } ?? true
      }
    }
    return found.isEmpty ? named(byMETSNear: folder, photograph) : Found(paths: found)
  }

  private func named(byMETSNear folder: String, _ photograph: String) -> Found {
    var found = Found()
    for path in METS.paths(near: folder) where found.paths.isEmpty {
      do throws(ExchangeError) {
        guard let answer = try mets(path)?.description(of: photograph) else { continue }
        found.paths = answer.path.map { [$0] } ?? []
        found.leftOut.add(answer.leftOut)
      } catch {
        found.leftOut.add("METS files that cannot be read", error.reason)
      }
      found.mets = path
    }
    return found
  }

  /// Descriptions that are called by one of some names, in some folders.
  private func files(_ starts: [String], in places: [String], where isOwn: (_ path: String) -> Bool) -> [String] {
    let endings = [".xml"] + DescriptionKind.all.flatMap(\.endings)
    var found: [String] = []
    for place in places {
      for start in starts {
        for path in endings.flatMap({ names.files(start + $0, in: place) }) where !found.contains(path) {
          if isOwn(path), DescriptionHead(of: path).isDescription { found.append(path) }
        }
      }
    }
    return found
  }

  /// What a picture was made of, as OCRopus and OCR-D call those they binarise, normalise and flatten: `a` of `a.bin`; nil for other names.
  private static func origin(of stem: String) -> String? {
    let ending = [".bin", ".nrm", ".dewarped"].first { stem.lowercased().hasSuffix($0) && stem.count > $0.count }
    return ending.map { String(stem.dropLast($0.count)) }
  }

  /// Where descriptions of a folder's photographs may lie.
  private func places(around folder: String) -> [String] {
    let wanted = DescriptionKind.all.flatMap(\.folders)
    let beside = folder.isEmpty || folder == "." ? [] : names.folders(wanted, in: Files.parent(folder))
    return [folder] + names.folders(wanted, in: folder) + beside.filter { $0 != folder }
  }

  private func images(in folder: String) -> [String: [String]] {
    if let known = described[folder] { return known }
    if described.count >= FolderNames.most { described = [:] }
    var images: [String: [String]] = [:]
    for name in names.all(in: folder).sorted() where DescriptionKind.isNamed(name) {
      let path = folder + "/" + name
      guard Files.status(path)?.kind == .file, let image = DescriptionHead(of: path).image else { continue }
      images[image.lowercased(), default: []].append(path)
    }
    described[folder] = images
    return images
  }

  /// A METS file, read once; nil for one that could not be read before.
  private func mets(_ path: String) throws(ExchangeError) -> METS? {
    if let known = metsFiles[path] { return known }
    guard !damaged.contains(path) else { return nil }
    do throws(ExchangeError) {
      let read = try METS(path: path)
      if metsFiles.count >= FolderNames.most { metsFiles = [:] }
      metsFiles[path] = read
      return read
    } catch {
      damaged.insert(path)
      throw error
    }
  }
}

extension String {
  /// `a b` of `a%20b`; the text itself where that is no UTF-8.
  var percentDecoded: String {
    guard contains("%") else { return self }
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self) ?? self
  }
}

import Platform
import Raster

/// Finds the photographs that a path stands for. Folders are searched to the bottom, links in them not followed.
enum PhotographFinder {
  enum Found {
    case photograph(String)
    /// A file that may describe the lines of one.
    case description(String)
    case passedOver(ImportOutcome)
  }

  /// Endings of files that may lie beside photographs and describe them; `jsonl` are an export's manifests.
  private static let companions: Set<String> = ["json", "jsonl", "txt", "csv", "md"]

  /// The images a path stands for, and what in a folder is none.
  static func candidates(_ path: String) -> [Found] {
    func refused(_ reason: String) -> [Found] { [.passedOver(.refused(path: path, reason: reason))] }
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

  private static func inFolder(_ path: String) -> [Found] {
    switch Files.status(path)?.kind {
    case nil: return [.passedOver(.leftOut(path: path, reason: "a link that leads nowhere, or may not be looked at"))]
    case .other?: return [.passedOver(.leftOut(path: path, reason: "is neither a file nor a folder"))]
    case .folder?:
      guard Files.isLink(path) else { return candidates(path) }
      return [.passedOver(.leftOut(path: path, reason: "a link to a folder; name the folder itself to import it"))]
    case .file?:
      if DescriptionKind.isNamed(path) { return [.description(path)] }
      if companions.contains(type(of: path)) { return [] }
      do throws(RasterError) {
        // What is named as an image is meant to be one: if it is none it is refused, not left out.
        let isNamedSo = ImageType.endings.contains(type(of: path))
        if try isNamedSo ? true : ImageType.of(path) != nil { return [.photograph(path)] }
        let start = (try? Files.prefix(of: path, count: StandIn.startSize)) ?? []
        return [.passedOver(.leftOut(path: path, reason: ImageType.refusal(start)))]
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
}

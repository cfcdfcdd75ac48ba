import Platform
import Raster

/// The names in folders as people write them: whatever their capitals, `ä` as one sign or as an `a` with a mark, one name stands for the same file.
/// Folders are listed once, when they are first asked for. One thread.
final class FolderNames {
  private var folders: [String: [String: [String]]] = [:]
  /// Photographs come folder by folder: those before are let go.
  static let most = 8

  /// Swift's texts are equal where they are canonically equivalent.
  private func names(in folder: String) -> [String: [String]] {
    if let known = folders[folder] { return known }
    if folders.count >= Self.most { folders = [:] }
    let listed = (try? Files.list(folder)) ?? []
    let names = Dictionary(grouping: listed) { $0.lowercased() }
    folders[folder] = names
    return names
  }

  /// All names in a folder, in no order.
  func all(in folder: String) -> [String] { names(in: folder).values.flatMap { $0 } }

  /// The files of a name, the one that is spelled so first.
  func files(_ name: String, in folder: String) -> [String] {
    let found = names(in: folder)[name.lowercased()] ?? []
    return found.sorted { ($0 == name ? 0 : 1, $0) < ($1 == name ? 0 : 1, $1) }.map { folder + "/" + $0 }
      .filter { Files.status($0)?.kind == .file }
  }

  /// The folders in a folder that have one of these names (in small letters), in their order.
  func folders(_ wanted: [String], in folder: String) -> [String] {
    let names = names(in: folder)
    return wanted.flatMap { names[$0]?.sorted() ?? [] }.map { folder + "/" + $0 }
      .filter { Files.status($0)?.kind == .folder }
  }

  /// Whether a photograph of exactly this name, whatever its type, lies in a folder.
  func hasPhotograph(_ stem: String, in folder: String) -> Bool {
    ImageType.endings.contains { ending in
      (names(in: folder)["\(stem).\(ending)".lowercased()] ?? []).contains { $0.hasPrefix(stem + ".") }
    }
  }
}

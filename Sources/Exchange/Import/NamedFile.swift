import Platform

/// Files as people name them: `ä` as one sign or as an `a` with a mark, as another system writes it, is one name.
enum NamedFile {
  /// The file of a name in a folder; nil where there is none. Lists the folder only for names that can be written in two ways.
  static func path(_ name: String, in folder: String) -> String? {
    let path = folder + "/" + name
    if Files.status(path)?.kind == .file { return path }
    // Swift's strings are equal where they are canonically equivalent.
    guard !name.utf8.allSatisfy({ $0 < 0x80 }), let other = (try? Files.list(folder))?.first(where: { $0 == name }),
      Files.status(folder + "/" + other)?.kind == .file
    else { return nil }
    return folder + "/" + other
  }
}

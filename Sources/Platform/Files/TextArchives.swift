import Glibc

extension Files {
  /// The regular files in a folder and below it whose names have one of these endings, in order of their names. Links are not followed, hidden
  /// files and folders passed over; no deeper than sixteen folders.
  public static func below(_ folder: String, endings: [String]) -> [String] { below(folder, endings, depth: 0) }

  private static func below(_ folder: String, _ endings: [String], depth: Int) -> [String] {
    guard depth < 16, let names = try? list(folder) else { return [] }
    return names.flatMap { name -> [String] in
      let path = folder + "/" + name
      if name.hasPrefix(".") || isLink(path) { return [] }
      switch status(path)?.kind {
      case .folder: return below(path, endings, depth: depth + 1)
      case .file: return endings.contains { name.hasSuffix($0) } ? [path] : []
      default: return []
      }
    }
  }

  /// The bytes of a file; of one whose name ends in `.xz` what the installed program `xz` makes of it.
  ///
  /// - Throws: an error whose call is `exec` where there is no `xz`, and `xz` where it cannot decompress the file or `limit` bytes do not hold it.
  public static func contents(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
    guard path.hasSuffix(".xz") else { return try read(path, limit: limit) }
    guard let xz = ChildProcess.find("xz") else { throw SystemError(call: "exec", path: path, errno: ENOENT) }
    let outcome = try ChildProcess.run(
      xz, ["-dc"], input: try InputFile(path: path), bounds: ChildProcess.Bounds.decompression, limit: limit)
    guard outcome.status == 0, !outcome.ranOutOfTime, outcome.output.count < limit else {
      throw SystemError(call: "xz", path: path, errno: EINVAL)
    }
    return outcome.output
  }
}

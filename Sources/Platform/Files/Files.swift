import Glibc

/// Whole files and folders.
public enum Files {
  public enum Kind: Hashable, Sendable { case file, folder, other }

  /// What can be known of a file without opening it.
  public struct Status: Hashable, Sendable {
    public var kind: Kind
    public var size: Int
    /// Nanoseconds since 1970.
    public var modified: Int64
  }

  /// nil where there is nothing by that name (or it cannot be looked at).
  public static func status(_ path: String) -> Status? {
    var status = stat()
    guard stat(path.systemName, &status) == 0 else { return nil }
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      default: .other
      }
    return Status(
      kind: kind, size: Int(status.st_size),
      modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
  }

  public static func exists(_ path: String) -> Bool { access(path.systemName, F_OK) == 0 }
  public static func isWritable(_ path: String) -> Bool { access(path.systemName, W_OK) == 0 }

  /// Whether nothing is there; false where that cannot be known.
  public static func isMissing(_ path: String) -> Bool {
    access(path.systemName, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Whether this user may not read what is there.
  public static func isForbidden(_ path: String) -> Bool { access(path.systemName, R_OK) != 0 && errno == EACCES }

  /// The bytes of a file, at most `limit` of them; a larger file is an error before memory is taken.
  public static func read(_ path: String, limit: Int = 256 << 20) throws(SystemError) -> [UInt8] {
    try InputFile(path: path).readAll(limit: limit)
  }

  /// Puts `bytes` in place of whatever `path` holds: written beside it, flushed, renamed, the folder flushed. After an error or a
  /// crash the old file stands untouched. About 0.6 ms on a local disk.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let file = try ReplacementFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Where a file is put together before it gets its name: `….new-<time>-<process>`, which no other writer of any machine takes.
  static func temporary(for path: String) -> String { "\(path).new-\(Clock.now())-\(getpid())" }

  /// What a name made by `temporary(for:)` stands for, when it was made and by which process; nil for every other name.
  public static func temporary(named name: String) -> (target: String, time: Int64, process: Int32)? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[parts.count - 2].utf8.count == 16, let time = Int64(parts[parts.count - 2]),
      let process = Int32(parts[parts.count - 1]), time > 0, process > 0
    else { return nil }
    let stem = parts.dropLast(2).joined(separator: "-")
    guard stem.hasSuffix(".new"), stem.utf8.count > 4 else { return nil }
    return (String(stem.dropLast(4)), time, process)
  }

  /// Whether a process of this machine lives.
  public static func isAlive(process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

  /// Gives the group of a folder that is meant to be shared (set-group-id, and the group may write) its part in a new file of it: without that,
  /// whoever has a strict umask would shut the others out.
  public static func share(_ descriptor: Int32, _ path: String) {
    var status = stat()
    guard stat(parent(path).systemName, &status) == 0, isShared(status.st_mode) else { return }
    fchmod(descriptor, 0o664)
  }

  private static func isShared(_ mode: mode_t) -> Bool { mode & S_ISGID != 0 && mode & S_IWGRP != 0 }

  /// Makes a folder one that is shared by its group: what is made in it belongs to the group, which may write.
  public static func shareFolder(_ path: String) throws(SystemError) {
    guard chmod(path.systemName, 0o2775) == 0 else { throw SystemError(call: "chmod", path: path, errno: errno) }
  }

  /// A name in the folder for temporary files that nobody can foresee; whoever makes the file does so with `O_EXCL`.
  public static func scratch(_ suffix: String) -> String {
    "\(Environment.temporaryFolder)/grapheion-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 16))\(suffix)"
  }

  /// Renames within one file system; an existing `to` is replaced.
  public static func rename(_ from: String, to: String) throws(SystemError) {
    try Faults.check(.rename, to)
    guard Glibc.rename(from.systemName, to.systemName) == 0 else {
      throw SystemError(call: "rename", path: to, errno: errno)
    }
  }

  /// Dates a file or folder anew: now, and later than it was in any case. Where that is not allowed, nothing happens.
  public static func touch(_ path: String) {
    guard let status = status(path) else { return }
    let time = max(Clock.now() * 1000, status.modified + 1)
    let stamp = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    utimensat(AT_FDCWD, path.systemName, [stamp, stamp], 0)
  }

  public static func remove(_ path: String) throws(SystemError) {
    guard unlink(path.systemName) == 0 else { throw SystemError(call: "unlink", path: path, errno: errno) }
  }

  /// Removes a folder and the files in it; one that is not there is no error. Folders inside it are not followed.
  public static func removeFolder(_ path: String) throws(SystemError) {
    guard exists(path) else { return }
    for name in try list(path) { try remove(path + "/" + name) }
    guard rmdir(path.systemName) == 0 else { throw SystemError(call: "rmdir", path: path, errno: errno) }
  }

  /// Makes a folder and those above it that are missing.
  public static func makeFolder(_ path: String) throws(SystemError) { try makeFolder(path, makesParents: true) }

  private static func makeFolder(_ path: String, makesParents: Bool) throws(SystemError) {
    if mkdir(path.systemName, 0o777) == 0 {
      var status = stat()
      if stat(parent(path).systemName, &status) == 0, isShared(status.st_mode) { chmod(path.systemName, 0o2775) }
      return
    }
    switch errno {
    case EEXIST:
      guard status(path)?.kind == .folder else { throw SystemError(call: "mkdir", path: path, errno: ENOTDIR) }
    case ENOENT where makesParents && path.contains("/"):
      try makeFolder(parent(path))
      // Once more, and no oftener: there are places below which nothing can be made.
      try makeFolder(path, makesParents: false)
    default:
      throw SystemError(call: "mkdir", path: path, errno: errno)
    }
  }

  /// The names in a folder, sorted by their bytes, without `.` and `..`.
  public static func list(_ path: String) throws(SystemError) -> [String] {
    guard let folder = opendir(path.systemName) else { throw SystemError(call: "opendir", path: path, errno: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { FileName.text(of: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  public static func parent(_ path: String) -> String {
    // By bytes: a mark behind the slash would make one letter with it.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  public static func name(_ path: String) -> String {
    String(path[(path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.startIndex)...])
  }

  /// The path from the root, every link followed; nil where it leads nowhere.
  public static func resolved(_ path: String) -> String? {
    guard let real = realpath(path.systemName, nil) else { return nil }
    defer { free(real) }
    return FileName.text(of: real)
  }

  /// Flushes the folder that holds `path`, so that a new name in it survives a power cut.
  public static func flushFolder(of path: String) throws(SystemError) {
    let folder = parent(path)
    let descriptor = open(folder.systemName, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(call: "open", path: folder, errno: errno) }
    defer { close(descriptor) }
    try flush(descriptor, path: folder)
  }

  static func flush(_ descriptor: Int32, path: String) throws(SystemError) {
    try Faults.check(.fsync, path)
    // EINVAL: some file systems cannot flush a folder; they order renames by themselves.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw SystemError(call: "fsync", path: path, errno: errno) }
  }

  static func writeAll(_ descriptor: Int32, _ bytes: [UInt8], path: String) throws(SystemError) {
    do throws(SystemError) { try Faults.check(.write, path) } catch {
      _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, bytes.count / 2) }
      throw error
    }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + sent, bytes.count - sent) }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError(call: "write", path: path, errno: errno)
      }
      sent += count
    }
  }
}

extension Files {
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path.systemName, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether the name itself is a folder or a plain file, not a link to one.
  public static func isItself(_ kind: Kind, _ path: String) -> Bool {
    var status = stat()
    guard lstat(path.systemName, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == (kind == .folder ? S_IFDIR : S_IFREG)
  }

  /// At most the first `count` bytes of a file.
  public static func prefix(of path: String, count: Int) throws(SystemError) -> [UInt8] {
    try InputFile(path: path).read(at: 0, count: count)
  }

  /// Copies a file in pieces, flushed before it gets its name; an existing `target` is replaced.
  public static func copy(_ path: String, to target: String) throws(SystemError) {
    let source = try InputFile(path: path)
    let copy = try ReplacementFile(path: target)
    while true {
      let piece = try source.read(at: copy.count, count: 1 << 20)
      if piece.isEmpty { break }
      try copy.write(piece)
    }
    try copy.commit()
  }
}

import Glibc

/// Whole files and the output of a decompressor as bytes.
enum ByteInput {
  /// Reads a file, at most `limit` bytes of it.
  static func file(_ path: String, limit: Int) throws(ScribeError) -> [UInt8] {
    let handle = open(path, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { throw ScribeError(.unreadable, "\(path): \(String(cString: strerror(errno)))") }
    defer { close(handle) }
    return try drain(handle, name: path, limit: limit)
  }

  /// Runs `xz -dc` on a file; at most `limit` bytes of what comes out, the rest is left.
  static func decompressed(_ path: String, limit: Int) throws(ScribeError) -> [UInt8] {
    // Said here, because from xz all one would see is no output.
    guard access(path, R_OK) == 0 else {
      throw ScribeError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
    }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw ScribeError(.toolFailed, "xz: \(String(cString: strerror(errno)))")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    for end in ends { posix_spawn_file_actions_addclose(&actions, end) }
    defer { posix_spawn_file_actions_destroy(&actions) }
    let words = ["xz", "-dc", "--", path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    var child: pid_t = 0
    let failure = posix_spawnp(&child, "xz", &actions, nil, &arguments, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard failure == 0 else {
      throw ScribeError(
        .toolFailed, "xz: \(String(cString: strerror(failure))); \(path) needs it (apt-get install xz-utils)")
    }
    let bytes = try drain(ends[0], name: path, limit: limit)
    if bytes.count == limit { kill(child, SIGTERM) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 || bytes.count == limit else {
      throw ScribeError(.malformed, "\(path): xz could not decompress it")
    }
    return bytes
  }

  private static func drain(_ handle: Int32, name: String, limit: Int) throws(ScribeError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while bytes.count < limit {
      let got = read(handle, &buffer, min(buffer.count, limit - bytes.count))
      if got < 0 {
        if errno == EINTR { continue }
        throw ScribeError(.unreadable, "\(name): \(String(cString: strerror(errno)))")
      }
      if got == 0 { break }
      bytes.append(contentsOf: buffer[..<got])
    }
    return bytes
  }
}

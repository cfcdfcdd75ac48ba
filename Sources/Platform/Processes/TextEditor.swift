import Glibc

/// The text editor a person works with.
public enum TextEditor {
  /// `$VISUAL`, else `$EDITOR`, else `vi`: a command line as a shell reads it.
  public static var command: String {
    for name in ["VISUAL", "EDITOR"] {
      if let value = Environment.value(name), !value.isEmpty { return value }
    }
    return "vi"
  }

  /// Has a person edit a text in his editor, on the terminal at hand, and waits until he is done. The text lies in a folder only he can read.
  ///
  /// - Parameters:
  ///   - name: of the file, by which editors know what it is.
  ///   - command: the editor.
  /// - Throws: where the file cannot be written or read, or the editor does not start or ends with an error: then nothing was said, and what he
  ///   wrote stays in the file that the error names.
  public static func edit(_ text: String, name: String, with command: String = TextEditor.command) throws(SystemError)
    -> String
  {
    let folder = try TemporaryFolder("edit")
    let file = folder.path + "/" + name
    try Files.replace(file, with: Array(text.utf8))
    let status = try run(command, file)
    let after = try Files.read(file, limit: 16 << 20)
    guard status == 0 else {
      if after.elementsEqual(text.utf8) { folder.remove() }
      throw SystemError(call: "the editor '\(command)'", path: file, errno: ECANCELED)
    }
    folder.remove()
    return String(decoding: after, as: UTF8.self)
  }

  private static func run(_ command: String, _ file: String) throws(SystemError) -> Int32 {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Keys that interrupt or stop are the editor's as long as it runs.
    let keys = [SIGINT, SIGQUIT, SIGTSTP]
    var heard = sigset_t()
    sigemptyset(&heard)
    for key in keys + [SIGPIPE] { sigaddset(&heard, key) }
    posix_spawnattr_setsigdefault(&attributes, &heard)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var before = Array(repeating: sigaction(), count: keys.count)
    for (index, key) in keys.enumerated() {
      var ignored = sigaction()
      ignored.__sigaction_handler.sa_handler = SIG_IGN
      sigaction(key, &ignored, &before[index])
    }
    defer { for (index, key) in keys.enumerated() { sigaction(key, &before[index], nil) } }
    // As git does: the command may have words of its own, the file is one word whatever is in it.
    let words = ["/bin/sh", "-c", command + " \"$1\"", "sh", file]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0.systemName) } + [nil]
    defer { for word in arguments { free(word) } }
    var process = pid_t()
    let started = posix_spawn(&process, "/bin/sh", nil, &attributes, &arguments, environ)
    guard started == 0 else { throw SystemError(call: "posix_spawn", path: "/bin/sh", errno: started) }
    var ended: Int32 = 0
    while waitpid(process, &ended, 0) < 0 && errno == EINTR {}
    return ended & 0x7F == 0 ? (ended >> 8) & 0xFF : 128 + (ended & 0x7F)
  }
}

import Glibc

/// What the system says of this process, its machine and its user.
public enum Environment {
  /// A variable of the environment; read as the name of a file would be (`FileName`).
  public static func value(_ name: String) -> String? {
    getenv(name).map { FileName.text(of: $0) }
  }

  /// The number of this process.
  public static var process: Int32 { getpid() }

  /// The machine's name; empty where it has none.
  public static var host: String {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, 255)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The login name by the system's list of users; nil where it has none for this user.
  public static var userName: String? {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return nil }
    return String(cString: name)
  }

  /// The folder for temporary files: `$TMPDIR`, else `/tmp`.
  public static var temporaryFolder: String { value("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp" }

  /// The user's folder for caches.
  public static var cacheFolder: String {
    value("XDG_CACHE_HOME") ?? (value("HOME") ?? "/tmp") + "/.cache"
  }
}

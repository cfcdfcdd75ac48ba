import Glibc

/// The memory of this process.
public enum Memory {
  /// Gives back to the system what was freed. The C library keeps it for what comes next; after something large was made of larger parts nothing as large
  /// comes. Some milliseconds; nothing where the C library has no such function.
  public static func giveBack() {
    // glibc's, which Swift's map of its headers leaves out.
    guard let found = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(found, to: (@convention(c) (Int) -> CInt).self)(0)
  }
}

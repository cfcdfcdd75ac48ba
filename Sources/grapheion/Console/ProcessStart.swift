import Glibc
import Platform

/// What a process is given at its start: three descriptors and its words.
enum ProcessStart {
  /// Opens descriptors 0 to 2 where whoever started this program has closed them. Else the first files opened would take their
  /// numbers, and messages meant for a person would be written into a corpus. They are opened the wrong way round, so that reading and writing fail instead
  /// of pretending.
  static func ensure() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      guard open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) == descriptor else { _exit(3) }
    }
  }

  /// The words of the command line, from the system where the language does not have them: it looks for them beside the environment, which a
  /// preloaded library may have moved, and it puts `�` for bytes that are not UTF-8, as the name of a file may hold.
  static var arguments: [String] {
    let known = CommandLine.arguments
    guard known.isEmpty || known.contains(where: { $0.unicodeScalars.contains("\u{FFFD}") }),
      let bytes = try? Files.read("/proc/self/cmdline", limit: 8 << 20)
    else { return known }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { FileName.text(of: Array($0)) }
  }
}

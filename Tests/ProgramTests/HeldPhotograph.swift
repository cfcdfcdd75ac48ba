import Foundation
import Platform
import Testing

/// A photograph on a disk that does not answer: whoever opens it waits until it is let go. So a test meets a reader in the middle of a
/// fragment however fast the machine is. Programs that are to wait are run with `environment`.
struct HeldPhotograph {
  private let mark: String

  /// Holds the photograph of a fragment as Scribe and imports name it.
  init(of id: String, in corpus: String) throws {
    mark = "\(corpus)/fragments/\(id)/\(id).png.held"
    try Data().write(to: URL(fileURLWithPath: mark))
  }

  /// The reader that waits goes on.
  func letGo() throws { try FileManager.default.removeItem(atPath: mark) }

  /// Loads what makes a program wait (`Tests/Attack/faults.c`); compiled once.
  static var environment: [String: String] { get throws { ["LD_PRELOAD": try library.get()] } }

  /// nil where there is no C compiler: tests that need it are left out.
  static let compiler = ["cc", "clang", "gcc"].lazy.compactMap(ChildProcess.find).first

  private static let library = Result<String, any Error> {
    let path = NSTemporaryDirectory() + "/grapheion-held-\(getpid()).so"
    let outcome = try ChildProcess.run(
      #require(compiler),
      ["-shared", "-fPIC", "-O1", "-w", "-o", path, BuiltProgram.root + "/Tests/Attack/faults.c", "-ldl"])
    try #require(outcome.status == 0)
    return path
  }
}

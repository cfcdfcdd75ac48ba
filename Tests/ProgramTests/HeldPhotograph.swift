import Foundation
import Testing

/// A photograph on a disk that does not answer: whoever reads it waits until it is let go. So a test meets a reader in the middle of a
/// fragment however fast the machine is.
struct HeldPhotograph {
  private let path: String
  private let kept: String

  /// Holds the photograph of a fragment as Scribe and imports name it.
  init(of id: String, in corpus: String) throws {
    path = "\(corpus)/fragments/\(id)/\(id).png"
    kept = path + ".kept"
    try FileManager.default.moveItem(atPath: path, toPath: kept)
    guard mkfifo(path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// Gives its bytes to the reader that waits, then the file is there as it was.
  func letGo() throws {
    // A reader may close it after the last row, before the file's last bytes.
    signal(SIGPIPE, SIG_IGN)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: kept))
    let pipe = open(path, O_WRONLY)
    #expect(pipe >= 0)
    // The reader opens it again later.
    try putBack()
    bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = write(pipe, bytes.baseAddress! + sent, bytes.count - sent)
        guard count > 0 else { break }
        sent += count
      }
    }
    close(pipe)
  }

  /// The file is there as it was; a reader that waits goes on waiting.
  func putBack() throws {
    guard rename(kept, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}

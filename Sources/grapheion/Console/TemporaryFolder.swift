import Glibc
import Platform
import Text

/// A folder for files that are needed for a while.
struct TemporaryFolder {
  let path: String

  /// - Parameter purpose: becomes part of its name.
  init(_ purpose: String) throws(Failure) {
    let parent = Environment.temporaryFolder
    var name = "\(parent)/grapheion-\(purpose)-XXXXXX".systemName
    guard mkdtemp(&name) != nil else {
      throw Failure(.unreadable, "no temporary folder can be made in \(displayText(parent)).")
    }
    path = FileName.text(of: name.dropLast().map { UInt8(bitPattern: $0) })
  }

  /// With all that is in it.
  func remove() { _ = try? ChildProcess.run("/bin/rm", ["-rf", "--", path], limit: 1 << 16) }
}

import Glibc

/// A folder for files that are needed for a while, which only this user can read.
public struct TemporaryFolder: Sendable {
  public let path: String

  /// - Parameter purpose: becomes part of its name.
  public init(_ purpose: String) throws(SystemError) {
    let parent = Environment.temporaryFolder
    var name = "\(parent)/grapheion-\(purpose)-XXXXXX".systemName
    guard mkdtemp(&name) != nil else { throw SystemError(call: "mkdtemp", path: parent, errno: errno) }
    path = FileName.text(of: name.dropLast().map { UInt8(bitPattern: $0) })
  }

  /// With all that is in it.
  public func remove() { _ = try? ChildProcess.run("/bin/rm", ["-rf", "--", path], limit: 1 << 16) }
}

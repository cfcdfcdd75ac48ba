import Glibc
import Platform

/// Whole files and the output of a decompressor as bytes, errors worded for this module.
enum ByteInput {
  static let limit = 1 << 30

  static func file(_ path: String) throws(ScribeError) -> [UInt8] {
    do throws(SystemError) {
      return try Files.read(path, limit: limit)
    } catch {
      throw ScribeError(.unreadable, "\(path): \(String(cString: strerror(error.errno)))")
    }
  }

  /// What `xz -dc` makes of a file.
  static func decompressed(_ path: String) throws(ScribeError) -> [UInt8] {
    // Said here, because from xz all one would see is no output.
    guard access(path, R_OK) == 0 else {
      throw ScribeError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
    }
    guard let xz = ChildProcess.find("xz") else {
      throw ScribeError(.toolFailed, "\(path) needs the program xz (apt-get install xz-utils)")
    }
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      outcome = try ChildProcess.run(xz, ["-dc", "--", path], limit: limit)
    } catch {
      throw ScribeError(.toolFailed, "\(xz): \(String(cString: strerror(error.errno)))")
    }
    guard outcome.status == 0 else {
      throw ScribeError(.malformed, "\(path): xz could not decompress it")
    }
    return outcome.output
  }
}

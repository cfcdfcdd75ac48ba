import Platform

/// Whole files and the output of a decompressor as bytes, errors worded for this module.
enum ByteInput {
  static let limit = 1 << 30

  static func file(_ path: String) throws(ScribeError) -> [UInt8] {
    do throws(SystemError) {
      return try Files.read(path, limit: limit)
    } catch {
      throw ScribeError(.unreadable, error.description)
    }
  }

  /// What `xz -dc` makes of a file.
  static func decompressed(_ path: String) throws(ScribeError) -> [UInt8] {
    // Said here, because from xz all one would see is no output.
    do throws(SystemError) { _ = try InputFile(path: path) } catch {
      throw ScribeError(.unreadable, error.description)
    }
    guard let xz = ChildProcess.find("xz") else {
      throw ScribeError(.toolFailed, "\(path) needs the program xz (apt-get install xz-utils)")
    }
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      outcome = try ChildProcess.run(xz, ["-dc", "--", path], limit: limit)
    } catch {
      throw ScribeError(.toolFailed, error.description)
    }
    guard outcome.status == 0 else {
      throw ScribeError(.malformed, "\(path): xz could not decompress it")
    }
    return outcome.output
  }
}

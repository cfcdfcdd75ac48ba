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
    guard let xz = ChildProcess.find("xz") else {
      throw ScribeError(.toolFailed, "\(path) needs the program xz (apt-get install xz-utils)")
    }
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      outcome = try ChildProcess.run(
        xz, ["-dc"], input: try InputFile(path: path), bounds: ChildProcess.Bounds.decompression, limit: limit)
    } catch {
      throw ScribeError(error.path == path ? .unreadable : .toolFailed, error.description)
    }
    guard outcome.status == 0, !outcome.ranOutOfTime, outcome.output.count < limit else {
      throw ScribeError(.malformed, "\(path): xz could not decompress it")
    }
    return outcome.output
  }
}

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
    do throws(SystemError) { return try Files.contents(path, limit: limit) } catch {
      switch error.call {
      case "exec": throw ScribeError(.toolFailed, "\(path) needs the program xz (apt-get install xz-utils)")
      case "xz": throw ScribeError(.malformed, "\(path): xz could not decompress it")
      default: throw ScribeError(.unreadable, error.description)
      }
    }
  }
}

import Glibc

extension Files {
  /// The text of a small file in UTF-8, without a byte order mark.
  ///
  /// Throws `EILSEQ` for anything else: UTF-16, an older Greek encoding, bytes that are no text. What looks like another text must not be taken for
  /// an empty one.
  public static func text(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> String {
    var bytes = try read(path, limit: limit)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw SystemError(call: "decode", path: path, errno: EILSEQ)
    }
    return text
  }
}

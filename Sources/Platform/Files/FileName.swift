import Glibc

/// Names of files as text, and back.
///
/// To the system a name is bytes, and disks that were written elsewhere hold names that are not UTF-8. Each byte that is no part of UTF-8 becomes the
/// scalar U+10F700 + byte of a plane for private use; `String.systemName` turns it back at every call. So any file that can be listed can be opened. Text
/// for people shows such a byte as `�`.
public enum FileName {
  private static let first: UInt32 = 0x10F700
  private static let escapes: ClosedRange<UInt32> = first...(first + 0xFF)

  /// The text of a name's bytes; no two names have the same.
  public static func text(of bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !mayHoldEscapes(bytes) { return text }
    var text = String.UnicodeScalarView()
    var place = 0
    while place < bytes.count {
      let ends = (1...4).map { min(place + $0, bytes.count) }
      let scalar = ends.lazy.compactMap { onlyScalar(of: bytes[place..<$0]) }.first
      // A name may hold the scalars that stand for bytes: they are bytes then, too.
      if let scalar, !escapes.contains(scalar.value) {
        text.append(scalar)
        place += UTF8.width(scalar)
      } else {
        text.append(Unicode.Scalar(first + UInt32(bytes[place]))!)
        place += 1
      }
    }
    return String(text)
  }

  /// The same of a name as the system gives it: up to its zero.
  static func text(of name: UnsafePointer<CChar>) -> String {
    text(of: UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
  }

  private static func onlyScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.count == 1 else { return nil }
    return text.unicodeScalars.first
  }

  /// All escapes begin with this byte, and nearly nothing else does.
  private static func mayHoldEscapes(_ bytes: some Sequence<UInt8>) -> Bool { bytes.contains(0xF4) }

  fileprivate static func bytes(of text: String) -> [CChar] {
    guard mayHoldEscapes(text.utf8) else { return Array(text.utf8CString) }
    var bytes: [CChar] = []
    for scalar in text.unicodeScalars {
      if escapes.contains(scalar.value) {
        bytes.append(CChar(truncatingIfNeeded: scalar.value - first))
      } else {
        bytes += UTF8.encode(scalar)!.map { CChar(bitPattern: $0) }
      }
    }
    return bytes + [0]
  }
}

extension String {
  /// What the system calls the file that this text names, ended by a zero: for every call that takes a path.
  public var systemName: [CChar] { FileName.bytes(of: self) }
}

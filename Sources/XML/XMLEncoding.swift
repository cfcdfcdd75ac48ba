import Text

/// The encodings besides UTF-8 that documents still come in.
public enum XMLEncoding {
  /// A document in UTF-16 (with its byte order mark) or, as its declaration says, in ISO 8859-1 or Windows-1252, in UTF-8; any other as it is: the
  /// reader says what is wrong with it.
  ///
  /// The declaration still names the old encoding; it is put in white space, so that places in errors are those of the file.
  public static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    if let text = TextEncoding.utf16(bytes) {
      guard let text else { return bytes }
      return withoutDeclaration(Array(text.utf8))
    }
    guard let name = XMLReader.declaredEncoding(bytes)?.lowercased(),
      ["iso-8859-1", "latin1", "latin-1", "windows-1252"].contains(name)
    else { return bytes }
    var view = String.UnicodeScalarView()
    for byte in bytes {
      // The places of ISO 8859-1 that hold no letters hold those of Windows-1252, whatever a document calls itself.
      let value = (0x80..<0xA0).contains(byte) ? windows[Int(byte) - 0x80] : UInt32(byte)
      view.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
    return withoutDeclaration(Array(String(view).utf8))
  }

  private static func withoutDeclaration(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: "<?xml".utf8), let end = bytes.prefix(200).firstIndex(of: 0x3E) else { return bytes }
    return [UInt8](repeating: 0x20, count: end + 1) + bytes[(end + 1)...]
  }

  /// 0x80 to 0x9F of Windows-1252; 0xFFFD where there is none.
  private static let windows: [UInt32] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
    0x017D,
    0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153,
    0xFFFD,
    0x017E, 0x0178,
  ]
}

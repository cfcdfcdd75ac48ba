import XML

extension EpiDocDocument {
  /// Whether text is XML and not Leiden+: it begins with what only XML begins with, or its first tag is one.
  ///
  /// Leiden+ has marks that look like tags: `<κα>` and `<et>` are letters the scribe left out, `<?lg?>` opens an element that has no
  /// sign of its own. So `<name>` is a tag only where `</name>` follows, or where it ends in `/>` or has a value in quotation marks; and
  /// instructions count for nothing. Linear.
  public static func isXML(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if rest.starts(with: XMLReader.byteOrderMark) { rest = rest.dropFirst(3) }
    rest = rest.drop { $0 <= 0x20 }
    if ["<?xml ", "<!--", "<!DOCTYPE"].contains(where: { rest.starts(with: $0.utf8) }) { return true }
    while let open = rest.firstIndex(of: 0x3C) {
      rest = rest[(open + 1)...]
      if rest.first == 0x3F {
        // `<?…?>`
        guard let end = rest.indices.dropLast().first(where: { rest[$0] == 0x3F && rest[$0 + 1] == 0x3E }) else {
          return false
        }
        rest = rest[(end + 2)...]
        continue
      }
      let name = rest.prefix { $0 < 0x80 && XMLReader.isNameByte($0) }
      guard let first = name.first, XMLReader.isNameStart(first) else { continue }
      return isTag(name, in: rest)
    }
    return false
  }

  /// - Parameter rest: what follows the `<` of the tag.
  private static func isTag(_ name: ArraySlice<UInt8>, in rest: ArraySlice<UInt8>) -> Bool {
    guard let close = rest.firstIndex(of: 0x3E) else { return false }
    let attributes = rest[name.endIndex..<close]
    let words = attributes.drop { $0 <= 0x20 }
    if words.elementsEqual([0x2F]) { return true }
    guard words.isEmpty else {
      return words.count < attributes.count
        && zip(words, words.dropFirst()).contains { $0 == 0x3D && ($1 == 0x22 || $1 == 0x27) }
    }
    let end = Array("</".utf8) + name
    var place = close
    while let next = rest[place...].firstIndex(of: 0x3C) {
      let after = rest[next...]
      if after.starts(with: end), let behind = after.dropFirst(end.count).first, behind == 0x3E || behind <= 0x20 {
        return true
      }
      place = next + 1
    }
    return false
  }
}

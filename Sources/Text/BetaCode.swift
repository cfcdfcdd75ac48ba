/// Beta Code (Thesaurus Linguae Graecae): Greek in ASCII, `*)/andra` for `Ἄνδρα`.
///
/// Letters in either case; `*` before a capital, its marks between the asterisk and the
/// letter (after it they are read as well). Marks: `)` `(` `/` `\`
/// `=` `+` `|` and `?` for the underdot. `s1` `s2` `s3` are medial, final and lunate sigma; a plain `s` is final at the
/// end of a word. `:` is the raised point, `'` the apostrophe, `_` the dash, `#` the keraia; `v` is digamma. Anything
/// else stands for itself. Both directions are linear and never fail.
public enum BetaCode {
  private static let letters: [(ascii: UInt8, greek: UInt32)] = zip(
    Array("abgdezhqiklmncoprstufxyw".utf8),
    Array("αβγδεζηθικλμνξοπρστυφχψω".unicodeScalars).map(\.value)
  ).map { ($0, $1) }
  private static let marks: [(ascii: UInt8, mark: UInt32)] = [
    (0x29, 0x313), (0x28, 0x314), (0x2F, 0x301), (0x5C, 0x300), (0x3D, 0x342), (0x2B, 0x308), (0x7C, 0x345),
    (0x3F, 0x323),
  ]

  /// The small letter that a Latin letter, small or capital, stands for (sigma in its medial form); nil for other signs.
  public static func letter(_ sign: Unicode.Scalar) -> Unicode.Scalar? {
    guard sign.isASCII else { return nil }
    return letter(UInt8(sign.value)).flatMap { Unicode.Scalar($0) }
  }

  /// The mark that a sign puts on a letter; nil for other signs.
  public static func mark(_ sign: Unicode.Scalar) -> Unicode.Scalar? {
    sign.isASCII ? mark(UInt8(sign.value)) : nil
  }

  private static func mark(_ byte: UInt8) -> Unicode.Scalar? {
    marks.first { $0.ascii == byte }.flatMap { Unicode.Scalar($0.mark) }
  }

  private static func letter(_ byte: UInt8) -> UInt32? {
    let lower = byte | 0x20
    guard (0x61...0x7A).contains(lower), byte < 0x80 else { return nil }
    return lower == 0x76 ? 0x3DD : letters.first { $0.ascii == lower }?.greek
  }

  /// Greek in normal form C.
  public static func decode(_ beta: String) -> String {
    let bytes = Array(beta.utf8)
    var scalars: [Unicode.Scalar] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x2A {  // *
        var next = index + 1
        var found: [Unicode.Scalar] = []
        while next < bytes.count, let scalar = mark(bytes[next]) {
          found.append(scalar)
          next += 1
        }
        if next < bytes.count, let greek = letter(bytes[next]) {
          var capital = greek == 0x3DD ? 0x3DC : greek - 0x20
          next += 1
          if greek == 0x3C3, next < bytes.count, (0x31...0x33).contains(bytes[next]) {
            if bytes[next] == 0x33 { capital = 0x3F9 }
            next += 1
          }
          if let scalar = Unicode.Scalar(capital) { scalars.append(scalar) }
          scalars += found
          while next < bytes.count, let scalar = mark(bytes[next]) {
            scalars.append(scalar)
            next += 1
          }
          index = next
          continue
        }
      }
      if let greek = letter(byte) {
        index += 1
        var value = greek
        if greek == 0x3C3 {
          if index < bytes.count, (0x31...0x33).contains(bytes[index]) {
            value = [0x3C3, 0x3C2, 0x3F2][Int(bytes[index] - 0x31)]
            index += 1
          } else {
            var next = index
            while next < bytes.count, mark(bytes[next]) != nil { next += 1 }
            let goesOn = next < bytes.count && (letter(bytes[next]) != nil || bytes[next] >= 0x80)
            value = goesOn ? 0x3C3 : 0x3C2
          }
        }
        if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
        while index < bytes.count, let scalar = mark(bytes[index]) {
          scalars.append(scalar)
          index += 1
        }
        continue
      }
      switch byte {
      case 0x3A: scalars.append("·")
      case 0x27: scalars.append("ʼ")
      case 0x5F: scalars.append("—")
      case 0x23: scalars.append("ʹ")
      default:
        // One whole scalar; the input is valid UTF-8 because it was a String.
        let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        scalars.append(
          contentsOf: String(decoding: bytes[index..<min(index + length, bytes.count)], as: UTF8.self).unicodeScalars)
        index += length - 1
      }
      index += 1
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: Normalisation.composed(scalars))
    return String(view)
  }

  /// Greek to Beta Code, in lower case; scalars that Beta Code has no sign for stand for themselves.
  public static func encode(_ greek: String) -> String {
    let scalars = Normalisation.decomposed(greek.unicodeScalars)
    var result = String.UnicodeScalarView()
    var index = 0
    func ascii(_ value: UInt32) -> UInt8? {
      value == 0x3DD ? 0x76 : letters.first { $0.greek == value }?.ascii
    }
    while index < scalars.count {
      let value = scalars[index].value
      index += 1
      var found: [UInt8] = []
      var next = index
      while next < scalars.count, let sign = marks.first(where: { $0.mark == scalars[next].value })?.ascii {
        found.append(sign)
        next += 1
      }
      // Breathing or diaeresis, accent, iota, underdot: the order Beta Code prescribes.
      let order = Array(")(+/\\=|?".utf8)
      found.sort { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
      var letter: UInt8?
      var digit: UInt8?
      let capital = (0x391...0x3A9).contains(value) || value == 0x3F9 || value == 0x3DC
      switch value {
      case 0x3C2, 0x3C3:
        letter = 0x73
        let goesOn = next < scalars.count && (ascii(scalars[next].value) ?? ascii(scalars[next].value + 0x20)) != nil
        if goesOn != (value == 0x3C3) { digit = value == 0x3C3 ? 0x31 : 0x32 }
        // A following sigma of any shape or a foreign letter also decides; say the shape where the plain rule fails.
        if next < scalars.count, ascii(scalars[next].value) == nil,
          scalars[next].value >= 0x80 || [0x3C2, 0x3F2].contains(scalars[next].value)
        {
          digit = value == 0x3C3 ? 0x31 : 0x32
        }
      case 0x3F2, 0x3F9: (letter, digit) = (0x73, 0x33)
      default: letter = ascii(capital ? (value == 0x3DC ? 0x3DD : value + 0x20) : value)
      }
      if let letter {
        index = next
        var bytes: [UInt8] = capital ? [0x2A] + found : []
        bytes.append(letter)
        if let digit { bytes.append(digit) }
        if !capital { bytes += found }
        for byte in bytes { result.append(Unicode.Scalar(byte)) }
        continue
      }
      switch value {
      case 0xB7, 0x387: result.append(":")
      case 0x2BC, 0x2019: result.append("'")
      case 0x2014: result.append("_")
      case 0x2B9, 0x374: result.append("#")
      default: result.append(scalars[index - 1])
      }
    }
    return String(result)
  }
}

import Corpus

/// Text made fit to stand in XML, between tags or in an attribute: marks are escaped, characters that XML 1.0 has no place for
/// become U+FFFD.
func xmlEscaped(_ text: String) -> String {
  var out = ""
  out.reserveCapacity(text.utf8.count + 8)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    case "\t", "\n", "\r": out += "&#\(scalar.value);"
    default:
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
  }
  return out
}

/// A line of text from a foreign file: white space runs become one space, control characters and marks that turn the
/// direction of writing go. At most 10,000 characters.
func cleanedLine(_ text: String) -> String {
  var out = String.UnicodeScalarView()
  var wasSpace = true
  for scalar in text.unicodeScalars.prefix(10_000) {
    if scalar.properties.isWhitespace {
      if !wasSpace { out.append(" ") }
      wasSpace = true
      continue
    }
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF: continue
    default: out.append(scalar)
    }
    wasSpace = false
  }
  if out.last == " " { out.removeLast() }
  return String(out)
}

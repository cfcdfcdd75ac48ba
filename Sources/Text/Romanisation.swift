/// Greek in Latin letters, as libraries write it where there is no Greek (ISO 843, simplified; eta as `e`, omega as `o`): for names that
/// must be ASCII.
extension Greek {
  /// A text with each Greek letter written in Latin ones, without accents; everything else as it is. `Ὀξύρυγχος` is `Oxyrugchos`.
  public static func romanised(_ text: String) -> String {
    var out = ""
    for character in text {
      guard let base = GreekMarks.base(character), let capital = Greek.capital(of: base),
        let place = Greek.capitals.firstIndex(of: Character(capital))
      else {
        out.append(character)
        continue
      }
      let latin = letters[place]
      out += base.properties.isUppercase ? latin.prefix(1).uppercased() + latin.dropFirst() : latin
    }
    return out
  }

  private static let letters = [
    "a", "b", "g", "d", "e", "z", "e", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "t", "u", "ph", "ch",
    "ps", "o",
  ]
}

/// A year counted by an emperor's reign, as documents of Roman Egypt are dated: `ἔτους ιη Τιβερίου Καίσαρος`.
///
/// Years began on 29 or 30 August; the first one ran from the accession to the next of these days. Who came later bears the names of those before him,
/// so the latest whose names all stand there is meant; `ει` and `ι` are one. Double and triple years of the tetrarchs are told by the first number. Held against the
/// dates of the texts themselves (docs/texts.md), not against a handbook of titles. Years of the Ptolemies and consuls are not reckoned with: they count as words.
struct RegnalYear: Hashable, Sendable {
  /// The emperor, as he is called today.
  let emperor: String
  /// The year of the reign.
  let number: Int
  /// The year of our era in which most of it lies; the year 1 before it is 0, the one before that -1.
  let year: Int

  private struct Reign {
    let emperor: String
    /// Words that all stand in the title, without accents.
    let names: [[UInt8]]
    /// What is to be added to the number for the year of our era, and the last number there was.
    let before, last: Int

    init(_ emperor: String, _ names: String, _ before: Int, _ last: Int) {
      self.emperor = emperor
      self.names = names.split(separator: " ").map { RegnalYear.plain(TextLetters.numbers(String($0))) }
      (self.before, self.last) = (before, last)
    }
  }

  /// The latest first.
  private static let reigns = [
    Reign("Diocletian", "διοκλητιανου", 284, 22), Reign("Carus", "καρου", 282, 2), Reign("Carinus", "καρινου", 282, 3),
    Reign("Probus", "προβου", 275, 8), Reign("Aurelian", "αυρηλιανου", 269, 7),
    Reign("Claudius II", "αυρηλιου κλαυδιου", 268, 3),
    Reign("Gallienus", "γαλλιηνου", 253, 16), Reign("Valerian", "ουαλεριανου", 253, 8),
    Reign("Valerian", "ουαλεριανων", 253, 8), Reign("Gallus", "γαλλου ουολουσιανου", 250, 4),
    Reign("Decius", "δεκιου", 249, 2), Reign("the Philips", "φιλιππων", 243, 7),
    Reign("Philip", "ιουλιου φιλιππου", 243, 7),
    Reign("Gordian III", "γορδιανου", 237, 7), Reign("Maximinus", "ιουλιου μαξιμινου", 234, 4),
    Reign("Severus Alexander", "σεουηρου αλεξανδρου", 221, 14),
    Reign("Elagabalus", "αντωνινου ευτυχουσ ευσεβουσ", 217, 5), Reign("Macrinus", "μακρινου", 216, 2),
    Reign("Pescennius Niger", "νιγρου", 192, 2),
    Reign("Severus and his sons", "σεουηρου", 192, 25), Reign("Commodus", "κομμοδου", 160, 33),
    Reign("Marcus Aurelius", "αντωνινου ουηρου", 160, 20), Reign("Marcus Aurelius", "αυρηλιου αντωνινου", 160, 20),
    Reign("Antoninus Pius", "αντωνινου", 137, 24), Reign("Hadrian", "αδριανου", 116, 22),
    Reign("Trajan", "τραιανου", 97, 20), Reign("Nerva", "νερουα", 96, 2), Reign("Domitian", "δομιτιανου", 81, 16),
    Reign("Titus", "τιτου ουεσπασιανου", 78, 3), Reign("Vespasian", "ουεσπασιανου", 68, 12),
    Reign("Galba", "γαλβα", 67, 2), Reign("Nero", "νερωνοσ", 54, 15), Reign("Claudius", "κλαυδιου", 40, 15),
    Reign("Gaius", "γαιου καισαροσ", 36, 5), Reign("Tiberius", "τιβεριου καισαροσ", 14, 23),
  ]
  /// He is called by this name alone.
  private static let augustus = Reign("Augustus", "καισαροσ", -29, 43)

  private static let sebastos = TextLetters.numbers("σεβαστου")
  private static let yearWords = Set(["ετουσ", "ετει"].map { TextLetters.numbers($0) })
  /// A title is not longer than this.
  private static let titleLength = 18
  private static let ordinals: [[UInt8]: Int] = {
    let units = ["πρωτου", "δευτερου", "τριτου", "τεταρτου", "πεμπτου", "εκτου", "εβδομου", "ογδοου", "ενατου"]
    let tens = [
      "δεκατου": 10, "ενδεκατου": 11, "δωδεκατου": 12, "τρισκαιδεκατου": 13, "τεσσαρεσκαιδεκατου": 14,
      "πεντεκαιδεκατου": 15, "εκκαιδεκατου": 16, "επτακαιδεκατου": 17, "οκτωκαιδεκατου": 18, "εννεακαιδεκατου": 19,
      "εικοστου": 20, "τριακοστου": 30,
    ]
    var all = tens.map { (TextLetters.numbers($0), $1) }
    all += units.enumerated().map { (TextLetters.numbers($1), $0 + 1) }
    return Dictionary(uniqueKeysWithValues: all)
  }()

  /// A word with `ι` for `ει`: scribes write either.
  private static func plain(_ word: [UInt8]) -> [UInt8] {
    word.indices.filter { word[$0] != 5 || $0 + 1 == word.count || word[$0 + 1] != 9 }.map { word[$0] }
  }

  /// All that are told in a text, in its order; nil stands for a word that is not whole.
  static func all(in words: [[UInt8]?]) -> [RegnalYear] {
    words.indices.compactMap { place in
      guard let word = words[place], yearWords.contains(word) else { return nil }
      guard let (number, end) = number(in: words, from: place + 1) ?? number(in: words, before: place) else {
        return nil
      }
      let title = words[min(end, words.count)..<min(end + titleLength, words.count)].prefix {
        $0.map { !yearWords.contains($0) } ?? true
      }
      let names = title.compactMap { $0.map(plain) }
      guard
        let reign = reigns.first(where: { reign in
          number <= reign.last && reign.names.allSatisfy { names.contains($0) }
        })
          ?? (names.first == augustus.names[0] && number <= augustus.last && names.dropFirst().first != sebastos
            ? augustus : nil)
      else { return nil }
      return RegnalYear(emperor: reign.emperor, number: number, year: reign.before + number)
    }
  }

  /// A number behind the word for the year, and where it ends: `ιη`, `εικοστου πρωτου`, `ενατου και εικοστου`.
  private static func number(in words: [[UInt8]?], from start: Int) -> (number: Int, end: Int)? {
    guard words.indices.contains(start), let word = words[start] else { return nil }
    guard var number = ordinals[word] else { return numeral(word).map { ($0, start + 1) } }
    var end = start + 1
    if words.indices.contains(end), words[end] == TextLetters.numbers("και") { end += 1 }
    if words.indices.contains(end), let next = words[end].flatMap({ ordinals[$0] }), max(number, next) >= 20,
      min(number, next) < 10
    {
      number += next
      return (number, end + 1)
    }
    return (number, start + 1)
  }

  /// The number before it, `του ιη ετουσ`: what comes after the word is the title.
  private static func number(in words: [[UInt8]?], before place: Int) -> (number: Int, end: Int)? {
    guard place > 0, let word = words[place - 1], let number = ordinals[word] ?? numeral(word) else { return nil }
    return (number, place + 1)
  }

  /// Up to 99 in letters, tens first.
  static func numeral(_ word: [UInt8]) -> Int? {
    // α to θ without ϛ, which texts write as a letter of its own or as two.
    let units: [UInt8: Int] = [1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 7, 7: 8, 8: 9]
    let tens: [UInt8: Int] = [9: 10, 10: 20, 11: 30, 12: 40]
    switch word.count {
    case 1: return units[word[0]] ?? tens[word[0]] ?? stigma(word[0])
    case 2: return tens[word[0]].flatMap { ten in (units[word[1]] ?? stigma(word[1])).map { ten + $0 } }
    default: return nil
    }
  }

  private static func stigma(_ letter: UInt8) -> Int? { TextLetters.numbers("ϛ") == [letter] ? 6 : nil }
}

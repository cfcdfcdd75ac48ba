/// Formulae of documentary papyri, strung together into lines of capitals.
enum Phrases {
  /// Letters in alphabetical order from any Greek capitals; everything else is left out.
  static func letters(_ text: String) -> [UInt8] {
    text.compactMap { character in
      Alphabet.capitals.firstIndex(of: character).map(UInt8.init)
    }
  }

  /// A stretch of continuous text, cut anywhere, as long as wanted.
  static func stretch(length: Int, dice: inout Dice) -> [UInt8] {
    var result: [UInt8] = []
    while result.count < length + 12 { result.append(contentsOf: pool[dice.below(pool.count)]) }
    let start = dice.below(12)
    return Array(result[start..<start + length])
  }

  private static let pool: [[UInt8]] = phrases.split(separator: " ").map { letters(String($0)) }

  private static let phrases = """
    ΑΥΡΗΛΙΟΣ ΠΤΟΛΕΜΑΙΟΣ ΗΡΩΔΟΥ ΧΑΙΡΕΙΝ ΟΜΟΛΟΓΩ ΕΧΕΙΝ ΠΑΡΑΣΟΥ ΔΙΑΧΕΙΡΟΣ ΕΞΟΙΚΟΥ ΑΡΓΥΡΙΟΥ ΔΡΑΧΜΑΣ ΔΙΑΚΟΣΙΑΣ ΚΕΦΑΛΑΙΟΥ
    ΕΤΟΥΣ ΑΥΤΟΚΡΑΤΟΡΟΣ ΚΑΙΣΑΡΟΣ ΤΡΑΙΑΝΟΥ ΑΔΡΙΑΝΟΥ ΣΕΒΑΣΤΟΥ ΜΗΝΟΣ ΦΑΩΦΙ ΧΟΙΑΚ ΠΑΧΩΝ ΕΠΕΙΦ ΜΕΣΟΡΗ ΘΩΘ ΑΘΥΡ ΤΥΒΙ ΜΕΧΕΙΡ
    ΦΑΡΜΟΥΘΙ ΠΑΥΝΙ ΕΠΑΓΟΜΕΝΩΝ ΠΥΡΟΥ ΑΡΤΑΒΑΣ ΔΕΚΑΔΥΟ ΗΜΙΣΥ ΤΡΙΤΟΝ ΚΡΙΘΗΣ ΜΕΤΡΩΙ ΔΗΜΟΣΙΩΙ ΞΥΣΤΩΙ ΘΗΣΑΥΡΟΥ ΚΩΜΗΣ ΚΑΡΑΝΙΔΟΣ
    ΤΕΒΤΥΝΕΩΣ ΟΞΥΡΥΓΧΩΝΠΟΛΕΩΣ ΑΡΣΙΝΟΙΤΟΥ ΝΟΜΟΥ ΤΩΙΚΥΡΙΩΙΜΟΥ ΠΑΤΡΙ ΠΛΕΙΣΤΑ ΠΡΟΜΕΝΠΑΝΤΩΝ ΕΥΧΟΜΑΙ ΣΕΥΓΙΑΙΝΕΙΝ ΚΑΙΤΟ
    ΠΡΟΣΚΥΝΗΜΑ ΣΟΥΠΟΙΩ ΠΑΡΑΤΩΙΚΥΡΙΩΙ ΣΑΡΑΠΙΔΙ ΓΕΙΝΩΣΚΕΙΝ ΣΕΘΕΛΩ ΟΤΙΕΚΟΜΙΣΑΜΗΝ ΤΗΝΕΠΙΣΤΟΛΗΝ ΑΣΠΑΖΟΥ ΤΗΝΑΔΕΛΦΗΝ ΚΑΙΤΑΠΑΙΔΙΑ
    ΕΡΡΩΣΘΑΙ ΣΕΕΥΧΟΜΑΙ ΠΟΛΛΟΙΣΧΡΟΝΟΙΣ ΒΑΣΙΛΕΙΠΤΟΛΕΜΑΙΩΙ ΑΔΙΚΟΥΜΑΙ ΥΠΟΔΙΟΝΥΣΙΟΥ ΔΕΟΜΑΙΟΥΝΣΟΥ ΒΑΣΙΛΕΥ ΠΡΟΣΤΑΞΑΙ ΣΤΡΑΤΗΓΩΙ
    ΓΡΑΨΑΙ ΖΗΝΩΝΙ ΑΠΟΛΛΩΝΙΩΙ ΨΕΝΑΜΟΥΝΙΣ ΞΑΝΘΟΣ ΖΩΙΛΟΣ ΨΑΙΣ ΦΙΛΟΞΕΝΟΣ ΘΕΡΜΟΥΘΙΣ ΤΑΟΡΣΕΝΟΥΦΙΣ ΣΤΟΤΟΗΤΙΣ ΠΕΤΕΣΟΥΧΟΣ ΚΑΣΤΩΡ
    ΣΑΡΑΠΙΩΝ ΔΙΔΥΜΗ ΨΗΦΙΣΜΑ ΟΨΩΝΙΟΝ ΖΕΥΓΟΣ ΖΥΤΟΥ ΤΡΑΠΕΖΑ ΑΞΙΩ ΕΞΗΚΟΝΤΑ ΔΟΞΑΝ ΕΓΡΑΨΑΥΠΕΡΑΥΤΟΥ ΜΗΕΙΔΟΤΟΣΓΡΑΜΜΑΤΑ
    ΚΛΗΡΟΝΟΜΟΙΣ ΒΕΒΑΙΩΣΩ ΠΑΣΗΙΒΕΒΑΙΩΣΕΙ ΕΠΕΡΩΤΗΘΕΙΣΩΜΟΛΟΓΗΣΑ ΜΕΜΕΤΡΗΚΑ ΔΙΑΓΕΓΡΑΦΕΝ ΛΑΟΓΡΑΦΙΑΣ ΧΩΜΑΤΙΚΟΥ ΥΙΚΗΣ ΒΑΛΑΝΕΙΟΥ
    """.split(separator: "\n").joined(separator: " ")
}

import Testing

@testable import Texts

@Suite struct RegnalYearTests {
  /// By which emperors came when; held against thousands of dated texts as docs/texts.md tells.
  @Test(arguments: [
    ("ετουσ ιη τιβεριου καισαροσ σεβαστου", "Tiberius", 18, 32),
    ("ετουσ δευτερου γαιου καισαροσ σεβαστου γερμανικου", "Gaius", 2, 38),
    ("ετουσ ενδεκατου τιβεριου κλαυδιου καισαροσ σεβαστου", "Claudius", 11, 51),
    ("ετουσ ιβ νερωνοσ κλαυδιου καισαροσ σεβαστου γερμανικου", "Nero", 12, 66),
    ("ετουσ δευτερου αυτοκρατοροσ καισαροσ νερουα τραιανου σεβαστου", "Trajan", 2, 99),
    ("ετουσ ιε αυτοκρατοροσ καισαροσ τραιανου αδριανου σεβαστου", "Hadrian", 15, 131),
    ("ετουσ εικοστου πρωτου αυτοκρατοροσ καισαροσ τιτου αιλιου αδριανου αντωνινου", "Antoninus Pius", 21, 158),
    ("ετουσ πεμπτου και εικοστου μαρκου αυρηλιου σεουηρου αντωνινου", "Severus and his sons", 25, 217),
    ("του ιβ ετουσ αντωνινου καισαροσ του κυριου", "Antoninus Pius", 12, 149),
    ("ετουσ κϛ μαρκου αυρηλιου κομμοδου αντωνινου", "Commodus", 26, 186),
    ("ετουσ λα καισαροσ μεσορη", "Augustus", 31, 2),
    ("ετουσ κα αυτοκρατοροσ καισαροσ τιτου αιλιου αδριανου αντωνεινου", "Antoninus Pius", 21, 158),
    ("ετουσ β αυτοκρατοροσ καισαροσ μαρκου αυρηλιου κλαυδιου ευσεβουσ", "Claudius II", 2, 270),
    ("ετουσ δεκατου διοκλητιανου και θ μαξιμιανου", "Diocletian", 10, 294),
  ])
  func reignsAreReckoned(text: String, emperor: String, number: Int, year: Int) {
    #expect(
      RegnalYear.all(in: TextWord.words(of: text).map(\.whole))
        == [RegnalYear(emperor: emperor, number: number, year: year)])
  }

  @Test(arguments: [
    "ετουσ", "ετουσ ιη", "ετουσ ιη -- --", "ετουσ πθ τιβεριου καισαροσ", "ετουσ λα αυτοκρατοροσ καισαροσ --",
    "τιβεριου καισαροσ",
    "ετουσ και τιβεριου καισαροσ", "ετουσ λα καισαροσ σεβαστου", "ετουσ μη πτολεμαιου",
  ])
  func whatIsNoneIsPassedOver(text: String) {
    #expect(RegnalYear.all(in: TextWord.words(of: text).map(\.whole)).isEmpty)
  }

  @Test func severalAreToldInTheirOrder() {
    let text = "ετουσ δ αδριανου καισαροσ του κυριου εγεννηθη ετουσ ε αντωνινου καισαροσ του κυριου"
    #expect(RegnalYear.all(in: TextWord.words(of: text).map(\.whole)).map(\.year) == [120, 142])
  }

  @Test(arguments: [
    ("μηνοσ παυνι τεταρτησ ινδικτιωνοσ", [4]), ("ινδικτιωνοσ ιβ", [12]), ("ιδ ινδικτιονοσ και α ινδικτιωνοσ", [14, 1]),
    ("ινδικτιωνοσ", []), ("κα ινδικτιωνοσ", []), ("-- ινδικτιωνοσ --", []), ("τεταρτησ ημερασ", []),
  ])
  func indictionsAreReckoned(text: String, numbers: [Int]) {
    #expect(Indiction.all(in: TextWord.words(of: text).map(\.whole)).map(\.number) == numbers)
  }

  /// The first of them in 312 and 313, the seventh in the time of Justinian in 528 and 529, 543 and 544, 558 and 559.
  @Test func anIndictionFitsTwoYearsInFifteen() {
    #expect((300...330).filter(Indiction(number: 1).fits) == [312, 313, 327, 328])
    #expect((520...570).filter(Indiction(number: 7).fits) == [528, 529, 543, 544, 558, 559])
    #expect((312...341).filter(Indiction(number: 15).fits) == [326, 327, 341])
    #expect(!(-300...311).contains(where: Indiction(number: 9).fits))
  }
}

/// A name or a noun as far as documents decline it.
struct Noun: Sendable {
  let nominative: String
  let genitive: String
  let dative: String
  let accusative: String

  /// Four forms divided by spaces.
  init(_ forms: String) {
    let parts = forms.split(separator: " ").map(String.init)
    precondition(parts.count == 4, "name: '\(forms)' wants four forms")
    (nominative, genitive, dative, accusative) = (parts[0], parts[1], parts[2], parts[3])
  }
}

/// A village: as the papyri write it in the genitive, and as we call it.
struct Village: Sendable {
  let genitive: String
  let english: String
}

/// The people and places of the documents.
enum Names {
  static let men: [Noun] = table(
    """
    Πτολεμαῖος Πτολεμαίου Πτολεμαίῳ Πτολεμαῖον
    Ἀπολλώνιος Ἀπολλωνίου Ἀπολλωνίῳ Ἀπολλώνιον
    Διονύσιος Διονυσίου Διονυσίῳ Διονύσιον
    Ἡρακλείδης Ἡρακλείδου Ἡρακλείδῃ Ἡρακλείδην
    Σαραπίων Σαραπίωνος Σαραπίωνι Σαραπίωνα
    Ἥρων Ἥρωνος Ἥρωνι Ἥρωνα
    Ὧρος Ὥρου Ὥρῳ Ὧρον
    Πετεσοῦχος Πετεσούχου Πετεσούχῳ Πετεσοῦχον
    Στοτοῆτις Στοτοήτεως Στοτοήτει Στοτοῆτιν
    Ζήνων Ζήνωνος Ζήνωνι Ζήνωνα
    Ζωίλος Ζωίλου Ζωίλῳ Ζωίλον
    Φιλόξενος Φιλοξένου Φιλοξένῳ Φιλόξενον
    Ξάνθος Ξάνθου Ξάνθῳ Ξάνθον
    Ψεναμοῦνις Ψεναμούνεως Ψεναμούνει Ψεναμοῦνιν
    Δημήτριος Δημητρίου Δημητρίῳ Δημήτριον
    Νικάνωρ Νικάνορος Νικάνορι Νικάνορα
    Κάστωρ Κάστορος Κάστορι Κάστορα
    Λυσίμαχος Λυσιμάχου Λυσιμάχῳ Λυσίμαχον
    Θέων Θέωνος Θέωνι Θέωνα
    Ἀμμώνιος Ἀμμωνίου Ἀμμωνίῳ Ἀμμώνιον
    Ἰσίδωρος Ἰσιδώρου Ἰσιδώρῳ Ἰσίδωρον
    Χαιρήμων Χαιρήμονος Χαιρήμονι Χαιρήμονα
    Διόδωρος Διοδώρου Διοδώρῳ Διόδωρον
    Ἀχιλλεύς Ἀχιλλέως Ἀχιλλεῖ Ἀχιλλέα
    Σωκράτης Σωκράτους Σωκράτει Σωκράτην
    Μύσθης Μύσθου Μύσθῃ Μύσθην
    Ὀρσεῦς Ὀρσέως Ὀρσεῖ Ὀρσέα
    Παπνοῦθις Παπνουθίου Παπνουθίῳ Παπνοῦθιν
    Φοιβάμμων Φοιβάμμωνος Φοιβάμμωνι Φοιβάμμωνα
    Ἱέραξ Ἱέρακος Ἱέρακι Ἱέρακα
    Μάρων Μάρωνος Μάρωνι Μάρωνα
    Ἁρποκρατίων Ἁρποκρατίωνος Ἁρποκρατίωνι Ἁρποκρατίωνα
    Διδᾶς Διδᾶτος Διδᾶτι Διδᾶν
    Τρύφων Τρύφωνος Τρύφωνι Τρύφωνα
    Κρονίων Κρονίωνος Κρονίωνι Κρονίωνα
    Παγκράτης Παγκράτου Παγκράτῃ Παγκράτην
    Ἑρμίας Ἑρμίου Ἑρμίᾳ Ἑρμίαν
    Βησαρίων Βησαρίωνος Βησαρίωνι Βησαρίωνα
    Εὐδαίμων Εὐδαίμονος Εὐδαίμονι Εὐδαίμονα
    Κόμων Κόμωνος Κόμωνι Κόμωνα
    """)
  static let women: [Noun] = table(
    """
    Θερμοῦθις Θερμούθεως Θερμούθει Θερμοῦθιν
    Διδύμη Διδύμης Διδύμῃ Διδύμην
    Ταορσενοῦφις Ταορσενούφεως Ταορσενούφει Ταορσενοῦφιν
    Ἀπολλωνία Ἀπολλωνίας Ἀπολλωνίᾳ Ἀπολλωνίαν
    Σαραπιάς Σαραπιάδος Σαραπιάδι Σαραπιάδα
    Βερενίκη Βερενίκης Βερενίκῃ Βερενίκην
    Ἑλένη Ἑλένης Ἑλένῃ Ἑλένην
    Ταυρῖς Ταύριος Ταύρει Ταῦριν
    Ζωσίμη Ζωσίμης Ζωσίμῃ Ζωσίμην
    Φιλωτέρα Φιλωτέρας Φιλωτέρᾳ Φιλωτέραν
    Ἰσιδώρα Ἰσιδώρας Ἰσιδώρᾳ Ἰσιδώραν
    Ψενθαῆσις Ψενθαήσεως Ψενθαήσει Ψενθαῆσιν
    Εὐδαιμονίς Εὐδαιμονίδος Εὐδαιμονίδι Εὐδαιμονίδα
    Θαῆσις Θαήσεως Θαήσει Θαῆσιν
    """)
  static let villages: [Village] = [
    Village(genitive: "Καρανίδος", english: "Karanis"), Village(genitive: "Τεβτύνεως", english: "Tebtynis"),
    Village(genitive: "Σοκνοπαίου Νήσου", english: "Soknopaiu Nesos"),
    Village(genitive: "Φιλαδελφείας", english: "Philadelphia"),
    Village(genitive: "Θεαδελφείας", english: "Theadelphia"), Village(genitive: "Βακχιάδος", english: "Bakchias"),
    Village(genitive: "Εὐημερείας", english: "Euhemeria"), Village(genitive: "Διονυσιάδος", english: "Dionysias"),
    Village(genitive: "Κερκεσούχων", english: "Kerkesoucha"), Village(genitive: "Ναρμούθεως", english: "Narmouthis"),
    Village(genitive: "Κερκεοσίρεως", english: "Kerkeosiris"), Village(genitive: "Μαγδώλων", english: "Magdola"),
    Village(genitive: "Ὀξυρύγχων πόλεως", english: "Oxyrhynchos"),
    Village(genitive: "Ἑρμοῦ πόλεως", english: "Hermopolis"), Village(genitive: "Σερύφεως", english: "Seryphis"),
    Village(genitive: "Ψύχεως", english: "Psychis"), Village(genitive: "Ἀφροδίτης", english: "Aphrodito"),
    Village(genitive: "Πηλουσίου", english: "Pelousion"), Village(genitive: "Τακόνα", english: "Takona"),
  ]
  static let months = [
    "Θώθ", "Φαῶφι", "Ἁθύρ", "Χοιάκ", "Τῦβι", "Μεχείρ", "Φαμενώθ", "Φαρμοῦθι", "Παχών", "Παῦνι", "Ἐπείφ", "Μεσορή",
  ]

  private static func table(_ text: String) -> [Noun] {
    text.split(separator: "\n").map { Noun(String($0)) }
  }
}

/// A reign: how its years are written and which they are.
struct Reign: Sendable {
  enum Era: Sendable {
    case ptolemaic
    case roman
    case byzantine
  }

  let era: Era
  /// In the genitive, after the year.
  let formula: String
  /// Year 1, negative before our era, and the number of years.
  let first: Int
  let years: Int

  /// The year of our count for a regnal year; there is no year 0.
  func year(_ regnal: Int) -> Int {
    let year = first + regnal - 1
    return first < 0 && year >= 0 ? year + 1 : year
  }

  static let all: [Reign] = [
    Reign(era: .ptolemaic, formula: "βασιλεύοντος Πτολεμαίου τοῦ Πτολεμαίου θεῶν ἀδελφῶν", first: -246, years: 25),
    Reign(era: .ptolemaic, formula: "βασιλεύοντος Πτολεμαίου θεοῦ Ἐπιφανοῦς", first: -204, years: 24),
    Reign(era: .ptolemaic, formula: "βασιλευόντων Πτολεμαίου καὶ Κλεοπάτρας τῆς ἀδελφῆς", first: -170, years: 50),
    Reign(era: .roman, formula: "Καίσαρος", first: -29, years: 43),
    Reign(era: .roman, formula: "Τιβερίου Καίσαρος Σεβαστοῦ", first: 14, years: 23),
    Reign(era: .roman, formula: "Τιβερίου Κλαυδίου Καίσαρος Σεβαστοῦ Γερμανικοῦ Αὐτοκράτορος", first: 40, years: 14),
    Reign(era: .roman, formula: "Νέρωνος Κλαυδίου Καίσαρος Σεβαστοῦ Γερμανικοῦ", first: 54, years: 14),
    Reign(era: .roman, formula: "Αὐτοκράτορος Καίσαρος Οὐεσπασιανοῦ Σεβαστοῦ", first: 68, years: 11),
    Reign(
      era: .roman, formula: "Αὐτοκράτορος Καίσαρος Νέρουα Τραιανοῦ Σεβαστοῦ Γερμανικοῦ Δακικοῦ", first: 97, years: 20),
    Reign(era: .roman, formula: "Αὐτοκράτορος Καίσαρος Τραιανοῦ Ἁδριανοῦ Σεβαστοῦ", first: 116, years: 22),
    Reign(era: .roman, formula: "Ἀντωνίνου Καίσαρος τοῦ κυρίου", first: 137, years: 24),
    Reign(era: .roman, formula: "Αὐρηλίου Ἀντωνίνου Καίσαρος τοῦ κυρίου", first: 160, years: 20),
    Reign(era: .roman, formula: "Λουκίου Σεπτιμίου Σεουήρου Εὐσεβοῦς Περτίνακος Σεβαστοῦ", first: 192, years: 18),
    Reign(era: .byzantine, formula: "ἰνδικτίωνος", first: 312, years: 15),
    Reign(era: .byzantine, formula: "ἰνδικτίωνος", first: 447, years: 15),
    Reign(era: .byzantine, formula: "ἰνδικτίωνος", first: 537, years: 15),
  ]
}

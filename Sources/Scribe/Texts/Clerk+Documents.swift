import Text

/// The kinds of document. Each returns its title for the catalogue.
extension Clerk {
  mutating func taxReceipt() -> String {
    yearAndMonth()
    oneOf("διέγραψεν", "διέγραψε", "διαγέγραφεν", "ἀριθμήσεως διέγραψεν")
    person(\.dative)
    oneOf("πράκτορι ἀργυρικῶν", "καὶ μετόχοις πράκτορσι", "τραπεζίτῃ", "ἀπαιτητῇ")
    add(village.genitive)
    person(\.nominative)
    let (greek, english) = dice.pick([
      ("λαογραφίας", "poll tax"), ("χωματικοῦ", "dike tax"), ("ὑικῆς", "pig tax"), ("βαλανείου", "bath tax"),
      ("γερδιακοῦ", "weavers' tax"), ("ζυτηρᾶς", "beer tax"), ("μαγδωλοφυλακίας", "watchtower tax"),
      ("φόρου προβάτων", "sheep dues"), ("ἁλικῆς", "salt tax"), ("συνταξίμου", "syntaximon"),
    ])
    add(greek)
    oneOf("τοῦ αὐτοῦ ἔτους", "τοῦ διεληλυθότος ἔτους", "ὑπὲρ τοῦ ἐνεστῶτος ἔτους")
    drachmas()
    if dice.chance(0.5) {
      add("προσδιαγραφομένων")
      add(number: 1 + dice.below(20))
    }
    if dice.chance(0.6) { add("καὶ τῇ " + dice.pick(["δευτέρᾳ", "τρίτῃ", "πέμπτῃ", "ὀγδόῃ"]) + " τοῦ " + month) }
    if dice.chance(0.5) { drachmas() }
    endParagraph()
    if dice.chance(0.4) { add(man().nominative + " σεσημείωμαι") }
    return "Receipt for \(english)"
  }

  mutating func grainReceipt() -> String {
    yearAndMonth()
    oneOf("μεμέτρηται", "μεμέτρηκεν", "παρέλαβον", "ἐμέτρησεν", "ὁμολογεῖ μεμετρῆσθαι")
    oneOf("εἰς τὸν δημόσιον θησαυρὸν", "εἰς τὸ ἐν τῇ κώμῃ ἐργαστήριον", "ἀπὸ γενήματος τοῦ αὐτοῦ ἔτους", "σιτολόγοις")
    add("κώμης " + village.genitive)
    person(\.nominative)
    oneOf("ὑπὲρ ἐκφορίου", "ὑπὲρ δημοσίων", "εἰς τὴν ἐπιγραφὴν", "κατοίκων", "ἱερᾶς γῆς", "βασιλικῆς γῆς")
    artabas()
    oneOf("μέτρῳ δημοσίῳ ξυστῷ", "μέτρῳ δοχικῷ", "μέτρῳ τετραχοινίκῳ", "μέτρῳ ἕκτῳ", "")
    endParagraph()
    if dice.chance(0.7) {
      add(dice.pick(["καὶ ἄλλας ὁμοίως", "ὁ αὐτὸς", "καὶ " + man().nominative, "διὰ " + man().genitive]))
      artabas()
    }
    return "Receipt for a delivery of grain"
  }

  mutating func letter() -> String {
    let writer = man()
    let reader = dice.chance(0.7) ? man() : woman()
    add(writer.nominative + " " + reader.dative)
    oneOf("τῷ ἀδελφῷ", "τῇ ἀδελφῇ", "τῷ πατρὶ", "τῷ τιμιωτάτῳ", "τῷ φιλτάτῳ", "τῇ μητρὶ", "τῷ ἰδίῳ", "")
    oneOf("χαίρειν", "πλεῖστα χαίρειν", "πολλὰ χαίρειν", "χαίρειν καὶ διὰ παντὸς ὑγιαίνειν")
    endParagraph()
    if dice.chance(0.6) {
      oneOf(
        "πρὸ μὲν πάντων εὔχομαί σε ὑγιαίνειν καὶ τὸ προσκύνημά σου ποιῶ καθ ἡμέραν παρὰ τῷ κυρίῳ Σαράπιδι",
        "εἰ ἔρρωσαι εὖ ἂν ἔχοι ἐρρώμεθα δὲ καὶ ἡμεῖς",
        "πρὸ παντὸς εὔχομαί σε ὁλοκληρεῖν καὶ εὐτυχεῖν μετὰ τῶν σῶν πάντων",
        "εὐχαριστῶ τοῖς θεοῖς ὅτι ἔγνων σε ὑγιαίνοντα")
    }
    for _ in 0..<2 + dice.below(3) {
      oneOf(
        "γίνωσκε οὖν ὅτι", "γινώσκειν σε θέλω ὅτι", "καλῶς ποιήσεις", "εὖ ποιήσεις", "ἐρωτῶ σε οὖν", "μὴ ἀμελήσῃς",
        "ὡς ἐνετειλάμην σοι",
        "θαυμάζω πῶς")
      switch dice.below(9) {
      case 0:
        add("ἐκομισάμην τὴν ἐπιστολήν σου διὰ " + man().genitive)
      case 1:
        add("πέμψας μοι διὰ τοῦ ἀναδιδόντος σοι τὰ γράμματα")
        oneOf("τὸ ἱμάτιον", "τὰς δύο χλαμύδας", "ἐλαίου κοτύλας", "τὸν χιτῶνα τὸν λευκὸν", "οἴνου κεράμια")
        add(number: 2 + dice.below(40))
      case 2:
        add("δοὺς " + man().dative)
        drachmas()
      case 3:
        add("οὐκ ἔγραψάς μοι περὶ τῆς σωτηρίας σου ἀπὸ τοῦ " + month + " μηνὸς")
      case 4:
        add("ἀγοράσας μοι")
        artabas()
      case 5: add("ἐὰν ἀναβῇς εἰς " + dice.pick(["Ἀλεξάνδρειαν", "τὴν μητρόπολιν", "τὸν Ἀρσινοίτην"]) + " γράψον μοι")
      case 6: add("ὁ ὄνος " + man().genitive + " ἀπέθανεν καὶ οὐκ ἔχομεν ἄλλον")
      case 7: add("τὰ παιδία ὑγιαίνει καὶ ἡ μήτηρ ἡμῶν " + woman().nominative)
      default: add("μέλει μοι περὶ τοῦ πράγματος οὗ μοι ἔγραψας ἕνεκεν " + man().genitive)
      }
    }
    if dice.chance(0.8) {
      add("ἀσπάζου")
      add(dice.chance(0.5) ? woman().accusative : man().accusative)
      oneOf("καὶ τὰ τέκνα", "καὶ τοὺς σοὺς πάντας κατ ὄνομα", "καὶ τὴν μητέρα σου", "")
    }
    endParagraph()
    oneOf("ἐρρῶσθαί σε εὔχομαι", "ἔρρωσο", "ἐρρῶσθαί σε εὔχομαι πολλοῖς χρόνοις", "εὐτύχει", "διευτύχει")
    if dice.chance(0.6) {
      add(month)
      add(number: day)
    }
    return "Letter to \(Transcription.latin(reader.nominative))"
  }

  mutating func loan() -> String {
    yearAndMonth()
    add("ἐν " + village.genitive.split(separator: " ")[0])
    endParagraph()
    oneOf("ὁμολογεῖ", "ἐδάνεισεν", "ὁμολογῶ")
    person(\.nominative)
    oneOf("ὡς ἐτῶν", "ἐτῶν")
    add(number: 20 + dice.below(50))
    oneOf("οὐλὴ ἀντικνημίῳ δεξιῷ", "οὐλὴ μετώπῳ μέσῳ", "οὐλὴ γόνατι ἀριστερῷ", "οὐλὴ χειρὶ δεξιᾷ", "ἄσημος")
    person(\.dative)
    oneOf("ἔχειν παρ αὐτοῦ διὰ χειρὸς ἐξ οἴκου χρῆσιν", "ἀπέχειν παρ αὐτοῦ παραχρῆμα", "ἔχειν δάνειον")
    drachmas()
    oneOf("κεφαλαίου τόκων δραχμιαίων ἑκάστῃ μνᾷ κατὰ μῆνα", "ἄτοκον", "τόκου διδράχμου")
    add("ἃς ἀποδώσω ἐν μηνὶ " + dice.pick(Names.months) + " τοῦ εἰσιόντος ἔτους ἄνευ πάσης ὑπερθέσεως")
    if dice.chance(0.6) {
      add(
        "ἐὰν δὲ μὴ ἀποδῷ ἀποτεισάτω παραχρῆμα μεθ ἡμιολίας γινομένης τῆς πράξεως ἔκ τε αὐτοῦ καὶ ἐκ τῶν ὑπαρχόντων αὐτῷ πάντων"
      )
    }
    endParagraph()
    return "Loan of money"
  }

  mutating func lease() -> String {
    oneOf("ἐμίσθωσεν", "βούλομαι μισθώσασθαι παρὰ σοῦ", "μεμίσθωμαι")
    person(\.nominative)
    add("τὰς ὑπαρχούσας περὶ κώμην " + village.genitive)
    oneOf("ἀρούρας", "ἐκ τοῦ κλήρου ἀρούρας", "κατοικικὰς ἀρούρας")
    add(number: 1 + dice.below(40))
    oneOf("εἰς ἔτη τρία", "εἰς ἐνιαυτὸν ἕνα", "εἰς ἔτη δύο ἀπὸ τοῦ ἐνεστῶτος ἔτους")
    oneOf("σπεῖραι καὶ ξυλαμῆσαι οἷς ἐὰν αἱρῶμαι γένεσι", "ὥστε σπεῖραι πυρῷ", "εἰς σπορὰν χόρτου")
    oneOf("ἐκφορίου ἑκάστης ἀρούρης", "ἐκφορίου τοῦ παντὸς", "φόρου κατ ἔτος")
    artabas()
    oneOf("ἀκίνδυνα πάντα παντὸς κινδύνου", "τῶν δημοσίων ὄντων πρὸς σὲ τὸν γεοῦχον", "ἐὰν φαίνηται μισθῶσαι")
    if dice.chance(0.5) {
      add("γείτονες νότου " + man().genitive + " βορρᾶ διῶρυξ λιβὸς " + woman().genitive + " ἀπηλιώτου βασιλικὴ γῆ")
    }
    endParagraph()
    yearAndMonth()
    endParagraph()
    return "Lease of land"
  }

  mutating func petition() -> String {
    if reign.era == .ptolemaic {
      oneOf("βασιλεῖ Πτολεμαίῳ χαίρειν", "βασιλεῖ Πτολεμαίῳ καὶ βασιλίσσῃ Κλεοπάτρᾳ χαίρειν")
    } else {
      person(\.dative)
      oneOf("στρατηγῷ Ἀρσινοίτου", "ἑκατοντάρχῃ", "ἐπιστάτῃ φυλακιτῶν", "στρατηγῷ Ὀξυρυγχίτου", "βασιλικῷ γραμματεῖ")
    }
    endParagraph()
    add("παρὰ")
    person(\.genitive)
    oneOf("τῶν ἀπὸ κώμης", "δημοσίου γεωργοῦ τῶν ἀπὸ", "τῶν κατοικούντων ἐν", "μηχανικοῦ ἀπὸ")
    add(village.genitive)
    oneOf("ἀδικοῦμαι ὑπὸ", "τῇ νυκτὶ ἐπῆλθέν μοι", "λόγον ἀηδίας συνεστήσατο πρός με", "βίαν πάσχω ὑπὸ")
    person(\.genitive)
    oneOf(
      "ὃς ἐπελθὼν ἐπὶ τὴν οἰκίαν μου", "οὗτος γὰρ εἰσελθὼν εἰς τὸν κλῆρον", "τοῦ γὰρ αὐτοῦ ἔτους",
      "οἳ αὐθάδως ἐπελθόντες")
    oneOf(
      "πληγάς μοι ἔδωκεν πλείους", "κατενέμησεν τὰ θέρματα ἀφεὶς τὰ ἑαυτοῦ πρόβατα", "ἦρεν ἱμάτιον ἄξιον",
      "ἐβάσταξεν σίτου ἀρτάβας",
      "οὐκ ἀποδίδωσίν μοι τὸν μισθὸν", "ἐξέκοψεν φυτὰ ἐλάινα")
    if dice.chance(0.7) { drachmas() }
    oneOf(
      "διὸ ἀξιῶ ἀχθῆναι αὐτὸν ἐπὶ σὲ πρὸς τὴν δέουσαν ἐπέξοδον", "δέομαι οὖν σου βασιλεῦ προστάξαι γράψαι τῷ ἐπιστάτῃ",
      "ὅθεν ἐπιδίδωμι καὶ ἀξιῶ ἐν καταχωρισμῷ γενέσθαι", "ἀξιῶ συντάξαι γράψαι τῷ τῆς κώμης ἀρχεφόδῳ")
    endParagraph()
    oneOf("εὐτύχει", "διευτύχει", "ἵν ὦ εὐεργετημένος")
    endParagraph()
    if dice.chance(0.5) {
      yearAndMonth()
      endParagraph()
    }
    return "Petition"
  }

  /// What the office wrote under a petition.
  mutating func docket() -> Int {
    let number = paragraphNumber
    oneOf("πρόσεχε ὡς τῶν δικαίων τεύξεται", "ἀνεγνώσθη", "τῷ ἐπιστάτῃ ἐπισκέψασθαι")
    add(month)
    add(number: day)
    endParagraph()
    return number
  }

  /// The party's own words under a contract, by another hand.
  mutating func subscription() -> Int? {
    guard dice.chance(0.6) else { return nil }
    let number = paragraphNumber
    person(\.nominative)
    oneOf("ὁμολογῶ ἔχειν καὶ ἀποδώσω καθὼς πρόκειται", "πέπραμαι ὡς πρόκειται", "μεμίσθωμαι ὡς πρόκειται", "εὐδοκῶ")
    if dice.chance(0.6) { add(man().nominative + " ἔγραψα ὑπὲρ αὐτοῦ μὴ εἰδότος γράμματα") }
    endParagraph()
    return number
  }

  mutating func list(letters wanted: Int) -> String {
    let title = dice.pick([
      "List of persons with payments", "Account of grain", "Account of expenses", "Register of names",
    ])
    oneOf("λόγος", "γραφὴ ὀνομάτων", "κατ ἄνδρα", "λόγος ἀναλωμάτων", "εἰσὶν δὲ", "λόγος σίτου")
    add(village.genitive)
    endParagraph()
    for _ in 0..<5 + wanted / 22 {
      entry(title)
      endParagraph()
    }
    return title
  }

  private mutating func entry(_ title: String) {
    switch title {
    case "Account of expenses":
      oneOf(
        "οἴνου", "ἐλαίου", "ἄρτων", "ξύλων", "μισθοῦ ὀνηλάτου", "τιμῆς χόρτου", "ἐργάταις", "λαχάνων", "κρέως", "χάρτου"
      )
      if dice.chance(0.4) { add(man().dative) }
      if dice.chance(0.5) { add("δραχ", rest: "μαὶ") }
      add(number: 1 + dice.below(120))
    case "Account of grain":
      add(man().nominative)
      if dice.chance(0.7) { add(man().genitive) }
      artabas()
    default:
      add(man().nominative)
      add(man().genitive)
      if dice.chance(0.3) {
        oneOf("ἱερεὺς", "γεωργὸς", "ποιμὴν", "γέρδιος", "ὀνηλάτης", "χαλκεὺς", "φύλαξ", "κεραμεὺς")
      }
      if dice.chance(0.7) {
        if dice.chance(0.3) { add("δραχ", rest: "μὰς") }
        add(number: 1 + dice.below(300))
      }
    }
  }

  mutating func declaration() -> String {
    person(\.dative)
    oneOf("κωμογραμματεῖ", "βασιλικῷ γραμματεῖ", "λαογράφῳ", "βιβλιοφύλαξι ἐγκτήσεων")
    add(village.genitive + " παρὰ")
    person(\.genitive)
    let (greek, english) = dice.pick([
      (
        "ἀπογράφομαι ἐμαυτόν τε καὶ τοὺς ἐμοὺς εἰς τὴν τοῦ διεληλυθότος ἔτους κατ οἰκίαν ἀπογραφὴν",
        "Census declaration"
      ),
      ("ἀπογράφομαι τὰ ὑπάρχοντά μοι πρόβατα", "Declaration of sheep"),
      ("ἀπογράφομαι καμήλους τελείους", "Declaration of camels"),
      ("δηλῶ τετελευτηκέναι τὸν υἱόν μου", "Notification of death"),
    ])
    add(greek)
    add(number: 2 + dice.below(60))
    add("καὶ " + woman().accusative + " γυναῖκα ἐτῶν")
    add(number: 18 + dice.below(40))
    oneOf("διὸ ἐπιδίδωμι", "καὶ ὀμνύω ἀληθῆ εἶναι τὰ προκείμενα", "διὸ ἀξιῶ ταγῆναι ἐν τῇ τῶν τετελευτηκότων τάξει")
    endParagraph()
    yearAndMonth()
    return english
  }

  /// What follows when the sheet is not yet full.
  mutating func continuation() {
    switch dice.below(6) {
    case 0: yearAndMonth()
    case 1:
      add("ὁμοίως")
      person(\.nominative)
      drachmas()
    case 2:
      oneOf("καὶ παρὰ", "διὰ", "ὑπὲρ")
      person(\.genitive)
      artabas()
    case 3:
      add("ὁ αὐτὸς " + month)
      add(number: Clerk.writable(1 + dice.below(30)))
      drachmas()
    case 4:
      person(\.nominative)
      oneOf("ἐπηκολούθηκα", "συνευδοκῶ", "μάρτυς", "σεσημείωμαι", "ὁμοίως παρέλαβον")
    default:
      oneOf("τῆς αὐτῆς κώμης", "ἐκ τοῦ κλήρου", "ἀπὸ τοῦ αὐτοῦ ἐδάφους")
      artabas()
      drachmas()
    }
  }
}

/// Greek names in Latin letters, for titles.
enum Transcription {
  static func latin(_ greek: String) -> String {
    let table = [
      "a", "b", "g", "d", "e", "z", "e", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "t", "y", "ph", "ch",
      "ps", "o",
    ]
    var result = ""
    var before: UInt8 = 255
    for character in greek {
      guard let scalar = character.unicodeScalars.first else { continue }
      let letter = Greek.index(of: scalar.value)
      guard letter < 24 else { continue }
      // ου and the diphthongs in υ keep u.
      let vowelBefore = [0, 4, 14].contains(before)
      result += letter == 19 && vowelBefore ? "u" : table[Int(letter)]
      before = letter
    }
    return result.prefix(1).uppercased() + result.dropFirst()
  }
}

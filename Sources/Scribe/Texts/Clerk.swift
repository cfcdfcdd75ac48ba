/// What a document is and says.
struct Document {
  /// In English, for the catalogue.
  let title: String
  let reign: Reign
  let year: Int
  let village: Village
  let paragraphs: [[WrittenWord]]
  /// First paragraph that a second hand writes.
  let secondFrom: Int?
}

/// Composes documents from the formulae of the papyri: people, places, dates and sums by chance.
struct Clerk {
  var dice: Dice
  private(set) var words: [WrittenWord] = []
  private var paragraphs: [[WrittenWord]] = []
  let reign: Reign
  let regnal: Int
  let village: Village
  let month: String
  let day: Int

  init(dice: Dice) {
    var dice = dice
    reign = dice.pick(Reign.all)
    regnal = 1 + dice.below(reign.years)
    village = dice.pick(Names.villages)
    month = dice.pick(Names.months)
    day = Clerk.writable(1 + dice.below(30))
    self.dice = dice
  }

  // MARK: words

  mutating func add(_ text: String) {
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) { words.append(WrittenWord(String(word))) }
  }

  mutating func add(number: Int) { words.append(WrittenWord(number: Clerk.writable(number))) }

  mutating func add(_ written: String, rest: String) {
    words.append(WrittenWord(written, kind: .abbreviated(rest: rest)))
  }

  mutating func oneOf(_ choices: String...) { add(dice.pick(choices)) }

  mutating func endParagraph() {
    if !words.isEmpty { paragraphs.append(words) }
    words = []
  }

  static func writable(_ number: Int) -> Int {
    var number = max(1, number)
    while !WrittenWord.isWritable(number) { number = number > 899 ? 800 : number + 1 }
    return number
  }

  // MARK: people and sums

  mutating func man() -> Noun { dice.pick(Names.men) }
  mutating func woman() -> Noun { dice.pick(Names.women) }

  /// "Apollonios son of Ptolemaios", the first in the case asked for.
  mutating func person(_ form: KeyPath<Noun, String>) {
    add(man()[keyPath: form])
    let article = form == \.nominative ? "" : form == \.genitive ? "τοῦ" : form == \.dative ? "τῷ" : "τὸν"
    if !article.isEmpty, dice.chance(0.4) { add(article) }
    if reign.era != .ptolemaic || dice.chance(0.6) { add(man().genitive) }
    if dice.chance(0.3) { add("τοῦ " + man().genitive) }
    if dice.chance(0.12) { add("μητρὸς " + woman().genitive) }
  }

  mutating func yearAndMonth() {
    if reign.era == .byzantine {
      add("μηνὶ " + month)
      add(number: day)
      add(Clerk.ordinals[min(9, regnal / 2)] + " " + reign.formula)
      return
    }
    if dice.chance(0.5) {
      add("ἔτους")
    } else {
      add("ἔτ", rest: "ους")
    }
    if dice.chance(0.7) { add(number: regnal) } else { add(Clerk.ordinals[min(9, regnal / 3)]) }
    add(reign.formula)
    if dice.chance(0.4) { add("μηνὸς") }
    add(month)
    add(number: day)
  }

  static let ordinals = [
    "πρώτου", "δευτέρου", "τρίτου", "τετάρτου", "πέμπτου", "ἕκτου", "ἑβδόμου", "ὀγδόου", "ἐνάτου", "δεκάτου",
  ]

  mutating func drachmas() {
    let amount = Clerk.writable(4 + dice.below(dice.chance(0.3) ? 800 : 90))
    oneOf("ἀργυρίου", "ἀργυρίου", "χαλκοῦ", "ἀργυρίου Σεβαστοῦ νομίσματος")
    if dice.chance(0.6) { add("δραχμὰς") } else { add("δραχ", rest: "μὰς") }
    if dice.chance(0.45) { add(dice.pick(Clerk.spelled)) }
    if dice.chance(0.5) { add("γίνονται") } else { add("γίν", rest: "ονται") }
    add(number: amount)
  }

  static let spelled = [
    "ὀκτὼ", "δέκα δύο", "δεκαὲξ", "εἴκοσι", "εἴκοσι τέσσαρας", "τριάκοντα ἓξ", "τεσσαράκοντα", "ἑξήκοντα",
    "ἑβδομήκοντα δύο",
    "ὀγδοήκοντα", "ἑκατὸν", "ἑκατὸν εἴκοσι", "διακοσίας", "τριακοσίας", "τετρακοσίας", "πεντακοσίας ἑξήκοντα", "χιλίας",
  ]

  mutating func artabas() {
    oneOf("πυροῦ", "πυροῦ", "κριθῆς", "φακοῦ", "ὀλύρας", "πυροῦ νέου καθαροῦ ἀδόλου", "κνήκου")
    if dice.chance(0.5) { add("ἀρτάβας") } else { add("ἀρτ", rest: "άβας") }
    if dice.chance(0.35) { add(dice.pick(["τρεῖς", "πέντε", "ἑπτὰ", "δέκα", "δέκα ὀκτὼ", "εἴκοσι μίαν"])) }
    add(number: 1 + dice.below(180))
    if dice.chance(0.3) { oneOf("ἥμισυ", "τρίτον", "τέταρτον", "ἥμισυ τέταρτον", "δίμοιρον") }
  }

  // MARK: the whole

  /// Composes a document of some kind, long enough for about `lines` lines of `length` letters.
  static func compose(dice: inout Dice, letters wanted: Int) -> Document {
    var clerk = Clerk(dice: Dice(dice.next()))
    let title: String
    var second: Int?
    switch clerk.dice.weighted([2, 2, 2.2, 1.6, 1.6, 1.4, 1, 1]) {
    case 0: title = clerk.taxReceipt()
    case 1: title = clerk.grainReceipt()
    case 2: title = clerk.letter()
    case 3:
      title = clerk.loan()
      second = clerk.subscription()
    case 4:
      title = clerk.petition()
      second = clerk.dice.chance(0.4) ? clerk.docket() : nil
    case 5: title = clerk.list(letters: wanted)
    case 6:
      title = clerk.lease()
      second = clerk.subscription()
    default: title = clerk.declaration()
    }
    clerk.endParagraph()
    // A roll goes on: entries or formulae follow until the columns are full.
    while clerk.letterCount < wanted {
      clerk.continuation()
      clerk.endParagraph()
      second = nil
    }
    return Document(
      title: title, reign: clerk.reign, year: clerk.reign.year(clerk.regnal), village: clerk.village,
      paragraphs: clerk.paragraphs, secondFrom: second)
  }

  private var letterCount: Int { paragraphs.joined().reduce(0) { $0 + $1.letters.count } }

  /// How many paragraphs are closed; the next one's number.
  var paragraphNumber: Int { paragraphs.count }
}

import XML

/// A small generator of random numbers with a seed, so that a failing tree can be made again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Random EpiDoc over all constructs of the notation, any nesting, with letters, signs and attributes that have to be
/// escaped.
struct RandomText {
  var random: SeededGenerator
  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &random)] }
  mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

  mutating func letters() -> String {
    let pieces = [
      "α", "β", "ὶ", "ᾧ", "ϊ", "καὶ", "τὸν", " ", " ", "ς", "𐅵", "\n", "a", "v", "X", "x", ".", ",", "·", "1", "12",
      ". ", "3",
      "-", "--", "----", ":", "=", "?", "'", " '", "(", ")", "[", "]", "<", "&", "\"", "*", "/", "\\", "|", "_", "~",
      "#", "$",
      "!", "^", "¯", "〚", "〛", "⟦", "ạ", "ᾱ", "\u{323}", "\u{304}", "\u{301}", "vac.", "ca.", "ca.3", "lost.",
      "vestig ", "lin",
      "char", "reg", "?>", "<?", "D=", "S=", "=>", "¨", "{", "}", ".?", "1. ", "2.- ", "(?)", "frac", "tall", "left:",
      "*/",
    ]
    var result = ""
    for _ in 0..<Int.random(in: 1...4, using: &random) { result += pick(pieces) }
    return result
  }

  mutating func simpleLetters() -> String {
    (0..<Int.random(in: 1...3, using: &random)).map { _ in pick(["α", "ὶ", "ρ", "v", "2"]) }.joined()
  }

  func escape(_ text: String) -> String {
    var bytes: [UInt8] = []
    XMLWriter.escape(Array(text.utf8)[...], isValue: true, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func extent() -> String {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: "quantity=\"\(Int.random(in: 0..<30, using: &random))\""
    case 1: "atLeast=\"2\" atMost=\"5\""
    case 2: "extent=\"unknown\""
    default: "quantity=\"3\" precision=\"low\""
    }
  }

  mutating func extra() -> String { chance(12) ? " xml:id=\"\(escape(letters().replacing("\n", with: "")))\"" : "" }
  mutating func low() -> String { chance(3) ? " cert=\"low\"" : "" }
  mutating func certainty(_ locus: String) -> String { chance(4) ? "<certainty match=\"..\" locus=\"\(locus)\"/>" : "" }

  mutating func content(_ depth: Int) -> String {
    var result = ""
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      result += depth > 0 && !chance(3) ? element(depth - 1) : escape(letters())
    }
    return result
  }

  mutating func element(_ depth: Int) -> String {
    let x = extra()
    switch Int.random(in: 0..<34, using: &random) {
    case 0: return "<supplied reason=\"lost\"\(low())\(x)>\(content(depth))</supplied>"
    case 1: return "<supplied reason=\"omitted\"\(low())\(x)>\(content(depth))</supplied>"
    case 2:
      return
        "<supplied evidence=\"parallel\" reason=\"\(pick(["lost", "undefined"]))\"\(low())\(x)>\(content(depth))</supplied>"
    case 3, 4: return "<unclear\(x)>\(chance(6) ? escape(letters()) : simpleLetters())</unclear>"
    case 5:
      return
        "<gap reason=\"\(pick(["lost", "illegible", "omitted"]))\" \(extent()) unit=\"\(pick(["character", "line"]))\"\(x)>\(certainty("name"))</gap>"
    case 6:
      return
        "<gap reason=\"illegible\" \(extent()) unit=\"\(pick(["character", "line"]))\"\(x)><desc>vestiges</desc>\(certainty("name"))</gap>"
    case 7: return "<space \(extent()) unit=\"\(pick(["character", "line"]))\"\(x)>\(certainty("name"))</space>"
    case 8: return "<surplus\(x)>\(content(depth))\(certainty("value"))</surplus>"
    case 9:
      return
        "<del rend=\"\(pick(["erasure", "slashes", "cross-strokes", "corrected"]))\"\(x)>\(content(depth))\(certainty("value"))</del>"
    case 10:
      return
        "<add place=\"\(pick(["above", "below", "left", "right", "top", "bottom", "margin", "interlinear", "inline"]))\"\(x)>\(content(depth))\(certainty("name"))</add>"
    case 11:
      return
        "<add rend=\"\(pick(["sling", "underline"]))\" place=\"margin\"\(x)>\(content(depth))\(certainty("name"))</add>"
    case 12: return "<expan\(x)>\(content(depth))<ex\(low())>\(escape(letters()))</ex>\(content(depth))</expan>"
    case 13: return "<expan\(x)>\(content(depth))</expan>"
    case 14: return "<ex\(low())\(x)>\(content(depth))</ex>"
    case 15: return "<abbr\(x)>\(content(depth))\(certainty("name"))</abbr>"
    case 16:
      return
        "<hi rend=\"\(pick(["superscript", "subscript", "tall", "supraline", "supraline-underline", "pause"]))\"\(x)>\(content(depth))\(certainty("value"))</hi>"
    case 17:
      return
        "<hi rend=\"\(pick(["diaeresis", "acute", "grave", "circumflex", "asper", "lenis"]))\"\(x)>\(pick(["ι", "ὶ", "<unclear>υ</unclear>", "<gap reason=\"lost\" quantity=\"1\" unit=\"character\"/>", "<gap reason=\"illegible\" quantity=\"1\" unit=\"character\"/>", "αβ", "<hi rend=\"asper\">ο</hi>", "1"]))\(certainty("value"))</hi>"
    case 18:
      return
        "<hi rend=\"supraline\"\(x)>\(simpleLetters())\(chance(2) ? "<unclear>\(simpleLetters())</unclear>" : "")</hi>"
    case 19:
      return
        "<choice\(x)><reg\(low())\(chance(3) ? " xml:lang=\"grc\"" : "")>\(content(depth))</reg><orig>\(content(depth))\(certainty("value"))</orig></choice>"
    case 20:
      return
        "<choice\(x)><reg>\(content(depth))</reg><reg xml:lang=\"en\"\(low())>\(content(depth))</reg><orig>\(content(depth))</orig></choice>"
    case 21:
      return
        "<choice\(x)><corr\(low())>\(content(depth))</corr><sic>\(content(depth))\(certainty("value"))</sic></choice>"
    case 22:
      return
        "<subst\(x)><add place=\"inline\">\(content(depth))\(certainty("value"))</add><del rend=\"corrected\">\(content(depth))\(certainty("value"))</del></subst>"
    case 23, 24:
      var readings = ""
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        readings +=
          "<rdg\(chance(3) ? " resp=\"\(pick(["BL 1.23", "a|b", "x:", "J. Cowey, ZPE 150 (2020) 3"]))\"" : "")>\(content(depth))\(certainty("value"))</rdg>"
      }
      return
        "<app type=\"\(pick(["alternative", "editorial", "BL"]))\"\(x)><lem\(chance(3) ? " resp=\"BL 2.1\"" : "")>\(content(depth))\(certainty("value"))</lem>\(readings)</app>"
    case 25:
      return
        "<num \(pick(["value=\"12\"", "value=\"1/2\"", "atLeast=\"10\"", "atLeast=\"2\" atMost=\"9\"", "type=\"fraction\"", "value=\"3\" rend=\"tick\"", "rend=\"tick\"", "value=\"1,5\"", "n=\"1\""]))\(x)>\(content(depth))\(chance(4) ? "<certainty match=\"../@value\" locus=\"value\"/>" : "")</num>"
    case 26:
      return chance(2)
        ? "<g type=\"\(pick(["stauros", "middot"]))\"\(x)/>" : "<g type=\"stauros\"\(x)>\(escape(letters()))</g>"
    case 27: return "<unclear\(x)><g \(pick(["rend=\"extension\" type=\"filler\"", "type=\"dot\""]))/></unclear>"
    case 28:
      return
        "<milestone rend=\"\(pick(["paragraphos", "horizontal-rule", "box", "wavy-line", "coronis", "diple-obelismene", "asterisks", "other"]))\" unit=\"undefined\"\(x)/>"
    case 29: return "<handShift new=\"\(pick(["m1", "m2", "m12a", "x"]))\"\(low())\(x)/>"
    case 30: return "<foreign xml:lang=\"\(pick(["la", "grc-Latn", "x y"]))\"\(x)>\(content(depth))</foreign>"
    case 31: return "<q\(x)>\(content(depth))</q>"
    case 32:
      return
        "<note xml:lang=\"en\"\(x)>\(escape(letters()))\(chance(3) ? "<ref n=\"p.oxy;1;43\" type=\"reprint-in\">P.Oxy. 1 43</ref>" : "")\(chance(5) ? content(depth) : "")</note>"
    default:
      return pick([
        "<lb n=\"1\"\(x)/>", "<lb n=\"2\" break=\"no\"/>", "<lb n=\"3,ms\"/>", "<lb n=\"5/6\"/>",
        "<lb n=\"2\" rend=\"perpendicular\"/>", "<lb n=\"3\" rend=\"inverse\" break=\"no\"/>", "<lb n=\"a b\"/>",
        "<gap reason=\"ellipsis\" quantity=\"3\" unit=\"line\"><desc>non transcribed</desc></gap>",
        "<gap reason=\"ellipsis\" extent=\"unknown\" unit=\"character\"><desc>Demotic</desc></gap>",
        "<figure><figDesc>seal</figDesc></figure>", "<orig>αβ</orig>", "<seg type=\"x\">α</seg>", "<!-- α -->",
        "<?target α?>",
      ])
    }
  }

  /// A fragment, or one time in ten a document with divisions.
  mutating func text() -> String {
    guard chance(10) else { return content(4) + content(3) }
    var divisions = ""
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let head = pick([
        "n=\"r\"", "n=\"2\" subtype=\"fragment\"", "n=\"ii\" subtype=\"column\" corresp=\"#F1\"", "n=\"a b\"",
      ])
      divisions += "<div \(head) type=\"textpart\" part=\"N\">\n<ab>\(content(3))</ab></div>\(pick(["", "\n"]))"
    }
    return "<div xml:lang=\"grc\" type=\"edition\"\(chance(2) ? " xml:space=\"preserve\"" : "")>\(divisions)</div>"
  }
}

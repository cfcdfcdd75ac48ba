/// A construct that is open while Leiden+ is read.
enum FrameKind: UInt8, Sendable {
  case root, edition, div, block
  case supplied, lostParallel, parallel, omitted, surplus, deletion
  case expansion, resolution, abbreviation
  case above, below, placed, sling, underline, option
  case superscript, subscriptLetters, tall, supraline, supralineUnderline
  case foreign, quotation, note, number, glyph, verbatim

  /// How it is written, for messages.
  var opener: String {
    switch self {
    case .root: "the text"
    case .edition: "<S="
    case .div: "<D="
    case .block: "<="
    case .supplied: "["
    case .lostParallel: "_["
    case .parallel: "|_"
    case .omitted: "<"
    case .surplus: "{"
    case .deletion: "〚"
    case .expansion, .resolution: "("
    case .abbreviation: "(|"
    case .above: "\\"
    case .below: "//"
    case .placed: "||…:"
    case .sling: "<|"
    case .underline: "<_"
    case .option: "<:"
    case .superscript: "|^"
    case .subscriptLetters: "\\|"
    case .tall: "~||"
    case .supraline: "¯"
    case .supralineUnderline: "¯_"
    case .foreign: "~|"
    case .quotation: "\""
    case .note: "/*"
    case .number: "<#"
    case .glyph: "*"
    case .verbatim: "<?…?>"
    }
  }

  /// What closes it; empty where the end of the text does.
  var closer: StaticString {
    switch self {
    case .root, .edition: ""
    case .div: "=D>"
    case .block: "=>"
    case .supplied: "]"
    case .lostParallel: "]_"
    case .parallel: "_|"
    case .omitted: ">"
    case .surplus: "}"
    case .deletion: "〛"
    case .expansion, .resolution: ")"
    case .abbreviation: "|)"
    case .above: "/"
    case .below: "\\\\"
    case .placed: "||"
    case .sling: "|>"
    case .underline: "_>"
    case .option: ":>"
    case .superscript: "^|"
    case .subscriptLetters: "|/"
    case .tall: "||~tall"
    case .supraline: "¯"
    case .supralineUnderline: "_¯"
    case .foreign: "|~"
    case .quotation: "\""
    case .note: "*/"
    case .number: "#>"
    case .glyph: "*"
    case .verbatim: "<?/"
    }
  }

  /// Divisions and blocks hold lines; a mark opened inside ends with them at the latest.
  var isBlock: Bool { self == .root || self == .edition || self == .div || self == .block }

  /// Where its `(?)` goes: an attribute, or an element `certainty` with this locus.
  var certainty: Certainty? {
    switch self {
    case .supplied, .lostParallel, .parallel, .omitted, .resolution: .attribute
    case .abbreviation, .above, .below, .placed, .sling, .underline: .name
    case .surplus, .deletion, .superscript, .subscriptLetters, .tall, .supraline, .supralineUnderline: .value
    default: nil
    }
  }
}

enum Certainty { case attribute, name, value }

/// What joins the parts of `<:a|…|b:>`.
enum Infix: UInt8, CaseIterable, Sendable {
  case reg, corr, subst, alt, ed

  var outer: EpiDocName {
    switch self {
    case .reg, .corr: .choice
    case .subst: .subst
    case .alt, .ed: .app
    }
  }
  var left: EpiDocName {
    switch self {
    case .reg: .reg
    case .corr: .corr
    case .subst: .add
    case .alt, .ed: .lem
    }
  }
  var right: EpiDocName {
    switch self {
    case .reg: .orig
    case .corr: .sic
    case .subst: .del
    case .alt, .ed: .rdg
    }
  }
  var word: StaticString {
    switch self {
    case .reg: "reg"
    case .corr: "corr"
    case .subst: "subst"
    case .alt: "alt"
    case .ed: "ed"
    }
  }
}

struct Frame {
  var kind: FrameKind
  /// The node of the construct; of an option: of the part now open.
  var node: Int
  /// Where its opening mark stands.
  var opened: Int
  /// Of an option: the choice, subst or app, and where its state is in `options`.
  var outer = -1
  /// Elements to close with it (2 where an element stands in an element).
  var elements = 1
}

/// The parts of an option before its infix is known.
struct OptionState {
  var infix: Infix?
  var parts: [Int] = []
  var uncertain: [Int] = []
  var citations: [(part: Int, range: Range<Int>)] = []
  var partIsClosed = false
}

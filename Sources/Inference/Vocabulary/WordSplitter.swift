/// Splits texts into the words within which byte pairs are merged: three regular expressions, by hand.
///
///     gpt-2   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///     llama3  (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
///     tekken  [^\r\n\p{L}\p{N}]?U*L+|[^\r\n\p{L}\p{N}]?U+L*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
///             U = [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]  L = [\p{Ll}\p{Lm}\p{Lo}\p{M}]
///
/// tekken is as Mistral published it; llama.cpp's stand-in tells capitals from small letters in ASCII alone.
struct WordSplitter: Sendable {
  private enum Form: Sendable { case gpt2, llama3, tekken }
  private let form: Form

  static let names = ["gpt-2", "llama-bpe", "llama3", "tekken"]

  init?(_ name: String) {
    switch name {
    // llama.cpp's "default" is another one, for models of which nobody told it how they split.
    case "gpt-2": form = .gpt2
    case "llama3", "llama-v3", "llama-bpe", "pixtral": form = .llama3
    case "tekken": form = .tekken
    default: return nil
    }
  }

  /// Whether a word that is a token is taken whole, whatever the merges would make of it.
  var takesWholeWords: Bool { form != .gpt2 }

  /// What a scalar counts as.
  private struct Class: OptionSet {
    let rawValue: UInt8
    static let letter = Class(rawValue: 1)
    static let number = Class(rawValue: 2)
    static let space = Class(rawValue: 4)
    static let line = Class(rawValue: 8)
    /// What `U` and `L` stand for.
    static let upper = Class(rawValue: 16)
    static let lower = Class(rawValue: 32)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .titlecaseLetter: self = [.letter, .upper]
      case .lowercaseLetter: self = [.letter, .lower]
      case .modifierLetter, .otherLetter: self = [.letter, .upper, .lower]
      case .nonspacingMark, .spacingMark, .enclosingMark: self = [.upper, .lower]
      case .decimalNumber, .letterNumber, .otherNumber: self = .number
      default: self = scalar.properties.isWhitespace ? .space : []
      }
      if scalar == "\r" || scalar == "\n" { insert(.line) }
    }

    var isOther: Bool { isDisjoint(with: [.letter, .number, .space]) }
  }

  /// Ranges of UTF-8 bytes that together are the text.
  func words(of text: String) -> [Range<Int>] {
    let scalars = Array(text.unicodeScalars)
    let classes = scalars.map { Class($0) }
    var offsets = [0]
    for scalar in scalars { offsets.append(offsets[offsets.count - 1] + UTF8.width(scalar)) }
    var words: [Range<Int>] = []
    var at = 0
    while at < scalars.count {
      let end = max(at + 1, word(scalars, classes, at))
      words.append(offsets[at]..<offsets[end])
      at = end
    }
    return words
  }

  /// Where the word that begins at `at` ends.
  private func word(_ scalars: [Unicode.Scalar], _ classes: [Class], _ at: Int) -> Int {
    let count = scalars.count
    func run(_ from: Int, while test: (Class) -> Bool) -> Int {
      var end = from
      while end < count, test(classes[end]) { end += 1 }
      return end
    }
    if form != .tekken, let end = contraction(scalars, at) { return end }
    switch form {
    case .gpt2:
      let start = scalars[at] == " " && at + 1 < count ? at + 1 : at
      for part in [Class.letter, .number] where classes[start].contains(part) {
        return run(start) { $0.contains(part) }
      }
      if classes[start].isOther { return run(start, while: \.isOther) }
    case .llama3, .tekken:
      if let end = letters(classes, at, run) { return end }
      if classes[at].contains(.number) {
        return min(run(at) { $0.contains(.number) }, at + (form == .tekken ? 1 : 3))
      }
      let start = scalars[at] == " " && at + 1 < count ? at + 1 : at
      if classes[start].isOther {
        var end = run(start, while: \.isOther)
        while end < count, classes[end].contains(.line) || (form == .tekken && scalars[end] == "/") { end += 1 }
        return end
      }
      // \s*[\r\n]+: up to the last line end of a run of spaces.
      let spaces = run(at) { $0.contains(.space) || $0.contains(.line) }
      if let last = (at..<spaces).last(where: { classes[$0].contains(.line) }) { return last + 1 }
    }
    // \s+(?!\S)|\s+: the last space of a run belongs to the word behind it.
    let end = run(at) { $0.contains(.space) || $0.contains(.line) }
    return end < count && end - at > 1 ? end - 1 : end
  }

  /// [^\r\n\p{L}\p{N}]? and then letters; nil where there are none.
  private func letters(_ classes: [Class], _ at: Int, _ run: (Int, (Class) -> Bool) -> Int) -> Int? {
    let mayLead = classes[at].isDisjoint(with: [.letter, .number, .line])
    for start in mayLead ? [at + 1, at] : [at] where start < classes.count {
      if form == .llama3 {
        let end = run(start) { $0.contains(.letter) }
        if end > start { return end }
        continue
      }
      // U*L+, giving back of U* what L+ needs.
      let upper = run(start) { $0.contains(.upper) }
      let lower = run(upper) { $0.contains(.lower) }
      if lower > upper { return lower }
      if let last = (start..<upper).last(where: { classes[$0].contains(.lower) }) { return last + 1 }
    }
    guard form == .tekken else { return nil }
    for start in mayLead ? [at + 1, at] : [at] where start < classes.count {
      let upper = run(start) { $0.contains(.upper) }
      if upper > start { return run(upper) { $0.contains(.lower) } }
    }
    return nil
  }

  private func contraction(_ scalars: [Unicode.Scalar], _ at: Int) -> Int? {
    guard scalars[at] == "'", at + 1 < scalars.count else { return nil }
    func letter(_ place: Int) -> Unicode.Scalar? {
      guard place < scalars.count, scalars[place].isASCII else { return nil }
      let scalar = scalars[place]
      return form == .llama3 && (65...90).contains(scalar.value) ? Unicode.Scalar(scalar.value + 32) : scalar
    }
    switch (letter(at + 1), letter(at + 2)) {
    case ("r", "e"), ("v", "e"), ("l", "l"): return at + 3
    case ("s", _), ("t", _), ("m", _), ("d", _): return at + 2
    default: return nil
    }
  }
}

import Text
import XML

// A text may parse and yet not mean what it says: signs of other notations (`[...]`, `[— — —]`, `[-ca.?-]`, `[[α]]`, ⟨α⟩, three full stops for
// three letters), dots below no letter, and letters of another alphabet that look like Greek ones. Each is told at its place with the form
// that is meant. Nothing is changed.

extension LeidenText {
  /// What parses but cannot be meant, in the order of the text.
  ///
  /// - Parameter bytes: the text that this was read from, Leiden+ or EpiDoc; places are counted in it.
  /// - Complexity: linear.
  public func slips(in bytes: [UInt8]) -> [LeidenError] {
    var finder = SlipFinder(tree: tree)
    finder.search()
    return bytes.withUnsafeBytes { LeidenError.located(finder.faults, in: $0) }
  }
}

private struct SlipFinder {
  let tree: MarkupTree
  var faults: [Fault] = []

  init(tree: MarkupTree) { self.tree = tree }

  mutating func search() {
    var words = MixedWords()
    /// Ends of open elements into which no word goes on, nor out of them.
    var walls: [Int] = []
    var node = 0
    while node < tree.nodes.count, faults.count < LeidenError.limit {
      while let end = walls.last, end <= node {
        words.end(&faults)
        walls.removeLast()
      }
      if isSpokenOf(node) {
        words.end(&faults)
        node = Int(tree.nodes[node].end)
        continue
      }
      if tree.nodes[node].kind == MarkupTree.text {
        let content = tree.string(tree.content(node))
        words.read(content, at: Int(tree.nodes[node].source), &faults)
        findSigns(content, node)
      } else if tree.isElement(node) {
        if !staysInWord(node) {
          words.end(&faults)
          walls.append(Int(tree.nodes[node].end))
        }
        if let fault = rangeFault(node) { faults.append(fault) }
        if tree.is(node, .supplied), let fault = suppliedFault(node) {
          faults.append(fault)
          words.end(&faults)
          node = Int(tree.nodes[node].end)
          continue
        }
      }
      node += 1
    }
    words.end(&faults)
  }

  /// Whether an element is about the text, not of it.
  private func isSpokenOf(_ node: Int) -> Bool {
    tree.is(node, .note) || tree.is(node, .desc) || tree.is(node, .figDesc) || tree.is(node, .teiHeader)
      || tree.is(node, .head) || tree.is(node, .ref) || tree.is(node, .certainty)
  }

  /// Whether a word goes on into an element.
  private func staysInWord(_ node: Int) -> Bool {
    tree.is(node, .unclear) || tree.is(node, .supplied) || tree.is(node, .ex) || tree.is(node, .hi)
      || tree.is(node, .add)
      || tree.is(node, .surplus) || tree.is(node, .abbr) || tree.has(node, .breaks, "no")
  }

  private func fault(_ node: Int, at offset: Int = 0, _ text: String, _ message: String, meant: String) -> Fault {
    Fault(
      offset: max(0, Int(tree.nodes[node].source) + offset), length: text.utf8.count, message: message,
      expected: "`\(meant)` is meant")
  }

  /// A range whose end comes before its beginning: `.3-1`.
  private func rangeFault(_ node: Int) -> Fault? {
    guard let low = tree.value(node, .atLeast).map({ tree.string($0) }), let from = Int(low),
      let high = tree.value(node, .atMost).map({ tree.string($0) }), let to = Int(high), to < from
    else { return nil }
    return fault(node, "\(low)-\(high)", "the range ends before it begins", meant: "\(high)-\(low)")
  }

  // MARK: In brackets

  /// A bracket that holds nothing but signs of another notation for what is lost.
  private func suppliedFault(_ node: Int) -> Fault? {
    guard !tree.has(node, .reason, "omitted") else { return nil }
    let children = tree.children(node)
    let elements = children.filter(tree.isElement)
    let text = tree.joinedText(node)
    if elements.count == 1, children.count == 1, tree.is(elements[0], .supplied), let inner = elements.first {
      return fault(node, "[[", "`[[…]]` restores what is restored", meant: "〚\(tree.joinedText(inner))〛")
    }
    let gaps = elements.filter { tree.is($0, .gap) }
    let dotless = elements.filter { tree.is($0, .unclear) && tree.joinedText($0).allSatisfy { $0.isWhitespace } }
    guard gaps.count + dotless.count == elements.count else { return nil }
    let signs = text.filter { !$0.isWhitespace }
    if !dotless.isEmpty || signs.contains(where: { $0 == "\u{323}" }) {
      guard !text.contains(where: \.isLetter) else { return nil }
      let count =
        text.unicodeScalars.count { $0 == "\u{323}" || $0 == "." }
        + dotless.reduce(0) { $0 + tree.joinedText($1).count }
      return fault(node, text, "dots below no letter", meant: count > 0 ? "[.\(count)]" : "[.?]")
    }
    if gaps.isEmpty, signs.isEmpty {
      return children.isEmpty ? fault(node, "[]", "`[]` holds nothing", meant: "[.?]") : nil
    }
    guard !signs.isEmpty else { return nil }
    if gaps.isEmpty, signs.allSatisfy({ Self.dots[$0] != nil }) {
      let count = signs.reduce(0) { $0 + (Self.dots[$1] ?? 0) }
      return fault(node, text, "full stops stand for no lost letters", meant: "[.\(count)]")
    }
    var rest = signs.filter { !Self.dashes.contains($0) }
    for word in ["circa", "ca", "c", "±", "∓"] where rest.lowercased().hasPrefix(word) {
      rest.removeFirst(word.count)
      break
    }
    rest = rest.filter { $0 != "." && $0 != "?" }
    if gaps.count == 1, rest.isEmpty {
      let quantity = tree.value(gaps[0], .quantity).map { tree.string($0) }
      return fault(
        node, text, "signs around a gap that is a sign already", meant: quantity.map { "[ca.\($0)]" } ?? "[.?]")
    }
    guard gaps.isEmpty, rest.allSatisfy({ $0.isASCII && $0.isNumber }), rest.count < 4 else { return nil }
    if rest.isEmpty { return fault(node, text, "dashes stand for no lost letters", meant: "[.?]") }
    return fault(node, text, "a number in words stands for no lost letters", meant: "[ca.\(rest)]")
  }

  private static let dots: [Character: Int] = [".": 1, "·": 1, "…": 3, "‥": 2, "․": 1]
  private static let dashes: Set<Character> = ["-", "‐", "‑", "‒", "–", "—", "―", "−"]
  /// What editions print for a space that is empty and for traces of letters.
  private static let words: [String: (message: String, meant: String)] = {
    let (empty, traces) = (("an empty space has no length", "vac.?"), ("traces of ink stand in no words", "vestig "))
    let pairs =
      ["vac.", "vac", "vacat", "vacat."].map { ($0, empty) }
      + ["vestig.", "vestiges", "vestiges.", "vestigia"].map { ($0, traces) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }()
  private static let angles: [Character: Character] = ["⟨": "⟩", "‹": "›", "〈": "〉"]

  // MARK: In running text

  /// Whether an element comes behind a text, which may be the last of all.
  private func isFollowed(_ node: Int, by name: EpiDocName) -> Bool {
    node + 1 < tree.nodes.count && tree.is(node + 1, name)
  }

  /// Whether a text stands where the first line does.
  private func beginsBlock(_ node: Int) -> Bool {
    node == 0 || tree.is(node - 1, .ab) || tree.is(node - 1, .div)
  }

  /// Whether one of the bytes that the signs sought begin with is in a text: most lines have none.
  private static func mayHoldSigns(_ content: String) -> Bool {
    var before: UInt8 = 0
    return content.utf8.contains { byte in
      defer { before = byte }
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "v"), UInt8(ascii: "c"), 0xC2, 0xCC, 0xE2, 0xE3:
        return true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return true
      // U+0387 is another spelling of the middle dot.
      default: return byte == 0x87 && before == 0xCE
      }
    }
  }

  private mutating func findSigns(_ content: String, _ node: Int) {
    guard Self.mayHoldSigns(content) else { return }
    let characters = Array(content)
    var offset = 0
    var index = 0
    while index < characters.count {
      let start = index
      let character = characters[index]
      func run(_ isSign: (Character) -> Bool) -> (signs: [Character], end: Int) {
        var (signs, end, next): ([Character], Int, Int) = ([], start, start)
        while next < characters.count, isSign(characters[next]) || (characters[next] == " " && !signs.isEmpty) {
          if characters[next] != " " {
            signs.append(characters[next])
            end = next + 1
          }
          next += 1
        }
        return (signs, end)
      }
      index += 1
      if Self.dots[character] != nil {
        let (signs, end) = run { Self.dots[$0] != nil }
        let count = signs.reduce(0) { $0 + (Self.dots[$1] ?? 0) }
        if count > 1 {
          let text = String(characters[start..<end])
          faults.append(fault(node, at: offset, text, "full stops stand for no illegible letters", meant: ".\(count)"))
          index = end
        }
      } else if Self.dashes.contains(character) {
        let (signs, end) = run(Self.dashes.contains)
        if signs.count > 2 {
          faults.append(
            fault(
              node, at: offset, String(characters[start..<end]), "dashes stand for no lost or illegible letters",
              meant: ".?` or `[.?]"))
          index = end
        }
      } else if let close = Self.angles[character] {
        let inner = characters[index...].prefix { $0 != close && $0 != "\n" }
        faults.append(
          fault(
            node, at: offset, String(character), "`\(character)` is no bracket of Leiden+", meant: "<\(String(inner))>")
        )
      } else if character == "⸌" || character == "⸍" {
        faults.append(fault(node, at: offset, String(character), "`\(character)` is no mark of Leiden+", meant: "\\…/"))
      } else if character.isASCII, character.isNumber, start == 0 ? beginsBlock(node) : characters[start - 1] == "\n" {
        let number = characters[start...].prefix { $0.isASCII && $0.isNumber }
        let rest = characters[(start + number.count)...]
        if rest.count == 1, let dash = rest.first, Self.dashes.contains(dash), isFollowed(node, by: .lb),
          let last = tree.value(node + 1, .n).map({ tree.string($0) })
        {
          faults.append(
            fault(
              node, at: offset, String(number) + String(dash), "two lines are not numbered with a dash",
              meant: "\(String(number))/\(last). "))
          index = characters.count
        } else if let letter = rest.first, Greek.letter(of: letter.unicodeScalars.first ?? " ") != nil,
          rest.dropFirst().starts(with: [".", " "])
        {
          faults.append(
            fault(
              node, at: offset, String(number) + String(letter) + ".", "a Greek letter in the number of a line",
              meant: "\(String(number))a. "))
          index = start + number.count + 2
        }
      } else if character.unicodeScalars.first?.value == 0x323
        || character.unicodeScalars.starts(with: [" ", "\u{323}"])
      {
        faults.append(fault(node, at: offset, String(character), "a dot below no letter", meant: ".1"))
      } else if character == "v", start == 0 || !characters[start - 1].isLetter {
        let word = String(characters[start...].prefix { $0.isLetter || $0 == "." })
        if let (message, meant) = Self.words[word] {
          faults.append(fault(node, at: offset, word, message, meant: meant))
          index = start + word.count
        }
      } else if character == "c", characters.count == start + 2, characters[start + 1] == "a",
        start == 0 || !characters[start - 1].isLetter,
        isFollowed(node, by: .gap), tree.has(node + 1, .extent, "unknown")
      {
        faults.append(fault(node, at: offset, "ca", "nobody says about how many letters", meant: ".?"))
        index = characters.count
      }
      offset += characters[start..<index].reduce(0) { $0 + $1.utf8.count }
    }
  }
}

/// Words in which letters of two alphabets stand: `λoγος` with a Latin o.
private struct MixedWords {
  /// Letters of a foreign alphabet that look like Greek ones.
  private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs =
      "AΑBΒEΕZΖHΗIΙKΚMΜNΝOΟPΡTΤYΥXΧaαoοuυvνiιkκpρxχyγnηwωtτsς" + "АΑВΒЕΕНΗІΙКΚМΜОΟРΡТΤХΧаαоοрρхχкκ"
    let scalars = Array(pairs.unicodeScalars)
    return Dictionary(
      stride(from: 0, to: scalars.count, by: 2).map { (scalars[$0], scalars[$0 + 1]) },
      uniquingKeysWith: { one, _ in one })
  }()

  private var foreign: [(offset: Int, scalar: Unicode.Scalar)] = []
  private var word = ""
  private var isGreek = false

  mutating func read(_ text: String, at source: Int, _ faults: inout [Fault]) {
    var offset = source
    for scalar in text.unicodeScalars {
      if Greek.letter(of: scalar) != nil {
        isGreek = true
        word.unicodeScalars.append(scalar)
      } else if isLetter(scalar) {
        foreign.append((offset, scalar))
        word.unicodeScalars.append(scalar)
      } else if Normalisation.isMark(scalar.value) {
        word.unicodeScalars.append(scalar)
      } else {
        end(&faults)
      }
      offset += Unicode.UTF8.width(scalar)
    }
  }

  /// Signs such as the apostrophe U+02BC are letters only in name.
  private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(UInt8(scalar.value) | 0x20) }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter: true
    default: false
    }
  }

  mutating func end(_ faults: inout [Fault]) {
    if isGreek, let first = foreign.first {
      let name =
        first.scalar.value < 0x250 ? "Latin" : (0x400...0x52F).contains(first.scalar.value) ? "Cyrillic" : "foreign"
      let base = Greek.stripped(String(Character(first.scalar))).unicodeScalars.first ?? first.scalar
      let meant = Self.lookAlikes[base].map { "`\($0)` (U+0\(String($0.value, radix: 16, uppercase: true))) is meant" }
      faults.append(
        Fault(
          offset: max(0, first.offset), length: Unicode.UTF8.width(first.scalar),
          message: "\(name) `\(first.scalar)` in the Greek word `\(word)`", expected: meant ?? "one alphabet is meant"))
    }
    foreign = []
    word = ""
    isGreek = false
  }
}

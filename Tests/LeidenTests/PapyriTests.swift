import Foundation
import Testing
import Text

@testable import Leiden

/// Lines of documentary papyri in the marks of the Duke NLP corpus, turned into Leiden+.
///
/// `[..]` restored, U+0323 unclear, `(..)` resolved, `(..…)` not resolved, `⟦..⟧` deleted, `\../` above, `<..>` omitted,
/// `{..}` surplus, `*` regularised elsewhere, `|gap=3|`, `|vac=2|`, `|digit=12|` the value of the numeral before it,
/// `@^inline^new@⟦old⟧` a correction, a last `-` for a word that runs on.
struct PapyrusLine {
  /// The Leiden+ of a line; marks that have no partner in their word become letters as they are.
  static func leiden(_ text: String) -> String {
    var result = ""
    for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if index > 0 { result += " " }
      result += token(String(word))
    }
    return result
  }

  private static func token(_ word: String) -> String {
    if word == "<?>" { return "<?=<?>?<?=>?>" }
    // A dotted mark is a mark still.
    var word = word.replacing("*\u{323}", with: "*")
    if word.hasSuffix("*") { word.removeLast() }
    // A scribal correction holds two forms.
    if word.hasPrefix("@^inline^"), let middle = word.dropFirst(9).firstIndex(of: "@") {
      var new = String(word[word.index(word.startIndex, offsetBy: 9)..<middle])
      let old = word[word.index(after: middle)...]
      if new.hasSuffix("/") { new.removeLast() }
      if old.hasPrefix("⟦"), let end = old.lastIndex(of: "⟧") {
        let inner = String(old[old.index(after: old.startIndex)..<end])
        return "<:\(form(new))|subst|\(form(inner)):>\(form(String(old[old.index(after: end)...])))"
      }
    }
    return form(word)
  }

  /// A word with brackets, signs between bars and parentheses.
  private static func form(_ word: String) -> String {
    var pieces: [String] = []
    // A dotted sign has its bars dotted too.
    var rest = Substring(word.replacing("|\u{323}", with: "|"))
    while let bar = rest.firstIndex(of: "|") {
      let after = rest.index(after: bar)
      guard let end = rest[after...].firstIndex(of: "|") else { break }
      var before = String(rest[..<bar])
      let sign = String(rest[after..<end])
      if sign.hasPrefix("digit=") || sign.hasPrefix("num=") {
        let value = sign.split(separator: "=").last.map(String.init) ?? ""
        // The numeral is what stands after the last bracket that is still open or just closed.
        let cut = before.lastIndex { "[]⟦⟧\\/<>{}()".contains($0) }.map { before.index(after: $0) } ?? before.startIndex
        let letters = String(before[cut...])
        before = String(before[..<cut])
        let isValue = value.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { Int($0) != nil }
        pieces.append(before)
        pieces.append(
          isValue && value.split(separator: "/").count <= 2 ? "\u{1}<#\(plain(letters))=\(value)#>\u{2}" : letters)
      } else {
        pieces.append(before)
        pieces.append("\u{1}\(signLeiden(sign))\u{2}")
      }
      rest = rest[rest.index(after: end)...]
    }
    pieces.append(String(rest))
    return balanced(pieces.joined())
  }

  private static func plain(_ letters: String) -> String {
    letters.unicodeScalars.map { scalar in
      "´'`¨=.^".unicodeScalars.contains(scalar) ? "<?=\(scalar)?>" : String(scalar)
    }.joined()
  }

  private static func signLeiden(_ sign: String) -> String {
    let parts = sign.split(separator: "=")
    guard parts.count == 2, parts[0] == "gap" || parts[0] == "vac" else {
      let name = Greek.stripped(sign)
      return name.utf8.allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x2D } && !name.isEmpty
        ? "*\(name)\(name == sign ? "" : "?")*" : "<?=\(sign)?>"
    }
    let isLines = parts[1].hasSuffix("_lines")
    let extent = parts[1].replacing("_lines", with: "").replacing("unknown", with: "?")
    if parts[0] == "vac" { return "vac.\(extent)\(isLines ? "lin" : "")" }
    return isLines ? "lost.\(extent)lin" : "[.\(extent)]"
  }

  /// Brackets of a word: each with its partner, parentheses as an expansion of the word, the rest as letters.
  private static func balanced(_ word: String) -> String {
    let pairs: [Character: Character] = ["]": "[", ")": "(", "⟧": "⟦", ">": "<", "}": "{", "/": "\\"]
    let characters = Array(word)
    var partner = [Int?](repeating: nil, count: characters.count)
    var stack: [Int] = []
    var isReady = false
    for (index, character) in characters.enumerated() {
      if character == "\u{1}" { isReady = true }
      if character == "\u{2}" { isReady = false }
      if isReady { continue }
      if pairs.values.contains(character) { stack.append(index) }
      if let open = pairs[character], let last = stack.last, characters[last] == open {
        partner[last] = index
        partner[index] = last
        stack.removeLast()
      }
    }
    let unresolved = word.contains("…")
    let hasParenthesis = characters.indices.contains { characters[$0] == "(" && partner[$0] != nil }
    var result = ""
    isReady = false
    for (index, character) in characters.enumerated() {
      if character == "\u{1}" {
        isReady = true
      } else if character == "\u{2}" {
        isReady = false
      } else if isReady {
        result.append(character)
      } else if let other = partner[index] {
        switch character {
        case "⟦": result += "〚"
        case "⟧": result += "〛"
        case ")", "]":
          // `?` before the end is doubt.
          if other < index - 1, result.hasSuffix("?") {
            result.removeLast()
            result += "(?)"
          }
          result.append(character)
        default: result.append(character)
        }
      } else if "[]()⟦⟧<>{}\\/\"*_~#$!^|@`¨´".contains(character) {
        result += "<?=\(character)?>"
      } else {
        result.append(character)
      }
    }
    if hasParenthesis { return unresolved ? "(\(result.replacing("…", with: "")))" : "(\(result))" }
    return result
  }
}

@Suite struct PapyriTests {
  static let path = Shared.folder + "/data/ddbdp-dev.tsv.xz"

  @Test(.enabled(if: FileManager.default.fileExists(atPath: path), "the lines are not beside the package"))
  func everyLineOfTheDukeDatabankGoesThroughLeiden() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xz", "-dc", PapyriTests.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "xz is not installed")
    var (count, failed) = (0, 0)
    var first: [String] = []
    for row in bytes.split(separator: 0x0A) {
      let columns = row.split(separator: 0x09, omittingEmptySubsequences: false)
      guard columns.count >= 5 else { continue }
      count += 1
      let source = String(decoding: columns[4], as: UTF8.self)
      let leiden = PapyrusLine.leiden(source)
      let (text, errors) = LeidenText.parse(leiden: leiden)
      let printed = text.leiden
      let (again, more) = LeidenText.parse(leiden: printed)
      if !errors.isEmpty || !more.isEmpty || again != text || again.leiden != printed {
        failed += 1
        first.append(
          "\(source)\n  \(leiden)\n  \(printed)\n  \(errors.first?.description ?? more.first?.description ?? "")")
      }
    }
    #expect(failed == 0, "\(failed) of \(count)")
    for failure in first.prefix(12) { print(failure) }
    print("papyri: \(count - failed) of \(count) lines")
  }
}

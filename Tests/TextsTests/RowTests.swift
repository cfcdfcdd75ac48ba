import Testing

@testable import Texts

@Suite struct RowTests {
  /// Letters as text: a capital for one that is restored, `'` behind one that is resolved, `-` for a loss.
  private func read(_ lines: String...) -> String {
    var letters = RowLetters()
    for line in lines { letters.append(Array(line.utf8)[...]) }
    var result = ""
    for letter in letters.letters {
      if letter & TextLetters.wordStart != 0, !result.isEmpty { result += " " }
      let text = letter & TextLetters.mask == 0 ? "-" : String(TextLetters.alphabet[Int(letter & TextLetters.mask) - 1])
      result += letter & TextLetters.restored != 0 ? text.uppercased() : text
      if letter & TextLetters.resolved != 0 { result += "'" }
    }
    return result
  }

  @Test(arguments: [
    ("Κόμων Μουσαίου", "κομων μουσαιου"),
    ("ἱερεὺς , ὃς", "ιερευσ οσ"),
    ("κεχαραγμένο[ν] [τῆς]", "κεχαραγμενοΝ ΤΗΣ"),
    ("στρ(ατηγῷ) (ἔτους)", "στρα'τ'η'γ'ω' ε'τ'ο'υ'σ'"),
    ("πυ̣ροῦ \\καὶ/ {καὶ} ⟦οὐκ⟧ <τῆς>", "πυρου και τ'η'σ'"),
    ("@^inline^πε-πρακέν\\ε/@⟦πε-πρακεναι⟧* σοι", "πεπρακενε σοι"),
    ("α|gap=3|β", "α---β"), ("α |gap=unknown| β", "α - β"), ("ε|digit=5| ἔτους", "ε ετουσ"),
    ("α |vac=2| β", "α β"), ("[.] ἐ[ν] ϛ´", "εΝ ϛ"), ("(ἀρουρ…) ι", "α'ρ'ο'υ'ρ'- ι"), ("domini α", "- α"),
  ])
  func wordsBecomeLetters(words: String, expected: String) { #expect(read(words) == expected) }

  @Test func aWordRunsOnOverALineEnd() {
    #expect(read("δ-", "ευτερόβολον φορὰν", "καὶ") == "δευτεροβολον φοραν και")
  }

  @Test func marksThatAreNeverClosedHideNoMoreThanTheirLine() {
    #expect(read("α{βγ", "δε") == "α δε")
    #expect(read("α|gap=9999999999", "β") == "α- β")
    #expect(read("α]) β") == "α β")
  }
}

import Leiden
import Testing

/// Text that parses and is not what is meant.
@Suite struct SlipTests {
  private func slips(_ text: String) -> [String] {
    let (parsed, errors) = LeidenText.parse(leiden: text)
    #expect(errors.isEmpty, "\(text)")
    return parsed.slips(in: Array(text.utf8)).map { "\($0.line):\($0.column) \($0.expected)" }
  }

  @Test(arguments: [
    ("καὶ [...] τὸν", "1:5 `[.3]` is meant"), ("[— — —] καὶ", "1:1 `[.?]` is meant"), ("[---]", "1:1 `[.?]` is meant"),
    ("καὶ\nτὸν [-ca.?-]", "2:5 `[.?]` is meant"), ("[- ca.9 -]", "1:1 `[ca.9]` is meant"),
    ("[ca. 3]", "1:1 `[ca.3]` is meant"),
    ("[± 12]", "1:1 `[ca.12]` is meant"), ("κ[.. . ]", "1:2 `[.3]` is meant"), ("κ[]", "1:2 `[.?]` is meant"),
    ("κ[[α]]", "1:2 `〚α〛` is meant"), ("[ ̣ ̣]", "1:1 `[.2]` is meant"), ("καὶ . . . τὸν", "1:5 `.3` is meant"),
    ("καὶ… τὸν", "1:4 `.3` is meant"), ("[κα ...]", "1:5 `.3` is meant"), ("⟨τ⟩ὸν", "1:1 `<τ>` is meant"),
    ("καὶ - - - τὸν", "1:5 `.?` or `[.?]` is meant"), ("καὶ vac. τὸν", "1:5 `vac.?` is meant"),
    ("κα λoγος", "1:5 `ο` (U+03BF) is meant"), ("λόγοs", "1:5 `ς` (U+03C2) is meant"),
    ("Kαὶ", "1:1 `Κ` (U+039A) is meant"),
    ("λ[o]γος", "1:3 `ο` (U+03BF) is meant"), ("кαὶ", "1:1 `κ` (U+03BA) is meant"),
    ("α \u{387}\u{387}", "1:3 `.2` is meant"), ("α ‐‐‐", "1:3 `.?` or `[.?]` is meant"),
    ("λόγђος", "1:4 one alphabet is meant"), ("[.3-1] καὶ", "1:1 `1-3` is meant"), ("⸌α β", "1:1 `\\…/` is meant"),
    ("10-11. α", "1:1 `10/11. ` is meant"), ("1. α\n10–11. β", "2:1 `10/11. ` is meant"),
    ("1. α\n14α. δ", "2:1 `14a. ` is meant"), ("1. α ca.? β", "1:6 `.?` is meant"),
    ("vestiges α", "1:1 `vestig ` is meant"), ("<#ι=10-5#>", "1:1 `5-10` is meant"),
  ]) func isToldWithTheFormThatIsMeant(text: String, told: String) {
    #expect(slips(text) == [told])
  }

  @Test(arguments: [
    "καὶ τὸν. ἔρρωσο·", "[.3] [.?] [ca.3] .3 [καὶ] ", "vac.3 [vac.?]", "~|di emu|~la καὶ", "/*λoγος ...*/ καὶ", "<.2>",
    "----",
    "μηνὸς μ", "α̣β̣ [γ̣]", "δʼ ἄλλ’", "καὶ - τὸν – ", "<:στρατηγὸς|reg|strategos:>", "dominus", "[κα.2]",
    "καὶ (στρ(ατηγὸς))", "1. α\n2.\n3.-\n4. β", "α 10-11 β", "$m2 α $m3a(?) β", "ca", "dominica ca", "10-", "1. α\n10-",
    "c", "v", "7", "α 7",
  ]) func isNoSlip(text: String) {
    #expect(slips(text).isEmpty)
  }
}

import Testing

@testable import Leiden

@Suite struct LayerTests {
  private func text(_ leiden: String) -> LeidenText {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    #expect(errors.isEmpty, "\(leiden): \(errors)")
    return text
  }

  @Test func threeLayersOfOneLine() {
    let line = text("1. [κα]ὶ <τὸν> (στρ(ατηγὸν)) <:ἐλαίου|reg|ἐλέου:> α̣β .2 {γ} 〚δ〛")
    #expect(line.diplomatic == "ὶ  στρ ἐλέου αβ .. γ δ")
    #expect(line.edited == "[κα]ὶ <τὸν> στρ(ατηγὸν) ἐλέου α̣β .. {γ} 〚δ〛")
    #expect(line.regularised == "καὶ τὸν στρατηγὸν ἐλαίου αβ …  ")
    #expect(line.letterStream == "ΙΣΤΡΕΛΕΟΥΑΒ..ΓΔ")
    #expect(text("και̣τον[.3]α .2").letterStream == "ΚΑΙΤΟΝΑ..")
  }

  @Test func everyLetterHasItsPlace() {
    let line = text("ab[γδ](ε(ζ))")
    for layer in Layer.allCases {
      let result = line.layer(layer)
      #expect(result.places.count == result.text.unicodeScalars.count)
      for (scalar, place) in zip(result.text.unicodeScalars, result.places) where place.node >= 0 {
        let bytes = Array(line.tree.content(place.node))
        #expect(String(decoding: bytes[place.offset...], as: UTF8.self).unicodeScalars.first == scalar)
      }
    }
  }

  @Test func linesAndWordsThatRunOn() {
    let lines = text("1. κα\n2.- ὶ τὸν\n3. ἄνδρα")
    #expect(lines.diplomatic == "κα\nὶ τὸν\nἄνδρα")
    #expect(lines.regularised == "καὶ τὸν\nἄνδρα")
  }

  @Test func linesInWhatIsPassedOverAreLines() {
    #expect(text("1. α[β\n2. γ]δ").diplomatic == "α\nδ")
    #expect(text("1. α[β\n2. <:γ|reg|κ:>]δ").letterStream == "Α\nΔ")
    #expect(text("1. (στρ(ατ\n2.- ηγός)) β").diplomatic == "στρ\nβ")
    #expect(text("1. α{β\n2. γ}δ").regularised == "α\nδ")
    #expect(text("1. α〚β\n2.- γ〛δ").regularised == "αδ")
    #expect(text("1. α[β\n2.- γ]δ").edited == "α[β\nγ]δ")
  }
}

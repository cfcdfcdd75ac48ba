import Corpus
import Foundation
import JSON
import Leiden
import Platform
import Raster
import Testing

@testable import Exchange

/// Texts and files of each format.
@Suite struct ExportedTextTests {
  @Test func textsInEveryLayer() throws {
    let line = "χαίρειν. [κα]ὶ α̣ (στρ(ατηγὸς))"
    for (layer, expected) in [
      (.letters, "ΧΑΙΡΕΙΝΙΑΣΤΡ"), (.diplomatic, "χαίρειν. ὶ α στρ"), (.edited, "χαίρειν. [κα]ὶ α̣ στρ(ατηγὸς)"),
      (.regularised, "χαίρειν. καὶ α στρατηγὸς"), (.leiden, line),
    ] as [(ExportText.Layer, String)] {
      #expect(ExportText(layer).text(of: line) == expected)
    }
    let apart = try #require(ExportText(.regularised, isDecomposed: true).text(of: "καὶ"))
    #expect(Array(apart.unicodeScalars) == ["κ", "α", "ι", "\u{300}"])
    #expect(ExportText(.regularised).text(of: "κα[") == nil)
  }

  @Test func listsForTrainers() throws {
    try ExportProbe.withCorpus { store, out in
      _ = try CorpusExport(format: .pylaia).run(store, to: out + "/p")
      #expect(try ExportProbe.text(out + "/p/train.txt").hasPrefix("f0_0-1 Χ Α Ι Ρ Ε Ι Ν Ι Τ Ο Ν\n"))
      #expect(try ExportProbe.text(out + "/p/syms.txt").hasPrefix("<ctc> 0\n<space> 1\n. 2\nΑ 3\n"))
      #expect(try PNG.header(path: out + "/p/images/f0_0-1.png").height == 128)
      _ = try CorpusExport(format: .pylaia, text: ExportText(.regularised)).run(store, to: out + "/w")
      #expect(try ExportProbe.text(out + "/w/train.txt").contains("ὶ <space> τ ὸ ν"))
      _ = try CorpusExport(format: .loghi).run(store, to: out + "/l")
      #expect(try ExportProbe.text(out + "/l/train.txt").hasPrefix("images/f0_0-1.png\tΧΑΙΡΕΙΝΙΤΟΝ\n"))
      _ = try CorpusExport(format: .trocr, split: Split("1/1")).run(store, to: out + "/t")
      let both = try ExportProbe.text(out + "/t/gt_train.txt") + ExportProbe.text(out + "/t/gt_test.txt")
      #expect(both.hasPrefix("f0_0-1.png\tΧΑΙΡΕΙΝΙΤΟΝ\n"))
    }
  }

  @Test func conversationsPreferencesAndGaps() throws {
    try ExportProbe.withCorpus { store, out in
      _ = try CorpusExport(format: .chat).run(store, to: out + "/c")
      let first = try #require(try ExportProbe.rows(out + "/c/train.jsonl").first)
      let image = try #require(first["images"]?.array?.first?.string)
      #expect(Files.exists(out + "/c/" + image))
      #expect(first["messages"]?.array?.map { $0["role"]?.string } == ["user", "assistant"])
      #expect(first["messages"]?.array?.first?["content"]?.array?.first?["path"]?.string == image)
      _ = try CorpusExport(format: .chatURLs).run(store, to: out + "/u")
      let url = try ExportProbe.rows(out + "/u/train.jsonl")[0]["messages"]?.array?[0]["content"]?.array?[0][
        "image_url"]?["url"]?
        .string
      let data = try #require(url.flatMap { Data(base64Encoded: String($0.dropFirst("data:image/png;base64,".count))) })
      #expect(try PNG.decode(Array(data)) == PNG.read(path: out + "/c/" + image))
      let counts = try CorpusExport(format: .preference).run(store, to: out + "/d")
      #expect(counts.lines == 3)
      let pair = try ExportProbe.rows(out + "/d/train.jsonl")[0]
      #expect(pair["chosen"]?.array?[0]["content"]?.array?[0]["text"]?.string == "ΧΑΙΡΕΙΝΙΤΟΝ")
      #expect(pair["rejected"]?.array?[0]["content"]?.array?[0]["text"]?.string == "ΚΑΤΟΝ")
      _ = try CorpusExport(format: .fim).run(store, to: out + "/f")
      let gaps = try ExportProbe.rows(out + "/f/train.jsonl")
      #expect(gaps[0]["prefix"]?.string == "χαίρειν. " && gaps[0]["middle"]?.string == "κα")
      #expect(gaps[0]["suffix"]?.string?.hasPrefix("ὶ τὸν\nστρατηγὸς") == true)
      for gap in gaps {
        let (before, middle, after) = (gap["prefix"]!.string!, gap["middle"]!.string!, gap["suffix"]!.string!)
        #expect(gap["codestral"]?.string == "[SUFFIX]\(after)[PREFIX]\(before)\(middle)")
        #expect(before + middle + after == gaps[0]["prefix"]!.string! + "κα" + gaps[0]["suffix"]!.string!)
      }
    }
  }

  @Test func editionsAsTheyAreTypedAndPrinted() throws {
    try ExportProbe.withCorpus { store, out in
      _ = try CorpusExport(format: .leiden).run(store, to: out)
      let typed = try ExportProbe.text(out + "/f0.txt")
      #expect(
        typed == """
          <S=.grc<D=.r<D=.i.column<=
          (Lines: 1 non transcribed)
          2. χαίρειν. [κα]ὶ τὸν
          =>=D><D=.ii.column<=
          1. (στρ(ατηγὸς)) α̣ .2
          =>=D>=D><D=.v<=
          1. <:ἐλαίου|reg|ἐλέου:> ϛ
          =>=D>

          """)
      #expect(LeidenText.parse(leiden: typed).errors.isEmpty)
      _ = try CorpusExport(format: .text).run(store, to: out + "/t")
      #expect(
        try ExportProbe.text(out + "/t/f0.txt") == """
          Letter & "receipt"
          inv. <5>, TM 700, HGV 1234a

          Recto
          Col. I
                (not transcribed)
                χαίρειν. [κα]ὶ τὸν

          Col. II
                στρ(ατηγὸς) α̣ ..

          Verso
                ἐλέου ϛ

          1 l. ἐλαίου

          """)
    }
  }
}

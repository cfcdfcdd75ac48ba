import Corpus
import Foundation
import JSON
import Leiden
import Platform
import Raster
import Testing

@testable import Exchange

/// Exports as other people's tools see them.
@Suite struct ExportReaderTests {
  private static let schemas =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/schemas").path

  private static let validator =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Tools/messages.py").path

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: schemas) && ChildProcess.find("xmllint") != nil,
      "needs xmllint and the schemas in ../shared"),
    arguments: [
      (ExportFormat.page, "--schema", "page-2019-07-15.xsd"), (.kraken, "--schema", "page-2019-07-15.xsd"),
      (.alto, "--schema", "alto-4-3.xsd"), (.epidoc, "--relaxng", "tei-epidoc.rng"),
    ])
  func documentsAreValid(format: ExportFormat, option: String, schema: String) throws {
    try ExportProbe.withCorpus(2) { store, out in
      let line = try store.lines(of: "f1")[1]
      // A decision in the dark, for the apparatus.
      try store.record(
        Correction(
          scholar: "Boris", fragment: "f1", region: line.region, before: nil,
          after: "χ<αί>ρ & ειν", action: .edited, offered: [], model: nil, seconds: 1, seen: 0))
      // A line that was drawn, without a text.
      var drawn = try store.lines(of: "f1")[0].region
      drawn.baseline = drawn.baseline.map { Point(x: $0.x, y: $0.y + 2) }
      try store.record(
        Correction(
          scholar: "Boris", fragment: "f1", region: drawn, before: nil, after: nil, action: .redrew, offered: [],
          model: nil, seconds: 1))
      _ = try CorpusExport(format: format).run(store, to: out)
      let files = FileManager.default.enumerator(atPath: out)!.compactMap { $0 as? String }.filter {
        $0.hasSuffix(".xml")
      }
      #expect(files.count >= 1)
      for file in files {
        let outcome = try ChildProcess.run(
          ChildProcess.find("xmllint")!, ["--nonet", "--noout", option, Self.schemas + "/" + schema, out + "/" + file])
        #expect(outcome.status == 0, "\(file)")
      }
    }
  }

  @Test(.enabled(if: ExportProbe.hasPython("tarfile"), "needs python3")) func tarsAndTablesAsPythonReadsThem() throws {
    try ExportProbe.withCorpus { store, out in
      _ = try CorpusExport(format: .webdataset).run(store, to: out)
      #expect(
        try ExportProbe.python(
          """
          import tarfile, json
          names = {}
          for m in (t := tarfile.open("train-000000.tar")).getmembers():
              key, suffix = m.name.split(".", 1)
              names.setdefault(key, {})[suffix] = t.extractfile(m).read()
          assert len(names) == 3 and all(set(v) == {"png", "txt", "json"} for v in names.values()), names
          one = names["f0_0-1"]
          assert one["txt"].decode() == "ΧΑΙΡΕΙΝΙΤΟΝ" == json.loads(one["json"])["text"] and one["png"][:4] == b"\\x89PNG"
          """, in: out) == 0)
    }
  }

  @Test(
    .enabled(if: ExportProbe.hasPython("json"), "needs python3"),
    arguments: [ExportFormat.chat, .chatURLs, .preference], [nil, "2/1/1"])
  func conversationsAreWhatTrainersTake(format: ExportFormat, shares: String?) throws {
    try ExportProbe.withCorpus(4) { store, out in
      _ = try CorpusExport(format: format, split: shares.flatMap { Split($0) }).run(store, to: out)
      let files = try Files.list(out).filter { $0.hasSuffix(".jsonl") && !$0.hasPrefix("manifest") }
      #expect(files.count == (shares == nil ? 1 : 3))
      for file in files {
        let outcome = try ChildProcess.run(
          ChildProcess.find("python3")!, [Self.validator, out + "/" + file])
        #expect(outcome.status == 0, "\(file): \(String(decoding: outcome.output + outcome.errors, as: UTF8.self))")
      }
    }
  }

  @Test(.enabled(if: ExportProbe.hasPython("datasets"), "needs the Python package datasets"))
  func datasetsLoadTheImageFolder()
    throws
  {
    try ExportProbe.withCorpus(4) { store, out in
      // Of some papyri nothing is known: in their part, too, every column has its type.
      for number in 0..<4 { try ExportProbe.add("bare\(number)", to: store, tm: String(900 + number), isBare: true) }
      _ = try CorpusExport(format: .huggingface, split: Split("1/1/1")).run(store, to: out)
      #expect(
        try ExportProbe.python(
          """
          import datasets
          d = datasets.load_dataset("imagefolder", data_dir=".", cache_dir=".cache")
          assert set(d) == {"train", "validation", "test"} and sum(len(x) for x in d.values()) == 24, d
          assert all(r["text"] and r["image"].size[0] > 9 for x in d.values() for r in x)
          """, in: out) == 0)
    }
  }

  @Test(.enabled(if: ExportProbe.hasPython("webdataset"), "needs the Python package webdataset"))
  func webdatasetReadsTheTars()
    throws
  {
    try ExportProbe.withCorpus { store, out in
      _ = try CorpusExport(format: .webdataset).run(store, to: out)
      #expect(
        try ExportProbe.python(
          """
          import webdataset
          rows = list(webdataset.WebDataset("train-000000.tar", shardshuffle=False).decode())
          assert len(rows) == 3 and all(r["txt"] == r["json"]["text"] for r in rows), rows
          """, in: out) == 0)
    }
  }

  @Test(.enabled(if: ChildProcess.find("ketos") != nil, "needs kraken's ketos")) func ketosCompiles() throws {
    try ExportProbe.withCorpus { store, out in
      let counts = try CorpusExport(format: .kraken).run(store, to: out)
      #expect(counts.leftOut.isEmpty && (Files.status(out + "/lines.arrow")?.size ?? 0) > 1000)
    }
  }

  @Test(.enabled(if: ExportProbe.hasPython("kraken"), "needs the Python package kraken")) func krakenParsesPAGEAndALTO()
    throws
  {
    for (format, file) in [(ExportFormat.kraken, "f0_0.xml"), (.page, "f0_0.xml"), (.alto, "f0_0.xml")] {
      try ExportProbe.withCorpus { store, out in
        _ = try CorpusExport(format: format).run(store, to: out)
        #expect(
          try ExportProbe.python(
            """
            from kraken.lib.xml import XMLPage
            lines = [l for l in XMLPage("\(file)").to_container().lines if l.text]
            assert [l.text for l in lines][0] == "ΧΑΙΡΕΙΝΙΤΟΝ", lines
            """, in: out) == 0)
      }
    }
  }
}

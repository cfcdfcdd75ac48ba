import Corpus
import Foundation
import JSON
import Platform
import Raster

@testable import grapheion

/// A kind of file that is changed by chance, and how the program meets it.
struct AttackKind {
  var name: String
  var seeds: [[UInt8]]
  /// Puts checksums right again, so that the change reaches what stands behind them.
  var mend: ([UInt8]) -> [UInt8] = { $0 }
  /// `NAME=VALUE` for the program.
  var environment: [String] = []
  /// Lays the input where the program finds it, and says with which words it is called then.
  var calls: (_ input: [UInt8], _ dice: inout Attack.Dice) throws -> [[String]]
}

extension AttackField {
  /// Every kind of file that some command reads.
  var kinds: [AttackKind] {
    get throws { try corpusKinds + textKinds + pictureKinds + modelKinds + trainingKinds + libraryKinds }
  }

  private static let small = BuiltProgram.root + "/models/apollo-reader-small.gguf"
  private static let fast = ["--fast", "--model", small]

  private func write(_ input: [UInt8], to path: String) throws {
    try Files.makeFolder(Files.parent(path))
    try Data(input).write(to: URL(fileURLWithPath: path))
  }

  /// An empty folder of this name.
  private func folder(_ name: String) throws -> String {
    let path = scratch.path + "/" + name
    if Files.exists(path) { try FileManager.default.removeItem(atPath: path) }
    try Files.makeFolder(path)
    return path
  }

  // MARK: A corpus

  /// Laid into a copy of the corpus.
  private func inCorpus(
    _ name: String, _ file: String, seed: [UInt8]? = nil, _ mend: @escaping ([UInt8]) -> [UInt8] = { $0 }
  ) throws -> AttackKind {
    AttackKind(name: name, seeds: [try seed ?? Files.read(corpus + "/" + file)], mend: mend) { input, dice in
      let corpus = try copy()
      try write(input, to: corpus + "/" + file)
      let out = scratch.path + "/out"
      return [
        dice.pick([
          ["status", corpus], ["check", corpus], ["search", corpus, "και"], ["check", corpus, "--repair"],
          ["check", corpus, "--accept"], ["show", corpus, "f1", "--proposed"],
          [
            "export", corpus, "--format", dice.pick(["jsonl", "page", "alto", "lines", "epidoc", "text"]), "--to", out,
          ],
          ["transcribe", corpus, "--again", "--fast", "--workers", "1"],
        ])
      ]
    }
  }

  private var corpusKinds: [AttackKind] {
    get throws {
      let files = try self.files
      let accepted =
        #"[{"path":"\#(files[5])","reason":"the last 3 of the 9 bytes it had are lost","scholar":"a","time":"2026-11-28T00:00:00Z"}]"#
      let manifest = AttackKind(name: "export.json", seeds: [Array(#"{"format":"jsonl","split":"90/10"}"#.utf8)]) {
        input, _ in
        let out = try folder("exported")
        try write(input, to: out + "/export-jsonl.json")
        return [["export", try copy(), "--format", "jsonl", "--split", "90/10", "--to", out]]
      }
      let region = try CorpusStore.open(at: corpus, readOnly: true).givenRegions(of: "f1")?.first?.json.text ?? "{}"
      let alignment = """
        {"version":1,"model":"m@1","inputs":"x","editions":["bgu.1.1"],"licence":"CC0","lines":[{"region":\(region),"edition":"bgu.1.1",
        "label":"5","text":"κα[ὶ]","probability":0.97}],"unmet":["6"]}
        """
      let proposals = """
        {"version":1,"texts":"words by t@1","lines":[{"line":"0-0","of":"και[.2]","words":"καὶ [.2]","runsOn":true,
        "gaps":[{"letters":[2,2],"fillings":[{"text":"το","probability":0.5,"parallels":["bgu.1.1 5"]}]}]}]}
        """
      let editions = AttackKind(
        name: "editions", seeds: [Array(Self.rows.utf8), Array(Self.epiDoc.utf8), Array(Self.leiden.utf8)]
      ) { input, dice in
        let file = try folder("editions") + "/f1." + dice.pick(["tsv", "xml", "leiden"])
        try write(input, to: file)
        let running = dice.pick([[], ["--running"]])
        return [["align", try copy(), "--editions", file, "--json", "--model", Self.small] + running]
      }
      return [
        try inCorpus("alignment", "alignments/f1.json", seed: Array(alignment.utf8)), editions,
        try inCorpus("proposals", "proposals/f1.json", seed: Array(proposals.utf8)),
        try inCorpus("corpus.json", "corpus.json"), try inCorpus("fragment.json", files[1]),
        try inCorpus("lines.json", files[2]),
        try inCorpus("photograph", files[3], AttackMutation.png), try inCorpus("index", files[4], AttackMutation.index),
        try inCorpus("journal", files[5], AttackMutation.records),
        try inCorpus("readings", files[6], AttackMutation.records),
        try inCorpus("accepted.json", "accepted.json", seed: Array(accepted.utf8)), manifest,
      ]
    }
  }

  // MARK: Texts

  /// One file by itself; FILE stands for it in the words.
  private func alone(
    _ name: String, _ seeds: [[UInt8]], _ suffix: String, mend: @escaping ([UInt8]) -> [UInt8] = { $0 },
    environment: [String] = [], _ words: [[String]]
  ) -> AttackKind {
    AttackKind(name: name, seeds: seeds, mend: mend, environment: environment) { input, dice in
      let path = scratch.path + "/input" + suffix
      try write(input, to: path)
      return [dice.pick(words).map { $0 == "FILE" ? path : $0 }]
    }
  }

  private static let epiDoc = """
    <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>x</title></titleStmt><publicationStmt><idno type="TM">7</idno>
    <idno type="ddb-hybrid">bgu;1;1</idno></publicationStmt></fileDesc></teiHeader><text><body><div type="edition" xml:lang="grc"><ab><lb n="1"/>κ<supplied
    reason="lost">αι</supplied> <expan>στρ<ex>ατηγὸς</ex></expan><lb n="2" break="no"/><choice><reg>α</reg><orig>β</orig></choice><gap reason="lost"
    quantity="3" unit="character"/></ab></div></body></text></TEI>
    """

  private var textKinds: [AttackKind] {
    [
      alone(
        "Leiden+", [Array(Self.leiden.utf8)], ".txt",
        [
          ["leiden", "to-epidoc", "FILE"], ["leiden", "to-epidoc", "--lines", "FILE"],
          ["leiden", "layer", "edited", "FILE"], ["leiden", "layer", "regularised", "FILE"],
        ]),
      alone(
        "EpiDoc",
        [
          Array(Self.page.utf8), Array(Self.epiDoc.utf8),
          Array(
            "<ab>κ<supplied reason=\"lost\">αι</supplied><lb n=\"2\"/><choice><reg>α</reg><orig>β</orig></choice></ab>"
              .utf8),
        ], ".xml", [["leiden", "to-leiden", "FILE"], ["leiden", "layer", "diplomatic", "FILE"]]),
    ]
  }

  // MARK: Photographs, and what lies beside them

  private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]

  /// A grey TIFF of two pages, 8 x 8.
  private static let tiff: [UInt8] = {
    func little(_ number: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(number >> (8 * $0) & 255) } }
    var bytes = Array("II*\0".utf8) + little(8, 4)
    let entries = [(256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (273, 8 + 2 * 114), (277, 1), (278, 8), (279, 64)]
    for page in 0..<2 {
      bytes += little(entries.count, 2)
      for (tag, value) in entries { bytes += little(tag, 2) + little(4, 2) + little(1, 4) + little(value, 4) }
      bytes += little(page == 0 ? 8 + 114 : 0, 4)
    }
    return bytes + [UInt8](repeating: 100, count: 64)
  }()

  private static let alto = """
    <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit></Description><Layout><Page ID="p"
    WIDTH="300" HEIGHT="160"><PrintSpace><TextBlock ID="b"><TextLine ID="l" HPOS="16" VPOS="32" WIDTH="260" HEIGHT="28" BASELINE="20,52 280,52"><Shape><Polygon
    POINTS="16,32 284,32 284,60 16,60"/></Shape><String CONTENT="και τον" WC="0.5"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>
    """

  private static let mets = """
    <mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"><fileSec><fileGrp><file ID="i"><FLocat xlink:href="p.png"/></file>
    </fileGrp><fileGrp><file ID="x"><FLocat xlink:href="described/other.xml"/></file></fileGrp></fileSec><structMap TYPE="PHYSICAL"><div><div><fptr
    FILEID="i"/><fptr FILEID="x"/></div></div></structMap></mets>
    """

  /// A file by this name beside a photograph that is imported.
  private func beside(_ kind: String, _ name: String, _ seed: String) -> AttackKind {
    AttackKind(name: kind, seeds: [Array(seed.utf8)]) { input, _ in
      let place = try folder("beside")
      try Files.copy(photograph, to: place + "/p.png")
      if kind == "METS" { try write(Array(Self.page.utf8), to: place + "/described/other.xml") }
      try write(input, to: place + "/" + name)
      let corpus = place + "/c"
      return [["new", corpus], ["import", corpus, place + "/p.png"], ["check", corpus]]
    }
  }

  private var pictureKinds: [AttackKind] {
    get throws {
      [
        alone(
          "strip", [try Files.read(strip)], ".png", mend: AttackMutation.png,
          [["read", "--line"] + Self.fast + ["FILE"], ["read"] + Self.fast + ["FILE"]]),
        beside("PAGE", "p.xml", Self.page), beside("ALTO", "p.alto.xml", Self.alto),
        beside("METS", "mets.xml", Self.mets),
        beside(
          "record", "p.json",
          #"{"id":"x","title":"T","notBefore":-100,"identifiers":{"tm":"7"},"photographs":[{"side":"recto"}]}"#),
        AttackKind(
          name: "import", seeds: [try Files.read(photograph), Self.jpeg, Self.tiff], mend: AttackMutation.png
        ) { input, _ in
          let place = try folder("imported")
          try write(input, to: place + "/p.jpg")
          return [["new", place + "/c"], ["import", place + "/c", place + "/p.jpg"], ["check", place + "/c"]]
        },
      ]
    }
  }

  // MARK: Models

  /// Laid where the program finds its models, among the others.
  private func model(_ name: String, mutating file: String, _ seeds: [[UInt8]], _ words: [[String]]) throws
    -> AttackKind
  {
    let home = scratch.path + "/home-" + name.replacing(" ", with: "-")
    try Files.makeFolder(home + "/models")
    for other in try Files.list(BuiltProgram.root + "/models") where other != file {
      _ = symlink(BuiltProgram.root + "/models/" + other, home + "/models/" + other)
    }
    return AttackKind(name: name, seeds: seeds, environment: ["GRAPHEION_HOME=" + home]) { input, dice in
      try write(input, to: home + "/models/" + file)
      return [dice.pick(words)]
    }
  }

  private var modelKinds: [AttackKind] {
    get throws {
      func bytes(_ name: String) throws -> [UInt8] { try Files.read(BuiltProgram.root + "/models/" + name) }
      let reader = try bytes("apollo-reader-small.gguf")
      let lines = try bytes("apollo-lines.gguf")
      let letters = try bytes("apollo-letters.gguf")
      let work = scratch.path + "/work"
      let verify = ["models", "verify"]
      return [
        alone(
          "model", [Array(reader.prefix(40_000)), reader], ".gguf",
          [
            ["read", "--line", "--fast", "--model", "FILE", strip],
            [
              "train", "--data", try pairs, "--from", "FILE", "--steps", "1", "--to", scratch.path + "/m.gguf",
              "--work", work,
            ],
          ]),
        try model(
          "line finder", mutating: "apollo-lines.gguf", [Array(lines.prefix(20_000)), lines],
          [["read"] + Self.fast + [photograph], verify]),
        try model(
          "letter model", mutating: "apollo-letters.gguf", [Array(letters.prefix(40_000)), letters],
          [["read", "--line", "--fast", strip], verify]),
      ]
    }
  }

  // MARK: Training

  /// A folder of one line with its text.
  private var pairs: String {
    get throws {
      let place = scratch.path + "/pairs"
      if !Files.exists(place) {
        try Files.makeFolder(place)
        try Files.copy(strip, to: place + "/a.png")
        try write(Array("ΚΑΙ\n".utf8), to: place + "/a.gt.txt")
      }
      return place
    }
  }

  private func training(_ more: [String], work: String) throws -> [String] {
    ["train", "--data", try pairs, "--small", "--to", scratch.path + "/m.gguf", "--work", work] + more
  }

  private var trainingKinds: [AttackKind] {
    get throws {
      let work = try folder("run")
      let first = try Attack.run(try training(["--steps", "0"], work: work))
      guard first.status == 0 else { throw CocoaError(.fileNoSuchFile, userInfo: ["errors": first.errors]) }
      let checkpoint = try Files.read(work + "/checkpoint")
      let tables = "step,seconds,loss,gradient,rate\n10,1,3.2,1.0,0.001\n20,2,2.2,1.0,0.001\n"
      let truth = String(
        decoding: try Files.read(BuiltProgram.root + "/corpus/fragments/scribe-001/truth.json"), as: UTF8.self
      ).replacing("scribe-001.png", with: "recto.png")
      let letters = Self.letters
      return [
        AttackKind(
          name: "checkpoint", seeds: [checkpoint, Array(checkpoint.prefix(4096))], mend: AttackMutation.checkpoint
        ) { input, _ in
          try write(input, to: work + "/checkpoint")
          return [try training(["--steps", "0", "--resume"], work: work)]
        },
        AttackKind(name: "run tables", seeds: [Array(tables.utf8)]) { input, dice in
          let place = try folder("tables")
          try write(input, to: place + "/" + dice.pick(["loss.csv", "validation.csv"]))
          if !Files.exists(place + "/loss.csv") { try write(Array(tables.utf8), to: place + "/loss.csv") }
          return [try training(["--steps", "0"], work: place)]
        },
        AttackKind(name: "line pairs", seeds: [Array("ΚΑΙ ΤΟΝ\n".utf8), Array("1. καὶ τὸν [..]\n".utf8)]) {
          input, dice in
          let place = try folder("given")
          try Files.copy(strip, to: place + "/a.png")
          try write(input, to: place + "/a.gt.txt")
          return [
            dice.pick([
              ["evaluate", "--truth", place] + Self.fast,
              ["train", "--data", place, "--small", "--steps", "0", "--to", scratch.path + "/m.gguf", "--work", work],
            ])
          ]
        },
        AttackKind(name: "letters", seeds: [letters]) { input, dice in
          let path = scratch.path + "/letters.tar"
          try write(dice.next(2) == 0 ? AttackMutation.tarHead(letters, &dice) : input, to: path)
          return [["scribe", "--lines", path, "--count", "1", "--to", scratch.path + "/drawn"]]
        },
        AttackKind(name: "truth.json", seeds: [Array(truth.utf8)]) { input, _ in
          let corpus = try copy()
          try write(input, to: corpus + "/fragments/f1/truth.json")
          return [["evaluate", "--truth", corpus] + Self.fast]
        },
      ]
    }
  }

  /// An archive of cut letters (`RealLetters`): of papyri of either part.
  private static let letters: [UInt8] = {
    var crop = Bitmap(width: 14, height: 18, filledWith: 210)
    for y in 4..<14 { for x in 4..<10 { crop.pixels[y * 14 + x] = 40 } }
    let picture = PNG.encode(crop)
    var index = "filename\tletter\tTM\tyear\tregion\n"
    var files: [(String, [UInt8])] = []
    for papyrus in 1...12 {
      for letter in ["Alpha", "Iota", "Kappa"] {
        index += "\(papyrus)-\(letter).png\t\(letter)\t\(papyrus)\t150\t1\n"
        files.append(("\(papyrus)-\(letter).png", picture))
      }
    }
    var bytes: [UInt8] = []
    for (name, content) in [("index.tsv", Array(index.utf8))] + files {
      var head = [UInt8](repeating: 0, count: 512)
      head.replaceSubrange(0..<name.utf8.count, with: name.utf8)
      let size = String(content.count, radix: 8)
      head.replaceSubrange(124..<124 + size.utf8.count, with: size.utf8)
      head[156] = 0x30
      bytes += head + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }
    return bytes + [UInt8](repeating: 0, count: 1024)
  }()

  // MARK: Known texts

  private static let rows = """
    bgu.1.1\t8961 12\t\t1\tἔτους [τετάρτου] Αὐτοκράτορος (Καίσαρος)
    bgu.1.1\t8961 12\t\t2\tΤραιανοῦ |gap=3| {τοῦ} <κυρίου> -
    p.tebt.5\t3641\tm2\t1\tομολογω εχειν παρα σου ⟦δια⟧ χειρος |num=12| εξ οικου
    p.tebt.5\t3641\tm2\t2\t@^inline^και/@⟦κατ⟧ τον α̣υτον χρονον ετους τεταρτου

    """
  private static let places = "TM\tplace\tdate\n8961\tTebtynis\t103±2\n3641\tKerkeosiris\t-113±0\n"

  /// A file of the library of known texts, as it is when it has been used once.
  private func decoder(_ decoder: RandomDecoder) throws -> [UInt8] {
    let path = scratch.path + "/seed.gguf"
    try decoder.write(to: path)
    return try Files.read(path)
  }

  private var libraryKinds: [AttackKind] {
    get throws {
      let library = scratch.path + "/library"
      let source = scratch.path + "/known.tsv"
      try write(Array(Self.rows.utf8), to: source)
      try write(Array(Self.places.utf8), to: scratch.path + "/places.tsv")
      let gap = scratch.path + "/gap.txt"
      try write(Array("1. ἔτους τετάρτου [.5]ρος [.?] και\n".utf8), to: gap)
      let ask = [
        ["parallels", "ετους τεταρτου [.5]ρος", "--library", library], ["restore", gap, "--library", library],
      ]
      for words in [["texts", "add", source, scratch.path + "/places.tsv", "--library", library]] + ask {
        let run = try Attack.run(words)
        guard run.status <= 1 else { throw CocoaError(.fileNoSuchFile, userInfo: ["errors": run.errors]) }
      }
      func inLibrary(_ name: String, _ file: String) throws -> AttackKind {
        let seed = try Files.read(library + "/" + file)
        return AttackKind(name: name, seeds: [seed]) { input, dice in
          let copy = scratch.path + "/library-copy"
          if Files.exists(copy) { try FileManager.default.removeItem(atPath: copy) }
          try FileManager.default.copyItem(atPath: library, toPath: copy)
          // The rows as the index knows them: by size and date, where the size is the same.
          let dated = Files.status(copy + "/" + file)
          try write(input, to: copy + "/" + file)
          if let dated, dice.next(2) == 0 {
            let time = timespec(
              tv_sec: Int(dated.modified / 1_000_000_000), tv_nsec: Int(dated.modified % 1_000_000_000))
            _ = utimensat(AT_FDCWD, copy + "/" + file, [time, time], 0)
          }
          return [dice.pick(ask + [["texts", "list", "--library", library]]).map { $0 == library ? copy : $0 }]
        }
      }
      let model = try Files.list(library + "/models")[0]
      let shipped = try Files.read(BuiltProgram.root + "/models/apollo-restorer.json")
      return [
        AttackKind(name: "rows", seeds: [Array(Self.rows.utf8), Array(Self.places.utf8), Array(Self.epiDoc.utf8)]) {
          input, dice in
          let copy = try folder("texts-added")
          let path = copy + dice.pick(["/a.tsv", "/a.xml", "/a.txt"])
          try write(input, to: path)
          let own = copy + "/library"
          return [
            ["texts", "add", path, "--name", "a", "--library", own],
            dice.pick(ask).map { $0 == library ? own : $0 },
          ]
        },
        try inLibrary("library rows", "known.tsv"), try inLibrary("concordance", "known.index"),
        try inLibrary("library.json", "library.json"), try inLibrary("places", "places.tsv"),
        try inLibrary("counted letters", "models/" + model),
        AttackKind(name: "language model", seeds: try RandomDecoder.tiny.map { try decoder($0) }) { input, _ in
          let path = scratch.path + "/decoder.gguf"
          try write(input, to: path)
          return [["restore", gap, "--model", path, "--library", scratch.path + "/none"]]
        },
        AttackKind(name: "restorer", seeds: [shipped]) { input, _ in
          try write(input, to: library + "/restorer.json")
          return [ask[1]]
        },
        AttackKind(name: "gaps", seeds: [Array(#"{"id":1,"before":"ετουσ ","after":"ροσ","letters":[2,5]}"#.utf8)]) {
          input, _ in
          let path = scratch.path + "/gaps.json"
          try write(input, to: path)
          return [["restore", path, "--json", "--library", library]]
        },
      ]
    }
  }
}

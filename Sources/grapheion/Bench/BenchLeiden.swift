import Corpus
import Leiden
import Platform
import Text

/// `grapheion bench leiden`: reading and writing of the notation on one core, over a text that has every construct; with `--in` also
/// how many of the documents there go both ways.
let benchLeiden = Bench(name: "leiden", summary: "Leiden+ and EpiDoc on one core (medians of 5)") { folder in
  let lines = sampleLines
  var faults = 0
  for line in lines {
    let (text, errors) = LeidenText.parse(leiden: line)
    let again = try LeidenText.parse(epidoc: text.epidoc)
    if !errors.isEmpty || again != text || LeidenText.parse(leiden: text.leiden).text != text { faults += 1 }
  }
  Bench.figure("lines of all constructs that go to EpiDoc and back", "\(lines.count - faults) of \(lines.count)")
  if let folder { try documentsBothWays(folder) }

  var body = "<S=.grc<=\n"
  var number = 1
  while body.utf8.count < 20_000_000 {
    for line in lines {
      body += "\(number). \(line)\n"
      number += 1
    }
  }
  body += "=>"
  let leiden = Array(body.utf8)
  let megabytes = Double(leiden.count) / 1e6
  let text = LeidenText.parse(leidenBytes: leiden).text
  let epidoc = Array(text.epidoc.utf8)
  let epidocMegabytes = Double(epidoc.count) / 1e6

  PeakMemory.reset()
  let before = PeakMemory.bytes
  var kept: LeidenText? = LeidenText.parse(leidenBytes: leiden).text
  let held = Double(PeakMemory.bytes - before) / Double(leiden.count)
  kept = nil
  _ = kept
  let parse = Bench.median(of: 5) { _ = LeidenText.parse(leidenBytes: leiden) }
  Bench.figure("Leiden+ read", rate(megabytes, parse), goal: "50 MB/s")
  Bench.figure("a document of \(Int(megabytes)) MB of Leiden+ read", seconds(parse), goal: "1 s")
  Bench.figure("memory while reading it, times its size", "\((held * 10).rounded() / 10)")
  Bench.figure("Leiden+ written", rate(megabytes, Bench.median(of: 3) { _ = text.leiden }))
  let read = try Bench.median(of: 5) { _ = try LeidenText.parse(epidocBytes: epidoc) }
  Bench.figure("EpiDoc read", rate(epidocMegabytes, read), goal: "30 MB/s")
  Bench.figure("EpiDoc written", rate(epidocMegabytes, Bench.median(of: 3) { _ = text.epidoc }))
  for layer in Layer.allCases {
    Bench.figure(
      "the \(layer.rawValue) layer, of Leiden+", rate(megabytes, Bench.median(of: 3) { _ = text.layer(layer) }))
  }
}

/// Whole documents: XML to tree to XML gives the same canonical XML, the edition to Leiden+ and back the same edition.
private func documentsBothWays(_ folder: String) throws {
  let names = try Files.list(folder).filter { $0.hasSuffix(".xml") }
  var (asXML, asLeiden) = (0, 0)
  for name in names {
    let bytes = try Files.read(folder + "/" + name)
    do throws(LeidenError) {
      let document = try EpiDocDocument(bytes: bytes)
      let again = try EpiDocDocument(bytes: document.written(fresh: true))
      asXML += again.canonicalEpiDoc == document.canonicalEpiDoc ? 1 : 0
      let (text, errors) = LeidenText.parse(leiden: document.edition.leiden)
      asLeiden += errors.isEmpty && text.canonicalEpiDoc == document.edition.canonicalEpiDoc ? 1 : 0
    } catch {
      Console.note("bench: \(displayText(name)): \(error)")
    }
  }
  Bench.figure("documents, XML -> tree -> XML the same", "\(asXML) of \(names.count)", goal: "all")
  Bench.figure("documents, XML -> Leiden+ -> XML the same", "\(asLeiden) of \(names.count)", goal: "all")
}

private func rate(_ megabytes: Double, _ seconds: Double) -> String { "\(Int(megabytes / seconds)) MB/s" }
private func seconds(_ value: Double) -> String { "\((value * 1000).rounded() / 1000) s" }

/// Lines as editions of documents have them, most plain, and each construct at least once.
let sampleLines: [String] = [
  "Ἀπολλώνιος Ζήνωνι χαίρειν· καλῶς ἂν ποιήσαις ἀποστείλας ἡμῖν τὸν παῖδα",
  "[παρὰ] Εὐδώρου (στρ(ατηγοῦ)) (Ἀρ[σι(νοΐτου)]) Θεμίστου καὶ Π̣ο̣λέμωνος με[ρίδων]",
  "κατʼ ἄνδρα εἰς πράξεων τῆ[ς] [.5] μερίδος τοῦ Φαρμοῦθι μη[νὸς τοῦ]",
  "ἐνεστῶτος <#κβ=22#> ((ἔτους)) Ἀντωνίν[ου Καίσαρος] τοῦ κυρίου τὰ ἐπιδοθέντα̣ [μοι]",
  "<:ἐλαίου|reg|ἐλέου:> κεράμια <#δ=4#> <:τοῦ=BL 1.23|ed|του(?):> .3 vac.2 [ca.4]",
  "\\καὶ/ τὰ λοιπὰ 〚τῆς〛 {τῆς} <τῆς> ἑκάστης κώμης πρ̣α̣[κτόρων ἀργυρικῶν]",
  "<:τοῦ|subst|της:>  ϊ(¨)διον ~|di emu|~la $m2 ἔρρωσο (|ερρ|) *stauros* /*see the back*/",
  "ὁ δεῖνα τῷ δεῖνι τῶν φίλων χαίρειν. γίνωσκέ με ἐρρωμένον ὄντα παρὰ τοῖς θεοῖς",
]

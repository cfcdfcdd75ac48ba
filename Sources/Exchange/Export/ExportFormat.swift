/// An export format: everything that is said about it anywhere comes from here.
public struct ExportFormat: Sendable, Hashable, CustomStringConvertible {
  /// As it is typed after `--format`.
  public let name: String
  /// The files it makes.
  public let files: String
  /// Who reads them.
  public let readers: String
  /// What its counts count.
  public let unit: String
  /// The layer of text it takes where nothing else is asked for.
  let layer: ExportText.Layer
  /// Whether another may be asked for.
  public let hasLayers: Bool
  let makeWriter: @Sendable (ExportRun) -> any ExportWriter

  init(
    _ name: String, files: String, for readers: String, unit: String = "lines", layer: ExportText.Layer = .letters,
    hasLayers: Bool = true, _ makeWriter: @escaping @Sendable (ExportRun) -> any ExportWriter
  ) {
    self.name = name
    self.files = files
    self.readers = readers
    self.unit = unit
    self.layer = layer
    self.hasLayers = hasLayers
    self.makeWriter = makeWriter
  }

  /// How it puts texts where nothing else is asked for.
  public var text: ExportText { ExportText(layer) }

  public var description: String { name }
  public static func == (one: ExportFormat, other: ExportFormat) -> Bool { one.name == other.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The format of a name, nil where there is none.
  public static func named(_ name: String) -> ExportFormat? { all.first { $0.name == name } }
}

/// Writes one format. Fragments come one after another; memory does not grow with their number.
protocol ExportWriter: AnyObject {
  /// Writes what a fragment has for this format into a part of the split (nil: there is none); returns how many lines, or what the format counts.
  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int
  /// Closes what is open. Called also after an interruption, so that what was written is whole.
  func finish() throws(ExchangeError)
}

extension ExportWriter {
  func finish() throws(ExchangeError) {}
}

extension ExportFormat {
  /// Every format, in the order in which they are listed.
  public static let all: [ExportFormat] = [
    lines, page, alto, kraken, epidoc, leiden, text, huggingface, webdataset, pylaia, loghi, trocr, chat, chatURLs, fim,
    preference, jsonl, htrUnited,
  ]

  public static let lines = ExportFormat(
    "lines", files: "FRAGMENT_LINE.png, straightened along its baseline; FRAGMENT_LINE.gt.txt",
    for: "grapheion train, kraken, Tesseract, Calamari", LinePairsWriter.init)
  public static let page = ExportFormat(
    "page", files: "FRAGMENT_N.png, the photograph; FRAGMENT_N.xml, PAGE XML 2019-07-15",
    for: "eScriptorium, Transkribus, OCR-D, layout training"
  ) { PageXMLWriter($0, readings: .all) }
  public static let alto = ExportFormat(
    "alto", files: "FRAGMENT_N.png; FRAGMENT_N.xml, ALTO 4.2", for: "eScriptorium, libraries' viewers", ALTOWriter.init)
  public static let kraken = ExportFormat(
    "kraken", files: "FRAGMENT_N.png and .xml, PAGE with one text a line; an .arrow where ketos is installed",
    for: "ketos train and segtrain of kraken 4 to 7", KrakenWriter.init)
  public static let epidoc = ExportFormat(
    "epidoc", files: "DDbDP/<n>/<HGV>.xml or FRAGMENT.xml, a TEI document with header and apparatus",
    for: "papyri.info and everyone's EpiDoc tools", hasLayers: false, EpiDocWriter.init)
  public static let leiden = ExportFormat(
    "leiden", files: "FRAGMENT.txt, Leiden+ with line numbers", for: "pasting into the papyri.info editor",
    hasLayers: false,
    LeidenPlusWriter.init)
  public static let text = ExportFormat(
    "text", files: "FRAGMENT.txt, as an edition prints it: sigla, every fifth line numbered, apparatus",
    for: "the printer",
    layer: .edited, PrintedTextWriter.init)
  public static let huggingface = ExportFormat(
    "huggingface", files: "PART/metadata.jsonl with file_name beside its images; README.md, the dataset's card",
    for: "datasets.load_dataset(\"imagefolder\")", HuggingFaceWriter.init)
  public static let webdataset = ExportFormat(
    "webdataset", files: "PART-000000.tar of about 1 GB: .png, .txt, .json for each line",
    for: "webdataset, streaming loaders",
    WebDatasetWriter.init)
  public static let pylaia = ExportFormat(
    "pylaia", files: "images/ 128 pixels high; train.txt, val.txt, test.txt; syms.txt", for: "PyLaia", PyLaiaWriter.init
  )
  public static let loghi = ExportFormat(
    "loghi", files: "images/; train.txt, val.txt, test.txt of PATH TAB TEXT", for: "Loghi HTR"
  ) {
    ImageListWriter($0, folder: "images", list: { "\($0).txt" })
  }
  public static let trocr = ExportFormat(
    "trocr", files: "image/; gt_train.txt, gt_val.txt, gt_test.txt of NAME TAB TEXT", for: "TrOCR"
  ) {
    ImageListWriter($0, folder: "image", list: { "gt_\($0).txt" }, namesFolder: false)
  }
  public static let chat = ExportFormat(
    "chat", files: "images/; train.jsonl: messages with an image and its text", for: "TRL, axolotl"
  ) {
    ChatWriter($0, asURLs: false)
  }
  public static let chatURLs = ExportFormat(
    "chat-urls", files: "train.jsonl: the same with images as data URLs", for: "fine-tuning services and local servers"
  ) {
    ChatWriter($0, asURLs: true)
  }
  public static let fim = ExportFormat(
    "fim", files: "train.jsonl: prefix, suffix, middle of restorations and lines, and both common orders as text",
    for: "training models that fill gaps", unit: "gaps", layer: .regularised, hasLayers: false, FillInMiddleWriter.init)
  public static let preference = ExportFormat(
    "preference", files: "images/; train.jsonl: what a scholar wrote against what was offered", for: "DPO with TRL",
    unit: "pairs", PreferenceWriter.init)
  public static let jsonl = ExportFormat(
    "jsonl", files: "corrections.jsonl: every decision with all that is known of it",
    for: "statistics, training of your own",
    unit: "corrections", hasLayers: false, CorrectionsWriter.init)
  public static let htrUnited = ExportFormat(
    "htr-united", files: "htr-united.yml, an entry for the catalogue", for: "HTR-United", hasLayers: false,
    CatalogueWriter.init)
}

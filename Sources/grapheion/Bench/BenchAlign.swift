import Corpus
import Exchange
import Inference
import Pipeline
import Platform
import Raster
import Text

/// `grapheion bench align`: editions laid on real photographs whose lines somebody has labelled by the edition.
///
/// Lines are found as if nobody had set any. An accepted line is right where it runs along the true line of the same label; each photograph is also given
/// the editions of three others, of which nothing may be accepted.
let benchAlign = Bench(
  name: "align",
  summary: "editions laid on photographs (--in: a folder with NAME.jpg, NAME.xml with labels, NAME.edition.tsv)"
) { folder in
  guard let place = try AnnotatedPhotographs.place(folder) else { return }
  let reader = ModelFragmentReader(
    try ReaderModel.load(path: try Installation.model(Installation.defaultModel)), lines: try Installation.lineFinder())
  let catalogue = EditionCatalogue([place])
  let alphabet = reader.reader.model.alphabet
  var pages: [(name: String, lines: [Edition.Line], aligner: EditionAligner, labels: [String?], truth: Int)] = []
  let pageFiles = Dictionary(
    Files.below(place, endings: [".xml"]).map { (String(Files.name($0).dropLast(4)), $0) },
    uniquingKeysWith: { first, _ in first })
  try AnnotatedPhotographs.forEach(in: place) { name, image, lines in
    let labels = try pageFiles[name].map(LineLabels.read) ?? []
    // Without labels nobody said which line of an edition is which.
    guard labels.contains(where: { $0 != nil }) else { return }
    let found = reader.finder.find(in: image)
    let truth = lines.map(\.region)
    let matches = LayoutScore.matches(
      found: found, truth: truth, within: [Double](repeating: LayoutScore.lineDistance(truth) / 4, count: truth.count),
      coverage: 0.6)
    var labelOf = [String?](repeating: nil, count: found.count)
    for (number, match) in matches.enumerated() {
      if let match, number < labels.count { labelOf[match] = labels[number] }
    }
    let editions = try catalogue.editions(of: Fragment(id: name))
    pages.append(
      (
        name, editions.flatMap(\.lines), reader.aligner(for: found) { _ in image }, labelOf,
        lines.count { $0.letters?.isEmpty == false }
      ))
  }
  guard !pages.isEmpty else {
    throw Failure(.unreadable, "bench: \(displayText(place)) has no photograph with labelled lines.")
  }
  func pairs(_ page: Int, _ edition: Int) -> [EditionAligner.Pair] {
    pages[page].aligner.pairs(with: pages[edition].lines.map { ExpectedInk(runs: $0.ink.runs, alphabet: alphabet) })
      .filter { $0.probability >= EditionOffer.surelyRight }
  }
  var (accepted, right, lines, strange, tried) = (0, 0, 0, 0, 0)
  for (number, page) in pages.enumerated() {
    let own = pairs(number, number)
    let good = own.count { page.labels[$0.found] == page.lines[$0.line].label }
    accepted += own.count
    right += good
    lines += page.truth
    // A text may stand on two papyri: what the photograph's own edition says of the line, too, is no stranger.
    let told = Dictionary(
      own.map { ($0.found, page.lines[$0.line].ink.letters) }, uniquingKeysWith: { first, _ in first })
    for step in [1, 3, 5] where pages.count > 5 {
      let other = (number + step) % pages.count
      strange += pairs(number, other).count { pair in
        let text = pages[other].lines[pair.line].ink.letters
        return told[pair.found].map { 3 * EditDistance.between(Array($0), Array(text)) > text.count } ?? true
      }
      tried += page.labels.count
    }
    Bench.figure(
      displayText(page.name),
      "\(own.count) accepted, \(good) right, of \(page.truth) with a text, \(page.labels.count) found")
  }
  func percent(_ part: Int, _ all: Int) -> String { (100 * Double(part) / Double(max(1, all))).fixed(1) + "%" }
  Bench.figure("accepted lines that are right", "\(percent(right, accepted)) of \(accepted)", goal: "97%")
  Bench.figure("lines with a text that are accepted", "\(percent(right, lines)) of \(lines)", goal: "60%")
  Bench.figure("lines that take a text of another papyrus", "\(percent(strange, tried)) of \(tried)", goal: "1%")
}

/// The labels of lines in a PAGE file: `custom="label {value:5;}"`, in the order of the file.
private enum LineLabels {
  static func read(_ path: String) throws -> [String?] {
    try Files.text(path, limit: 64 << 20).matches(of: /<TextLine\s[^>]*>/).map { line in
      line.0.firstMatch(of: /label\s*\{\s*value:\s*([^;}]*)/).map { String($0.1) }
    }
  }
}

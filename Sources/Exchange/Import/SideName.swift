import Corpus
import Platform

/// The side of a papyrus in the name of its photograph: `P.Tebt.5_r`, `inv 12 verso`, `17v`.
struct SideName: Hashable {
  /// What comes before the side, without the sign between them.
  var stem: String
  /// `recto` or `verso`.
  var side: String
  /// What the photograph of the other side would be called.
  var other: String

  private static let pairs = [("recto", "verso"), ("rto", "vso"), ("ro", "vo"), ("r", "v")]

  /// nil for a name that tells no side. A single letter tells one behind a digit or a sign.
  init?(_ name: String) {
    for (recto, verso) in Self.pairs {
      for (word, other, side) in [(recto, verso, "recto"), (verso, recto, "verso")] {
        guard name.lowercased().hasSuffix(word) else { continue }
        let start = name.dropLast(word.count)
        guard let last = start.last, "_-. ".contains(last) || (word.count == 1 && last.isNumber) else { continue }
        let stem = start.trimmingSigns
        guard !stem.isEmpty else { continue }
        let own = name.suffix(word.count)
        let spelled =
          own == own.uppercased()
          ? other.uppercased() : own.first!.isUppercase ? other.prefix(1).uppercased() + other.dropFirst() : other
        (self.stem, self.side, self.other) = (stem, side, start + spelled)
        return
      }
    }
    return nil
  }
}

extension Substring {
  fileprivate var trimmingSigns: String {
    var text = self
    while let last = text.last, "_-. ".contains(last) { text.removeLast() }
    return String(text)
  }
}

/// What the name of a photograph tells: which sheet, which side of it, in which light. `P.Tebt.5_r_IR` and `P.Tebt.5_IR_r` tell the same.
struct PictureName: Hashable {
  /// The name without the light.
  var plain: String
  var side: SideName?
  var light: PhotographLight?
  /// What the names of all photographs of the sheet share.
  var sheet: String { side?.stem ?? plain }

  init(_ name: String) {
    if let lit = LightName(name) {
      (plain, light) = (lit.stem, lit.light)
      side = SideName(plain)
    } else if let turned = SideName(name), let lit = LightName(turned.stem) {
      // The light before the side.
      plain = lit.stem + name.dropFirst(turned.stem.count)
      (side, light) = (SideName(plain), lit.light)
    } else {
      (plain, side) = (name, SideName(name))
    }
  }

  /// As a record has it: `recto`, `verso infra-red`; nil where nothing is told.
  var words: String? {
    let words = [side?.side, light?.rawValue].compactMap { $0 }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// Whether another's name says that it shows the same sheet: its other side, or the same in another light.
  func isOfOneSheet(with other: PictureName) -> Bool {
    guard sheet.lowercased() == other.sheet.lowercased() else { return false }
    if let side, let others = other.side { return side.side != others.side || light != other.light }
    return side == nil && other.side == nil && light != other.light
  }

  /// Files beside a photograph that show its sheet: the other side, and the same in the light of day.
  private func beside(_ path: String) -> (other: String?, plain: String?) {
    let name = Files.name(path)
    let ending = name.lastIndex(of: ".").map { name[$0...] } ?? ""
    func file(_ stem: String) -> String? {
      let file = Files.parent(path) + "/" + stem + ending
      return Files.exists(file) ? file : nil
    }
    return (side.flatMap { file($0.other) }, light == nil ? nil : file(plain))
  }

  /// The same; whichever there are.
  func companions(of path: String) -> [String] {
    let beside = beside(path)
    return [beside.other, beside.plain].compactMap(\.self)
  }

  /// What the fragment of a photograph is called: by the sheet where its other side lies beside it, by what it shows where that does so in the light
  /// of day, else by the photograph.
  func fragmentName(of path: String) -> String {
    let beside = beside(path)
    if let side, beside.other != nil { return side.stem }
    if beside.plain != nil { return plain }
    let name = Files.name(path)
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  /// The sheet among all sheets: names alike in other folders are other sheets.
  func sheetKey(of path: String) -> String { Files.parent(path) + "/" + sheet.lowercased() }
}

extension PhotographImport {
  /// The fragment that a photograph belongs to by its name, or by the id that the record beside it gives; nil where it begins one.
  ///
  /// Photographs named as the sides of one papyrus, or as one side in two lights, are one fragment. It is called by what their names share where
  /// they lie in one folder, or by that and a number: what came from the same folder is looked at first, and ids only where no other side lies there.
  func home(of path: String, _ stem: String, named name: PictureName, given: Fragment?) throws(CorpusError) -> Fragment?
  {
    if let given, given.id != CorpusStore.identifier(from: stem), store.fragmentIDs.contains(given.id) {
      return try store.fragment(given.id)
    }
    guard given == nil else { return nil }
    // Files are named by identifiers.
    let own = PictureName(CorpusStore.identifier(from: stem))
    if let here = try home(of: own, among: sheets[name.sheetKey(of: path)] ?? []) { return here }
    let companions = name.companions(of: path)
    guard companions.isEmpty else {
      // What cannot be read now is told when its own turn comes.
      let hashes = companions.compactMap { try? SHA256.hash(file: $0) }
      return try home(of: own, among: hashes.flatMap { (known[$0] ?? []).sorted() })
    }
    return try home(
      of: own, among: ([name.sheet, name.plain] + (name.side.map { [$0.other] } ?? [])).map(CorpusStore.identifier))
  }

  /// The first fragment that shows another picture of the sheet, and not this one.
  private func home(of own: PictureName, among ids: [String]) throws(CorpusError) -> Fragment? {
    for id in ids where store.fragmentIDs.contains(id) {
      let fragment = try store.fragment(id)
      let others = fragment.photographs.map { ($0, PictureName(String($0.file.dropLast(4)))) }
      let isThere = others.contains { photograph, other in
        photograph.light == own.light && (photograph.side ?? other.side?.side) == own.side?.side
      }
      if !isThere, others.contains(where: { own.isOfOneSheet(with: $1) }) { return fragment }
    }
    return nil
  }
}

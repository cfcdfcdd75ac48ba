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

  /// What the fragment of a photograph is called: by the sheet where its other side lies beside it, by what it shows where that does so in the light
  /// of day, else by the photograph.
  func fragmentName(of path: String) -> String {
    let name = Files.name(path)
    let dot = name.lastIndex(of: ".")
    let stem = dot.map { String(name[..<$0]) } ?? name
    func isBeside(_ stem: String) -> Bool {
      Files.exists(Files.parent(path) + "/" + stem + (dot.map { name[$0...] } ?? ""))
    }
    if let side, isBeside(side.other) { return side.stem }
    return light != nil && isBeside(plain) ? plain : stem
  }
}

extension PhotographImport {
  /// The fragment that a photograph belongs to by its name, or by the id that the record beside it gives; nil where it begins one.
  ///
  /// Photographs named as the sides of one papyrus, or as one side in two lights, are one fragment. It is called by what their names share where
  /// they lie in one folder.
  func home(of stem: String, named name: PictureName, given: Fragment?) throws(CorpusError) -> Fragment? {
    if let given, given.id != CorpusStore.identifier(from: stem), store.fragmentIDs.contains(given.id) {
      return try store.fragment(given.id)
    }
    guard given == nil else { return nil }
    // Files are named by identifiers.
    let own = PictureName(CorpusStore.identifier(from: stem))
    var ids: [String] = []
    for id in ([name.sheet, name.plain] + (name.side.map { [$0.other] } ?? [])).map(CorpusStore.identifier)
    where !ids.contains(id) && store.fragmentIDs.contains(id) { ids.append(id) }
    for id in ids {
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

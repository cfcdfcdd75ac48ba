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

extension SideName {
  /// Whether the photograph of the other side lies beside one.
  func hasOther(beside path: String) -> Bool {
    let name = Files.name(path)
    let type = name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
    return Files.exists(Files.parent(path) + "/" + other + type)
  }
}

extension PhotographImport {
  /// The fragment that a photograph belongs to by its name, or by the id that the record beside it gives; nil where it begins one.
  ///
  /// Photographs named as the sides of one papyrus are one fragment. It is called by what their names share where both lie in one folder.
  func home(of stem: String, side: SideName?, given: Fragment?) throws(CorpusError) -> Fragment? {
    if let given, given.id != CorpusStore.identifier(from: stem), store.fragmentIDs.contains(given.id) {
      return try store.fragment(given.id)
    }
    guard let side, given == nil else { return nil }
    for id in [side.stem, side.other].map(CorpusStore.identifier) where store.fragmentIDs.contains(id) {
      let fragment = try store.fragment(id)
      let sides = fragment.photographs.map(\.side)
      let isItsOther = fragment.photographs.contains { $0.file == CorpusStore.identifier(from: side.other) + ".png" }
      if isItsOther, !sides.contains(side.side) { return fragment }
    }
    return nil
  }
}

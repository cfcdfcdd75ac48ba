import Corpus
import Platform

/// Which part of a split each papyrus falls to: everything with one Trismegistos number stands on one side, be it several fragments or several
/// photographs.
///
/// A papyrus falls by the hash of its number (its id where it has none). With few of them a part may stay empty that was to have a
/// share; then the papyrus whose hash lies nearest to that part moves there. From 400 papyri on none can.
struct PapyrusDivision {
  private static let few = 400
  private let split: Split
  private var moved: [String: String] = [:]

  static func key(of fragment: Fragment) -> String {
    guard let number = fragment.identifiers.tm, !number.isEmpty else { return fragment.id }
    return "TM \(TrismegistosNumber.plain(number))"
  }

  init(
    _ split: Split, of store: CorpusStore, includes: (Fragment) -> Bool, leastWeight: Double?
  ) throws(ExchangeError) {
    self.split = split
    var keys: Set<String> = []
    for id in store.fragmentIDs {
      do throws(CorpusError) {
        if leastWeight == nil {
          let isDecided = try !store.corrections(of: id).isEmpty
          guard isDecided else { continue }
        }
        let fragment = try store.fragment(id)
        if includes(fragment) { keys.insert(Self.key(of: fragment)) }
      } catch {
        // A damaged fragment is told when its turn comes.
        continue
      }
      if keys.count >= Self.few { return }
    }
    fill(keys.sorted())
  }

  /// Gives each empty part with a share one papyrus of a part that has several.
  private mutating func fill(_ keys: [String]) {
    for (index, part) in split.parts.enumerated() where split.shares[index] > 0 {
      let members = Dictionary(grouping: keys) { self.part(of: $0) }
      guard members[part] == nil else { continue }
      let spare = members.values.filter { $0.count > 1 }.flatMap { $0 }
      let nearest = spare.min { (split.distance(of: $0, from: index), $0) < (split.distance(of: $1, from: index), $1) }
      if let nearest { moved[nearest] = part }
    }
  }

  private func part(of key: String) -> String { moved[key] ?? split.part(of: key) }

  func part(of fragment: Fragment) -> String { part(of: Self.key(of: fragment)) }
}

extension Split {
  /// How far the hash of a papyrus lies from the stretch of a part.
  fileprivate func distance(of key: String, from index: Int) -> Double {
    let start = shares[..<index].reduce(0, +)
    let place = place(of: key)
    return place < start ? Double(start - place) : Double(place - start - shares[index])
  }
}

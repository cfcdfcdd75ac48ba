import Foundation
import Platform

@testable import Texts

/// A library in a folder of its own, removed with it.
final class ScratchLibrary: Sendable {
  let folder: String

  init() {
    folder = NSTemporaryDirectory() + "grapheion-texts-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ name: String, _ text: String) throws -> String {
    let path = folder + "/" + name
    try Files.makeFolder(Files.parent(path))
    try Files.replace(path, with: Array(text.utf8))
    return path
  }

  /// The index of some rows.
  func index(_ rows: String) throws -> TextIndex { try TextIndex.open(rows: write("rows.tsv", rows)) }
}

/// Numbers that are the same in every run.
struct Numbers {
  var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int((state >> 33) % UInt64(max(1, count)))
  }
}

/// Formulae with changing names: enough of a language to restore from.
enum Notary {
  static let names = [
    "Σαραπίων", "Ἡρακλείδης", "Πτολεμαῖος", "Διονύσιος", "Ἀμμώνιος", "Ἀπολλώνιος", "Σωκράτης", "Ἥρων", "Δίδυμος",
    "Πετεσοῦχος",
  ]
  static let villages = ["Καρανίδος", "Θεαδελφίας", "Τεβτύνεως", "Σοκνοπαίου", "Βακχιάδος"]

  /// Rows of `count` contracts.
  static func rows(_ count: Int, seed: UInt64 = 1) -> String {
    var numbers = Numbers(seed)
    var result = ""
    for text in 0..<count {
      let (one, other) = (names[numbers.below(names.count)], names[numbers.below(names.count)])
      let village = villages[numbers.below(villages.count)]
      let lines = [
        "ὁμολογεῖ \(one) τῶν ἀπὸ κώμης \(village) ἔχειν", "παρὰ \(other) διὰ χειρὸς ἐξ οἴκου ἀργυρίου δραχμὰς",
        "ἑκατὸν εἴκοσι ἃς καὶ ἀποδώσειν ἐν μηνὶ Παῦνι", "τοῦ ἐνεστῶτος ἔτους ἄνευ πάσης ὑπερθέσεως",
      ]
      for (number, line) in lines.enumerated() {
        result += "text.\(text)\t\(1000 + text)\tm1\t\(number + 1)\t\(line)\n"
      }
    }
    return result
  }
}

import Foundation
import Raster
import Testing
import Text

@testable import Scribe

/// An archive of a few letters of four papyri, cut from drawn lines: what reading and setting letters is tested on where the
/// photographed ones are not at hand.
enum TinyLetters {
  /// Two of either part.
  static let papyri: [Int] = {
    let numbers = 1...200
    return Array(
      numbers.filter { RealLetters.isHeldOut(papyrus: $0) }.prefix(2)
        + numbers.filter { !RealLetters.isHeldOut(papyrus: $0) }.prefix(2))
  }()
  static let names = [
    "Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "Mu", "Nu", "Xi",
    "Omicron",
    "Pi", "Rho", "Sigma", "Tau", "Upsilon", "Phi", "Chi", "Psi", "Omega",
  ]

  /// The archive as a file, made once; with how many letters it holds of the two parts together.
  static let archive: (path: String, count: Int) = {
    var index = "filename\tletter\tTM\tyear\tregion\n"
    var files: [(String, [UInt8])] = []
    var had: [String: Int] = [:]
    for number in 0..<60 {
      let papyrus = papyri[number % papyri.count]
      let line = ScribeLines(seed: 11, damage: false).line(UInt64(number))
      for letter in line.letters {
        let place = Greek.capitals.firstIndex(of: letter.letter)!
        let (left, right) = (Int(letter.left.rounded(.down)) - 2, Int(letter.right.rounded(.up)) + 2)
        guard had["\(papyrus) \(place)", default: 0] < 3, left >= 0, right <= line.strip.width, right - left >= 8 else {
          continue
        }
        had["\(papyrus) \(place)", default: 0] += 1
        let crop = line.strip.cropped(Rect(x: left, y: 0, width: right - left, height: line.strip.height)).grey()
        let name = "\(papyrus)-\(files.count).png"
        index += "\(name)\t\(names[place])\t\(papyrus)\t\(100 + papyrus)\t1\n"
        files.append((name, PNG.encode(crop)))
      }
    }
    let path = NSTemporaryDirectory() + "grapheion-tiny-letters-\(UUID().uuidString).tar"
    let bytes = tar([("index.tsv", Array(index.utf8))] + files)
    try? Data(bytes).write(to: URL(fileURLWithPath: path))
    return (path, files.count)
  }()

  private static func tar(_ files: [(String, [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (name, content) in files {
      var head = [UInt8](repeating: 0, count: 512)
      head.replaceSubrange(0..<name.utf8.count, with: name.utf8)
      let size = String(content.count, radix: 8)
      head.replaceSubrange(124..<124 + size.utf8.count, with: size.utf8)
      head[156] = 0x30
      bytes += head + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }
    return bytes + [UInt8](repeating: 0, count: 1024)
  }
}

@Suite struct TinyLetterTests {
  private func load(_ part: RealLetters.Part) throws -> RealLetters {
    try RealLetters.load(archive: TinyLetters.archive.path, part: part)
  }

  @Test func bothPartsTogetherHoldAllAndShareNoPapyrus() throws {
    let (train, held) = try (load(.train), load(.heldOut))
    #expect(
      train.papyri.map(\.number) == Array(TinyLetters.papyri[2...])
        && held.papyri.map(\.number) == Array(TinyLetters.papyri[..<2]))
    #expect(train.count + train.refused + held.count + held.refused == TinyLetters.archive.count)
    #expect(train.count > 60 && held.count > 60)
  }

  @Test func linesAreSetFromThemAndSayWhatIsSet() throws {
    let letters = try load(.train)
    let texts = LineTexts(lines: [[0, 10, 4, 17], [19, 14, 12]])
    let source = RealLetterLines(seed: 4, letters: letters, texts: texts, damage: false, nonsense: 0)
    let known = Set([0, 10, 4, 17, 19, 14, 12].map { Greek.capitals[$0] })
    for number in (0..<20).map(UInt64.init) {
      let line = source.line(number)
      #expect(!line.letters.isEmpty && Set(line.letters.map(\.letter)).isSubset(of: known))
      #expect(line.text.count == line.letters.count)
      #expect(line.letters.allSatisfy { $0.left < $0.right && $0.right <= Double(line.strip.width) })
      let again = RealLetterLines(seed: 4, letters: letters, texts: texts, damage: false, nonsense: 0).line(number)
      #expect(line.strip == again.strip && line.letters == again.letters)
    }
  }

  @Test func singleLettersAreTheCropsThemselves() throws {
    let letters = try load(.heldOut)
    let source = SingleLetters(letters: letters)
    #expect(source.count == letters.count && source.line(0).letters.count == 1)
    #expect(source.line(3).strip == source.line(3 + UInt64(source.count)).strip)
  }
}

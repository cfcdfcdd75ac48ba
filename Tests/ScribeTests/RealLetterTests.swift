import Foundation
import Raster
import Testing

@testable import Scribe

/// The folder of public data beside the package, where there is one.
enum SharedData {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data").path
  static let letters = folder + "/hellchar-train.tar"
  static let texts = folder + "/ddbdp-dev.tsv.xz"
  static let isThere = FileManager.default.isReadableFile(atPath: letters)
}

@Suite(.enabled(if: SharedData.isThere, "needs the photographed letters in ../shared/data"))
struct RealLetterTests {
  @Test func partsShareNoPapyrusAndTogetherHoldAll() throws {
    let train = try RealLetters.load(archive: SharedData.letters, part: .train)
    let heldOut = try RealLetters.load(archive: SharedData.letters, part: .heldOut)
    #expect(Set(train.papyri.map(\.number)).isDisjoint(with: heldOut.papyri.map(\.number)))
    #expect(train.papyri.map(\.number).count + heldOut.papyri.map(\.number).count == 125)
    #expect((14...24).contains(heldOut.papyri.map(\.number).count))
    #expect(train.count + train.refused + heldOut.count + heldOut.refused == 9112)
    #expect(train.refused + heldOut.refused < 300)
    #expect(train.papyri.map(\.number).allSatisfy { !RealLetters.isHeldOut(papyrus: $0) })
  }

  @Test func linesRepeatAndSayWhatIsSet() throws {
    let letters = try RealLetters.load(archive: SharedData.letters, part: .heldOut)
    let texts = try LineTexts.load(path: SharedData.texts, limit: 2000)
    #expect(texts.count > 1500)
    let source = RealLetterLines(seed: 4, letters: letters, texts: texts)
    let again = RealLetterLines(seed: 4, letters: letters, texts: texts)
    let clean = RealLetterLines(seed: 4, letters: letters, texts: texts, damage: false)
    var seen = Set<Character>()
    var lost = 0
    for number in (0..<150).map(UInt64.init) {
      let line = source.line(number)
      #expect(line.strip == again.line(number).strip)
      #expect(line.letters == again.line(number).letters)
      #expect(!line.letters.isEmpty)
      lost += line.letters.count - line.text.count
      seen.formUnion(line.letters.map(\.letter))
      let whole = clean.line(number)
      // Ink may be fainter than full everywhere, but nothing is taken away.
      #expect(whole.text.count == whole.letters.count)
    }
    #expect(seen.count == 24)
    #expect(lost > 20)
  }

  @Test func singleLettersAreTheCropsThemselves() throws {
    let letters = try RealLetters.load(archive: SharedData.letters, part: .heldOut)
    let source = SingleLetters(letters: letters)
    #expect(source.count == letters.count)
    #expect(source.line(3).strip == source.line(3 + UInt64(source.count)).strip)
    #expect(source.line(0).letters.count == 1)
  }

  @Test func variedLettersAreNewEachTimeAndStayTheLetter() throws {
    let letters = try RealLetters.load(archive: SharedData.letters, part: .heldOut)
    let plain = SingleLetters(letters: letters)
    let varied = SingleLetters(letters: letters, variation: 7)
    let count = UInt64(plain.count)
    var changes: [Double] = []
    for number in stride(from: UInt64(0), to: count, by: 37) {
      let (old, new, other) = (plain.line(number), varied.line(number), varied.line(number + count))
      #expect(new.strip == SingleLetters(letters: letters, variation: 7).line(number).strip)
      #expect(new.strip != old.strip && new.strip != other.strip)
      #expect(new.letters.map(\.letter) == old.letters.map(\.letter))
      #expect(new.letters.map(\.right) == [Double(new.strip.width)])
      // Some are cut more tightly, by an eighth and a little at most.
      for (cut, whole) in [(new.strip.width, old.strip.width), (new.strip.height, old.strip.height)] {
        #expect(cut <= whole && Double(cut) >= 0.85 * Double(whole))
      }
      // The letter is still there: its darkness has changed by less than two thirds, mostly by less than a fifth.
      func ink(_ strip: Bitmap) -> Double {
        let ground = Double(strip.pixels.max() ?? 0)
        return strip.pixels.reduce(0) { $0 + ground - Double($1) }
      }
      changes.append(abs(ink(new.strip) / max(1, ink(old.strip)) - 1))
    }
    changes.sort()
    #expect(changes[changes.count - 1] < 0.67 && changes[changes.count / 2] < 0.2)
    let lines = RealLetterLines(seed: 4, letters: letters, varied: true)
    let untouched = RealLetterLines(seed: 4, letters: letters)
    #expect((0..<20).allSatisfy { lines.line($0).text.isEmpty || lines.line($0).strip != untouched.line($0).strip })
    #expect((0..<20).allSatisfy { lines.line($0).strip == lines.line($0).strip })
  }
}

@Suite struct MaterialErrors {
  private func temporary(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("scribe-\(UUID().uuidString)-\(name)").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// A tar with one file of ten bytes.
  private var tar: [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    header.replaceSubrange(0..<9, with: Array("index.tsv".utf8))
    header.replaceSubrange(124..<136, with: Array("00000000012\0".utf8))
    header[156] = 0x30
    return header + [UInt8](repeating: 0x61, count: 512) + [UInt8](repeating: 0, count: 1024)
  }

  @Test func absentArchiveIsNamed() {
    let error = #expect(throws: ScribeError.self) {
      try RealLetters.load(archive: "/nowhere/letters.tar", part: .train)
    }
    #expect(error?.code == .unreadable)
    #expect(error?.message.contains("/nowhere/letters.tar") == true)
  }

  @Test func everyTruncatedOrMutatedArchiveIsRefused() throws {
    for length in stride(from: 0, through: tar.count, by: 97) {
      let path = try temporary("cut.tar", Array(tar[..<length]))
      defer { unlink(path) }
      #expect(throws: ScribeError.self) { try RealLetters.load(archive: path, part: .train) }
    }
    var generator = Dice(99)
    for _ in 0..<200 {
      var bytes = tar
      bytes[Int.random(in: 0..<512, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      let path = try temporary("mutated.tar", bytes)
      defer { unlink(path) }
      #expect(throws: ScribeError.self) { try RealLetters.load(archive: path, part: .train) }
    }
  }

  @Test func textFilesAreReadAsTheInkShowsThem() throws {
    let rows = [
      "x\t1\tm1\t1\tΚόμων [Μου]σ̣αίου (ἔτους) ιβ|digit=12| <τοῦ> {καὶ} ⟦δὲ⟧ \\ω/ ᾧ- .",
      "x\t1\tm1\t2\t|gap=unknown|",
      "x\t1\tm1\t3\tἩρακλείτου ῥᾳδίως",
    ]
    let path = try temporary("texts.tsv", Array(rows.joined(separator: "\n").utf8))
    defer { unlink(path) }
    let texts = try LineTexts.load(path: path)
    #expect(texts.count == 2)
    let source = ScribeLines(seed: 1, texts: texts, damage: false)
    let both = "ΚΟΜΩΝΣΑΙΟΥΙΒΚΑΙΩΩΗΡΑΚΛΕΙΤΟΥΡΑΔΙΩΣ"
    let drawn = (0..<40).map { source.line(UInt64($0)).text }
    #expect(drawn.filter { (both + both + both).contains($0) }.count > 20)
  }

  @Test func emptyTextFileIsRefused() throws {
    let path = try temporary("empty.tsv", Array("a\tb\n".utf8))
    defer { unlink(path) }
    let error = #expect(throws: ScribeError.self) { try LineTexts.load(path: path) }
    #expect(error?.code == .malformed)
  }
}

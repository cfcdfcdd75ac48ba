import Platform
import Raster

// The archive of photographed letters is a tar of grey PNGs, one letter each, and `index.tsv`: a heading, then a line for each
// file with tab-separated `filename letter TM year region`; `letter` is an English name (`Alpha`) or `Unknown`.

/// Photographed letters of dated papyri, by papyrus: the material of `RealLetterLines`.
public struct RealLetters: Sendable {
  /// Which papyri are taken. The two parts share none.
  public enum Part: Sendable {
    case train
    case heldOut
  }

  /// One papyrus with enough letters to be read as a hand.
  struct Papyrus: Sendable {
    let number: Int
    let year: Int
    /// Height of a plain letter in pixels of the photograph.
    let xHeight: Float
    /// Indices into `crops` for each of the 24 letters.
    let letters: [[Int]]
    var variety: Int { letters.lazy.filter { !$0.isEmpty }.count }
  }

  let crops: [LetterCrop]
  let papyri: [Papyrus]
  /// Files of the part that could not be used: unknown letter, ink that cannot be told from the ground, no readable PNG.
  public let refused: Int

  /// Letters that can be set.
  public var count: Int { crops.count }

  /// The split, for good: a papyrus is held out when SplitMix64's finaliser of its Trismegistos number leaves 2 divided by 7.
  public static func isHeldOut(papyrus number: Int) -> Bool {
    SplitMix64.mixed(UInt64(bitPattern: Int64(number))) % 7 == 2
  }

  /// Reads the archive; about 1 s and 40 MB for the 9,000 letters of Hell-Char.
  public static func load(archive path: String, part: Part) throws(ScribeError) -> RealLetters {
    let tar = try TarArchive(try ByteInput.file(path), name: path)
    guard let index = tar.members["index.tsv"] else {
      throw ScribeError(.malformed, "\(path): holds no index.tsv")
    }
    var crops: [LetterCrop] = []
    var years: [Int: Int] = [:]
    var refused = 0
    for row in tar.bytes[index].split(separator: 0x0A).dropFirst() {
      let cells = row.split(separator: 0x09, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard cells.count >= 4, let papyrus = Int(cells[2]) else {
        throw ScribeError(.malformed, "\(path): index.tsv has a row without four columns or papyrus number")
      }
      guard isHeldOut(papyrus: papyrus) == (part == .heldOut) else { continue }
      guard let letter = names.firstIndex(of: cells[1]), let range = tar.members[cells[0]],
        let crop = decode(Array(tar.bytes[range]), letter: letter, papyrus: papyrus)
      else {
        refused += 1
        continue
      }
      years[papyrus] = Int(cells[3]) ?? 0
      crops.append(crop)
    }
    guard !crops.isEmpty else { throw ScribeError(.empty, "\(path): no usable letter in this part") }
    return RealLetters(crops: crops, years: years, refused: refused)
  }

  /// A broken picture is refused like one without contrast: the caller counts both.
  private static func decode(_ bytes: [UInt8], letter: Int, papyrus: Int) -> LetterCrop? {
    do {
      let image = try PNG.decode(bytes, memoryLimit: 1 << 22).grey()
      return LetterCrop(
        letter: letter, papyrus: papyrus, width: image.width, height: image.height, pixels: image.pixels)
    } catch {
      return nil
    }
  }

  init(crops: [LetterCrop], years: [Int: Int], refused: Int) {
    self.crops = crops
    self.refused = refused
    let grouped = Dictionary(grouping: crops.indices) { crops[$0].papyrus }
    papyri = grouped.keys.sorted().map { number in
      var letters = [[Int]](repeating: [], count: 24)
      var heights: [Int] = []
      for index in grouped[number] ?? [] {
        let crop = crops[index]
        letters[crop.letter].append(index)
        if RealLetters.plain.contains(crop.letter) { heights.append(crop.inkBottom - crop.inkTop) }
      }
      heights.sort()
      let middle = heights.isEmpty ? 30 : heights[heights.count / 2]
      return Papyrus(number: number, year: years[number] ?? 0, xHeight: Float(max(5, middle)), letters: letters)
    }
  }

  /// One papyrus' letters, each kind dealt out to two parts by turns: one to learn the hand from, one to be measured by.
  public func halves(ofPapyrus number: Int) -> (RealLetters, RealLetters) {
    var parts: [[LetterCrop]] = [[], []]
    for letter in 0..<24 {
      let own = crops.filter { $0.papyrus == number && $0.letter == letter }
      for (place, crop) in own.enumerated() { parts[place % 2].append(crop) }
    }
    let years = Dictionary(papyri.map { ($0.number, $0.year) }, uniquingKeysWith: { first, _ in first })
    return (
      RealLetters(crops: parts[0], years: years, refused: 0), RealLetters(crops: parts[1], years: years, refused: 0)
    )
  }

  /// The part without some papyri.
  public func without(_ numbers: Set<Int>) -> RealLetters {
    let years = Dictionary(papyri.map { ($0.number, $0.year) }, uniquingKeysWith: { first, _ in first })
    return RealLetters(crops: crops.filter { !numbers.contains($0.papyrus) }, years: years, refused: 0)
  }

  /// Papyri by how many letters there are of each, most first.
  public var papyriByLetters: [Int] {
    let counts = Dictionary(crops.map { ($0.papyrus, 1) }, uniquingKeysWith: +)
    return counts.keys.sorted { (counts[$1]!, $0) < (counts[$0]!, $1) }
  }

  private static let names = [
    "Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "Mu", "Nu", "Xi",
    "Omicron", "Pi", "Rho", "Sigma", "Tau", "Upsilon", "Phi", "Chi", "Psi", "Omega",
  ]
  /// Letters as tall as the x-height: gamma, epsilon, eta, kappa, lambda, mu, nu, pi, sigma, tau.
  private static let plain: Set<Int> = [2, 4, 6, 9, 10, 11, 12, 15, 17, 18]
}

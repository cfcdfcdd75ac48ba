import Corpus
import Glibc
import Platform
import Raster

/// A corpus that is quickly made, to measure with: 997 small photographs again and again, titles, places and dates by the hash of the id; ten lines of
/// four words by the photograph. The same everywhere. About 12 KB a fragment on the disk.
enum GeneratedCorpus {
  static let model = "bench-reader@0"
  private static let pictures = 997
  private static let places = ["Tebtynis", "Karanis", "Oxyrhynchos", "Philadelphia", "Soknopaiou Nesos", "Hermopolis"]
  private static let kinds = ["Petition", "Receipt", "Contract of sale", "Letter", "Account", "Census return"]
  private static let words = [
    "βασιλέως", "Πτολεμαίου", "σεβαστοῦ", "γραμματεύς", "κώμης", "ἀργυρίου", "δραχμάς", "χαίρειν", "ὁμολογῶ", "πυροῦ",
    "ἀρτάβας", "ἔτους", "Καίσαρος", "στρατηγῷ", "παρά", "τοῦ", "καὶ", "τῆς", "μηνὸς", "υἱοῦ",
  ]

  /// Files are not flushed one by one: nothing here is dear.
  static func write(to path: String, count: Int) throws {
    let store = try CorpusStore.create(at: path, name: "generated", sharded: true)
    let files = (0..<pictures).map { number in
      var bitmap = Bitmap(width: 64, height: 48, filledWith: 200)
      bitmap.pixels[0] = UInt8(number & 255)
      bitmap.pixels[1] = UInt8(number >> 8)
      return PNG.encode(bitmap)
    }
    let hashes = files.map { SHA256.hash($0) }
    for number in 0..<count {
      let id = "g" + String(1_000_000 + number)
      let hash = Int(Checksum.crc32c(Array(id.utf8)))
      let folder = try store.folder(of: id)
      try Files.makeFolder(folder)
      let year = hash / 7 % 900 - 300
      let picture = hash / 13 % pictures
      let record =
        #"{"id":"\#(id)","identifiers":{"tm":"\#(number + 1)","inventory":"P. Gen. \#(number)"},"#
        + #""title":"\#(kinds[hash % kinds.count]) \#(number)","place":"\#(places[hash / 11 % places.count])","#
        + #""notBefore":\#(year),"notAfter":\#(year + 50),"#
        + #""photographs":[{"file":"recto.png","width":64,"height":48,"side":"recto","sha256":"\#(hashes[picture])"}]}"#
      try put(files[picture], folder + "/recto.png")
      try put(Array(record.utf8), folder + "/fragment.json")
    }
    Files.touch(path + "/fragments")
  }

  /// Writes a file that need not outlive a power cut.
  static func put(_ bytes: [UInt8], _ path: String) throws {
    guard let file = fopen(path, "wb") else { throw Failure(.unreadable, "bench: \(path) cannot be written.") }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw Failure(.unreadable, "bench: \(path) cannot be written.")
    }
  }

  /// Ten lines of four words each.
  static func lines(on photograph: Bitmap) -> [LineReading] {
    let number = Int(photograph.pixels[0]) + Int(photograph.pixels[1]) << 8
    return (0..<10).map { line in
      let text = (0..<4).map { word in
        words[Int(Checksum.crc32c(Array("\(number) \(line) \(word)".utf8))) % words.count]
      }.joined(separator: " ")
      let y = Double(4 + 4 * line)
      return LineReading(
        region: LineRegion(
          id: "0-\(line)", photograph: 0, column: 0, baseline: [Point(x: 2, y: y), Point(x: 60, y: y)],
          polygon: Polygon([
            Point(x: 2, y: y - 3), Point(x: 60, y: y - 3), Point(x: 60, y: y + 1), Point(x: 2, y: y + 1),
          ])),
        candidates: [Candidate(text: text, leiden: text, probability: 0.8, letters: [])])
    }
  }
}

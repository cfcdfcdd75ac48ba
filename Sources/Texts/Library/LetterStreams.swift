import Inference

/// Texts as a decoder of letters learns them (`LetterVocabulary`), in three forms, one text after the other.
public struct LetterStreams: Sendable {
  /// Letters that the ink shows, with line ends: as the reader sees a text.
  public private(set) var ink: [UInt8] = []
  /// Words as edited, restorations and resolutions taken in.
  public private(set) var edited: [UInt8] = []
  /// The same, where what editors restored counts as lost.
  public private(set) var bare: [UInt8] = []
  /// Letters that the ink shows.
  public private(set) var letters = 0

  public init() {}

  /// Adds the texts of a file, of any form that a library takes.
  public mutating func add(_ path: String) throws(TextsError) {
    var places = PlaceTable(path: "")
    var rows = RowCollector()
    try TextLibrary.read(path, into: &rows, &places)
    add(rows: rows.bytes)
  }

  private mutating func add(rows bytes: [UInt8]) {
    var name: [UInt8] = []
    var row = RowLetters()
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      defer { start = end + 1 }
      guard let line = TextRow(bytes[start..<end]) else { continue }
      if !line.name.elementsEqual(name) {
        endText()
        row.endText()
        name = Array(line.name)
        for path in [\LetterStreams.ink, \.edited, \.bare] { self[keyPath: path].append(LetterVocabulary.beginning) }
      }
      row.removeAll()
      row.append(line.words)
      for letter in row.letters { add(letter) }
      if ink.last != LetterVocabulary.beginning { ink.append(LetterVocabulary.lineEnd) }
    }
    endText()
  }

  private mutating func endText() {
    guard !edited.isEmpty else { return }
    for path in [\LetterStreams.ink, \.edited, \.bare] { self[keyPath: path].append(LetterVocabulary.end) }
  }

  private mutating func add(_ letter: UInt8) {
    let number = letter & TextLetters.mask
    let isRestored = letter & TextLetters.restored != 0
    let token = LetterVocabulary.token(ofLetter: number)
    if letter & TextLetters.wordStart != 0 {
      if edited.last != LetterVocabulary.beginning { edited.append(LetterVocabulary.space) }
      if bare.last != LetterVocabulary.beginning { bare.append(LetterVocabulary.space) }
    }
    edited.append(token)
    bare.append(isRestored ? LetterVocabulary.lost : token)
    guard letter & TextLetters.resolved == 0 else { return }
    ink.append(isRestored ? LetterVocabulary.lost : token)
    if number > 0, !isRestored { letters += 1 }
  }
}

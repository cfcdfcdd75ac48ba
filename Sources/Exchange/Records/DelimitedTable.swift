import Text

/// A table of text: RFC 4180, divided by commas, semicolons or tabs, whichever its first row has most of. The first row names the columns; a row
/// `sep=;` before it is passed over.
struct DelimitedTable {
  private(set) var columns: [String] = []
  /// The line of the file each begins on, and its cells: as many as there are columns; what is missing is empty.
  private(set) var rows: [(line: Int, cells: [String])] = []

  /// - Throws: where a quotation mark is not closed, or the text has no row.
  init(_ text: String, path: String) throws(ExchangeError) {
    var text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    // What spreadsheets write before the first row for each other: `sep=;`.
    let opening = text.prefix { !$0.isNewline }
    let isOpened = opening.count == 5 && opening.lowercased().hasPrefix("sep=")
    if isOpened { text = text.dropFirst(6) }
    let characters = Array(text)
    let head = characters.prefix { !$0.isNewline }
    let divider: Character = ["\t", ";", ","].max { a, b in head.count { $0 == a } < head.count { $0 == b } }!
    var (row, cell): ([String], String) = ([], "")
    let first = isOpened ? 2 : 1
    var (line, start, place, isQuoted, opened) = (first, first, 0, false, first)
    func end(_ rows: inout [(line: Int, cells: [String])]) {
      row.append(cell)
      if row.contains(where: { !$0.isEmpty }) { rows.append((start, row)) }
      (row, cell) = ([], "")
    }
    var all: [(line: Int, cells: [String])] = []
    while place < characters.count {
      let character = characters[place]
      place += 1
      if character.isNewline { line += 1 }
      if isQuoted {
        if character != "\"" {
          cell.append(character)
        } else if place < characters.count, characters[place] == "\"" {
          cell.append("\"")
          place += 1
        } else {
          isQuoted = false
        }
      } else if character == "\"", cell.isEmpty {
        (isQuoted, opened) = (true, line)
      } else if character == divider {
        row.append(cell)
        cell = ""
      } else if character.isNewline {
        end(&all)
        start = line
      } else {
        cell.append(character)
      }
    }
    guard !isQuoted else {
      throw ExchangeError(.damaged, path: path, "the quotation mark on line \(opened) is not closed")
    }
    end(&all)
    guard let names = all.first else { throw ExchangeError(.damaged, path: path, "has no row") }
    columns = names.cells
    for row in all.dropFirst() {
      guard row.cells.count <= columns.count else {
        throw ExchangeError(
          .damaged, path: path, "line \(row.line) has \(row.cells.count) columns, the first row names \(columns.count)")
      }
      rows.append((row.line, row.cells + [String](repeating: "", count: columns.count - row.cells.count)))
    }
  }
}

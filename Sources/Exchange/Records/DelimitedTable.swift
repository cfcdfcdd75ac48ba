import Corpus
import Text

/// A table of text: RFC 4180, divided by commas, semicolons or tabs, whichever its first row has most of. The first row names the columns; a row
/// `sep=;` before it is passed over. Nothing but CR, LF and CRLF ends a row.
struct DelimitedTable {
  private(set) var columns: [String] = []
  /// The line of the file each begins on, and its cells: as many as there are columns; what is missing is empty.
  private(set) var rows: [(line: Int, cells: [String])] = []
  /// Rows of which nobody knows which cell stands in which column.
  private(set) var leftOut = LeftOut()

  /// - Throws: where a quotation mark is not closed, or the text has no row.
  init(_ text: String, path: String) throws(ExchangeError) {
    var text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    // What spreadsheets write before the first row for each other: `sep=;`.
    let opening = text.prefix { !Self.isRowEnd($0) }
    let isOpened = opening.count == 5 && opening.lowercased().hasPrefix("sep=")
    if isOpened { text = text.dropFirst(6) }
    let characters = Array(text)
    let head = characters.prefix { !Self.isRowEnd($0) }
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
      if Self.isRowEnd(character) { line += 1 }
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
      } else if Self.isRowEnd(character) {
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
      guard row.cells.dropFirst(columns.count).allSatisfy({ $0.allSatisfy(\.isWhitespace) }) else {
        leftOut.add(
          "rows with more cells than columns (a \(divider == "\t" ? "tab" : "`\(divider)`") in a text must stand in quotation marks)",
          "line \(row.line) has \(row.cells.count), the first row names \(columns.count)")
        continue
      }
      let missing = [String](repeating: "", count: max(0, columns.count - row.cells.count))
      rows.append((row.line, row.cells.prefix(columns.count) + missing))
    }
  }

  private static func isRowEnd(_ character: Character) -> Bool {
    character == "\n" || character == "\r" || character == "\r\n"
  }
}

import Corpus
import Pipeline
import Raster

// Order, columns and numbers of lines.
extension Workspace {
  /// Moves the current line past its neighbour on the photograph.
  mutating func reorderLine(by step: Int) -> [Effect] {
    guard let line = lineHere(), let desk else { return [] }
    let here = desk.lines.filter { $0.region.photograph == line.region.photograph && $0.region.id != line.region.id }
    guard let at = desk.lines.filter({ $0.region.photograph == line.region.photograph }).firstIndex(of: line) else {
      return []
    }
    let target = at + step
    guard target >= 0, target <= here.count else {
      message = .note(step < 0 ? "It is the first line." : "It is the last line.")
      return []
    }
    var region = line.region
    region.place = place(before: target, in: here)
    // Among the lines of a column it is one of them.
    let (before, after) = (target > 0 ? here[target - 1] : nil, target < here.count ? here[target] : nil)
    if let column = before?.region.column, after.map({ $0.region.column == column }) ?? true { region.column = column }
    if before == nil, let column = after?.region.column { region.column = column }
    return redraw([LineChange(region, of: line)], selecting: region.id)
  }

  /// What of the current line's column lies right of the pen becomes the next column.
  mutating func cutColumn() -> [Effect] {
    guard let desk, let pen = desk.drawing?.pen, let line = lineHere() else { return [] }
    let column = line.region.column
    let here = desk.lines.filter { $0.region.photograph == desk.photograph }
    let own = here.filter { $0.region.column == column && $0.region.baseline.count >= 2 }
    var changes: [LineChange] = []
    var right: [LineChange] = []
    for other in own {
      if let (first, second) = DrawnLines.cut(other.region, at: pen) {
        var second = second
        // The new column counts its own lines.
        (second.id, second.number) = (newID(second.baseline), nil)
        let parts = halves(of: other, first, second)
        changes.append(parts[0])
        right.append(parts[1])
      } else if (other.region.baseline.map(\.x).min() ?? 0) > pen.x {
        right.append(LineChange(other.region, of: other))
      }
    }
    guard !right.isEmpty, right.count < own.count || !changes.isEmpty else {
      message = .note("No line of this column lies on both sides of the pen.")
      return []
    }
    let number = (here.map(\.region.column).max() ?? 0) + 1
    let last = here.lastIndex { $0.region.column == column } ?? here.count - 1
    let (from, to) = (here[last].place, last + 1 < here.count ? here[last + 1].place : here[last].place + 1)
    right.sort { ($0.region.baseline.first?.y ?? 0) < ($1.region.baseline.first?.y ?? 0) }
    for index in right.indices {
      right[index].region.column = number
      right[index].region.place = from + (to - from) * Double(index + 1) / Double(right.count + 1)
    }
    return redraw(changes + right, selecting: line.region.id)
  }

  mutating func beginColumn() -> [Effect] {
    guard let line = lineHere(), let desk else { return [] }
    let here = desk.lines.filter { $0.region.photograph == desk.photograph }
    let own = here.filter { $0.region.column == line.region.column }
    guard let at = own.firstIndex(of: line), at > 0 else {
      message = .note("Its column begins with this line already.")
      return []
    }
    let number = (here.map(\.region.column).max() ?? 0) + 1
    return redraw(own[at...].map { inColumn($0, number) }, selecting: line.region.id)
  }

  mutating func continueColumn() -> [Effect] {
    guard let line = lineHere(), let desk else { return [] }
    let here = desk.lines.filter { $0.region.photograph == desk.photograph }
    guard let first = here.firstIndex(where: { $0.region.column == line.region.column }), first > 0 else {
      message = .note("There is no column before this line's.")
      return []
    }
    let before = here[first - 1].region.column
    return redraw(
      here.filter { $0.region.column == line.region.column }.map { inColumn($0, before) }, selecting: line.region.id)
  }

  func inColumn(_ line: LineState, _ column: Int) -> LineChange {
    var region = line.region
    region.column = column
    return LineChange(region, of: line)
  }

  mutating func askNumber() -> [Effect] {
    guard let line = lineHere(), let desk else { return [] }
    promptLine.offer(
      line.region.number ?? (desk.names.indices.contains(desk.current) ? desk.names[desk.current].line : ""))
    views.append(.numbering)
    return []
  }

  mutating func setNumber() -> [Effect] {
    guard let desk, let line = desk.line else { return [] }
    var number = prompt.trimmed
    if number.hasSuffix(".") { number.removeLast() }
    // Its name as it is shown may be typed whole: `ii 3`.
    let name = desk.names.indices.contains(desk.current) ? desk.names[desk.current] : nil
    let above = name.map { [[$0.side, $0.column].compactMap { $0 }, [$0.column].compactMap { $0 }] } ?? []
    for words in above where !words.isEmpty && number.hasPrefix(words.joined(separator: " ") + " ") {
      number = String(number.dropFirst(words.joined(separator: " ").count)).trimmed
    }
    guard number.count <= LineNumber.longest, !number.contains(where: \.isWhitespace) else {
      message = .warning(
        "A number is one word of at most \(LineNumber.longest) letters: 5, 5a, frag.2.  Columns: ] and [ in lines by hand (A)."
      )
      return []
    }
    promptLine.keep(in: view)
    views.removeLast()
    var region = line.region
    region.number = number.isEmpty ? nil : number
    guard region != line.region else { return [] }
    return redraw([LineChange(region, of: line)])
  }
}

// Regions of the edition: what stands where, and in whose hand. They are told of lines, from one on to the end of its column or of its region.
extension Workspace {
  mutating func nextPart() -> [Effect] {
    let next = LineRegion.Part.allCases
    return changeRegion { region in
      let place = region.part.flatMap { next.firstIndex(of: $0) } ?? -1
      let part = place + 1 < next.count ? next[place + 1] : nil
      return (\.part, part)
    }
  }

  mutating func nextHand() -> [Effect] {
    changeRegion { region in
      let hand = (region.hand ?? 1) + 1
      return (\.hand, hand > LineRegion.mostHands ? nil : hand)
    }
  }

  /// Gives the current line and those below it that are of its region another value of something. One step.
  private mutating func changeRegion<Value: Equatable>(
    _ next: (LineRegion) -> (WritableKeyPath<LineRegion, Value>, Value)
  ) -> [Effect] {
    guard let line = lineHere(), let desk else { return [] }
    let (path, value) = next(line.region)
    let own = desk.lines[desk.current...].prefix {
      $0.region.photograph == line.region.photograph && $0.region.column == line.region.column
        && $0.region[keyPath: path] == line.region[keyPath: path]
    }
    return redraw(
      own.map { other in
        var region = other.region
        region[keyPath: path] = value
        return LineChange(region, of: other)
      }, selecting: line.region.id)
  }
}

extension LineRegion {
  /// Where it stands in the edition and who wrote it, where somebody said so.
  var wordsOfRegion: String? {
    let words = [part?.rawValue, hand.map { "hand \($0)" }].compactMap { $0 }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }
}

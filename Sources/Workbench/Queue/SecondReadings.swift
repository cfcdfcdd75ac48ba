import Corpus

/// Two texts of one line by two people, to be looked at side by side.
struct Comparison: Hashable, Sendable {
  var line: String
  /// What stands, and whose it is.
  var first: String
  var firstBy: String
  /// What else was read.
  var second: String
  var secondBy: String
}

extension FragmentDesk {
  /// Two readings of the current line that differ: a second one against the first, or two decisions that had not seen each other.
  var difference: Comparison? {
    guard let line else { return nil }
    if let comparison, comparison.line == line.region.id { return comparison }
    guard let conflict = line.conflict else { return nil }
    return Comparison(
      line: line.region.id, first: line.text ?? "", firstBy: "stands", second: conflict.after ?? "",
      secondBy: conflict.scholar)
  }
}

extension WorkbenchCommand {
  static let differenceCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "other-reading", ["@"], in: [.fragment], "Deciding",
      "where two read otherwise: the other reading becomes the line's"
    ) { space, _ in
      space.takeOtherReading()
    },
    WorkbenchCommand(
      "conflicts", ["!"], in: [.corpus], "Finding", "list the fragments with lines that two decided otherwise; Esc: all"
    ) { space, _ in
      space.list.setFilter("has:conflict")
      if space.list.listed.isEmpty {
        space.list.setFilter("")
        space.message = .note("No line is in conflict.")
      }
      return []
    },
    WorkbenchCommand(
      "next-conflict", ["!"], in: [.fragment], "Lines", "the next line that two decided without seeing each other"
    ) { space, _ in
      space.goToConflict()
    },
  ]
}

extension Workspace {
  mutating func takeOtherReading() -> [Effect] {
    guard let other = desk?.difference else {
      message = .note("Nobody read this line otherwise.")
      return []
    }
    if other.second.isEmpty { return decide(.rejected, text: nil) }
    if let index = desk?.line?.candidates.firstIndex(where: { $0.leiden == other.second }) {
      return decide(.took(index), text: other.second)
    }
    return decide(.edited, text: other.second)
  }

  mutating func goToConflict() -> [Effect] {
    guard let desk, !desk.lines.isEmpty else { return [] }
    for step in 1...desk.lines.count {
      let place = (desk.current + step) % desk.lines.count
      if desk.lines[place].conflict != nil { return goToLine(place) }
    }
    message = .note("No line of this fragment is in conflict; f has:conflict in the corpus lists those that have one.")
    return []
  }

  /// A second reading is on the disk: only now its reader sees the first.
  mutating func handleSecond(_ remark: Remark) -> [Effect] {
    guard desk?.fragment.id == remark.fragment, desk?.blind.contains(remark.line) == true else { return [] }
    desk?.blind.remove(remark.line)
    desk?.secondReading = remark
    closeEditor(of: remark.line, in: remark.fragment)
    return [.loadLines(fragment: remark.fragment), .loadFigures]
  }

  /// The lines came with the first reading in sight.
  mutating func compareSecond() -> [Effect] {
    guard let own = desk?.secondReading, let line = desk?.lines.first(where: { $0.region.id == own.line }) else {
      return []
    }
    desk?.secondReading = nil
    queue.finish(own.line, of: own.fragment)
    let first = line.text ?? ""
    let reader = line.decision?.scholar ?? "the first reader"
    if SecondReading.agrees(first, own.text) {
      message = .note("As \(reader) read it.")
      return isQueued ? finishQueued(own.line, of: own.fragment) : []
    }
    desk?.comparison = Comparison(
      line: own.line, first: first, firstBy: reader, second: own.text, secondBy: scholar)
    message = .warning("\(reader) read it otherwise.  @ makes yours the line's, > leaves it and goes on.")
    return []
  }
}

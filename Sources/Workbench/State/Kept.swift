import Corpus

/// What a scholar wants to find again: a place, a search, a filter.
public enum Kept: Hashable, Sendable {
  /// - name: what the line was called when it was kept: `ii 3`.
  case place(fragment: String, line: String?, name: String? = nil)
  case search(String)
  case filter(String)
}

extension Kept {
  /// Whether both are one place, whatever its line was called.
  func isSame(as other: Kept) -> Bool {
    if case .place(let fragment, let line, _) = self, case .place(let second, let secondLine, _) = other {
      return fragment == second && line == secondLine
    }
    return self == other
  }
}

extension WorkbenchCommand {
  static let keptCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "keep", ["M"], in: [.corpus, .found, .fragment], "Finding",
      "keep the line, the fragment, the filter or the search, to come back to"
    ) { space, _ in
      space.keep()
    },
    WorkbenchCommand("show-kept", ["\""], in: [.corpus, .found, .fragment], "Finding", "what was kept: go there") {
      space, _ in
      guard !space.keeps.isEmpty else {
        space.message = .note("Nothing was kept yet; M keeps.")
        return []
      }
      space.keptMark = min(space.keptMark, space.keeps.count - 1)
      space.views.append(.kept)
      return []
    },
    WorkbenchCommand("kept-go", ["Enter", "Right", "l"], in: [.kept], "Kept", "go there", hint: "go") { space, _ in
      space.goToKept()
    },
    WorkbenchCommand("kept-down", ["j", "Down"], in: [.kept], "Kept", "down") { space, _ in
      space.keptMark = min(space.keeps.count - 1, space.keptMark + 1)
      return []
    },
    WorkbenchCommand("kept-up", ["k", "Up"], in: [.kept], "Kept", "up") { space, _ in
      space.keptMark = max(0, space.keptMark - 1)
      return []
    },
    WorkbenchCommand("kept-drop", ["d", "Del"], in: [.kept], "Kept", "keep it no longer", hint: "drop") { space, _ in
      if space.keeps.indices.contains(space.keptMark) { space.keeps.remove(at: space.keptMark) }
      space.keptMark = max(0, min(space.keptMark, space.keeps.count - 1))
      if space.keeps.isEmpty { space.views.removeLast() }
      return []
    },
    WorkbenchCommand("kept-close", ["q", "Esc", "\""], in: [.kept], "Everywhere", "back", hint: "back") { space, _ in
      space.views.removeLast()
      return []
    },
  ]
}

extension Workspace {
  /// So many are kept: the oldest gives way.
  private static let mostKept = 200

  mutating func keep() -> [Effect] {
    let new: Kept
    switch view {
    case .fragment:
      guard let desk else { return [] }
      new = .place(
        fragment: desk.fragment.id, line: desk.line?.region.id,
        name: desk.line == nil ? nil : String(describing: desk.name(desk.current)))
      message = .note(
        "Kept: \(desk.fragment.id)\(desk.line == nil ? "" : ", line \(desk.name(desk.current))").  \" shows what was kept."
      )
    case .found:
      new = .search(search.text)
      message = .note("Kept: the search '\(search.text)'.  \" shows what was kept.")
    default:
      if !list.filter.isEmpty {
        new = .filter(list.filter)
        message = .note("Kept: the filter '\(list.filter)'.  \" shows what was kept.")
      } else if let row = list.currentRow {
        new = .place(fragment: row.fragment.id, line: nil)
        message = .note("Kept: \(row.fragment.id).  \" shows what was kept.")
      } else {
        return []
      }
    }
    keeps.removeAll { $0.isSame(as: new) }
    keeps.insert(new, at: 0)
    keeps = Array(keeps.prefix(Self.mostKept))
    keptMark = 0
    return []
  }

  mutating func goToKept() -> [Effect] {
    guard keeps.indices.contains(keptMark) else { return [] }
    let leaving = desk?.fragment.id
    if desk != nil { lastPresentation = presentation }
    let effects: [Effect]
    switch keeps[keptMark] {
    case .place(let fragment, let line, _):
      guard let row = list.row(of: fragment) else {
        message = .warning("\(fragment) is no longer in the corpus; d drops it.")
        return []
      }
      list.mark(fragment)
      effects = open(row, at: line)
    case .filter(let text):
      (desk, views) = (nil, [.corpus])
      list.setFilter(text)
      effects = []
    case .search(let text):
      (desk, views) = (nil, [.corpus, .search])
      prompt = text
      effects = searchTexts()
    }
    return (leaving.map { [.refreshRow(fragment: $0)] } ?? []) + effects
  }
}

import Terminal

extension WorkbenchCommand {
  /// Looking for letters in all texts.
  static let searchCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "search", ["/"], in: [.corpus, .found], "Finding",
      "search all texts: σεβαστ?υ, κωμ*γραμματ, or a regular expression /κωμη(ς|ν)/", hint: "search"
    ) { space, _ in
      space.promptLine.offer(space.search.text)
      space.views = [.corpus, .search]
      return []
    },
    WorkbenchCommand("search-go", ["Enter"], in: [.search], "Finding", "search", hint: "search") { space, _ in
      space.searchTexts()
    },
    WorkbenchCommand("open-hit", ["Enter", "Right", "l"], in: [.found], "Finding", "open the line", hint: "open") {
      space, _ in
      guard let hit = space.search.hit, let row = space.list.row(of: hit.fragment) else { return [] }
      space.list.mark(hit.fragment)
      let effects = space.open(row, at: hit.line.id)
      space.views = [.corpus, .found, .fragment]
      return effects
    },
    WorkbenchCommand("next-hit", ["j", "Down"], in: [.found], "Finding", "down") { space, _ in
      space.search.move(by: 1)
      return []
    },
    WorkbenchCommand("previous-hit", ["k", "Up"], in: [.found], "Finding", "up") { space, _ in
      space.search.move(by: -1)
      return []
    },
    WorkbenchCommand("page-down-hits", ["PgDn", "Space", "Ctrl-F"], in: [.found], "Finding", "a page down") {
      space, _ in
      space.search.move(by: space.listPage)
      return []
    },
    WorkbenchCommand("page-up-hits", ["PgUp", "Ctrl-B"], in: [.found], "Finding", "a page up") { space, _ in
      space.search.move(by: -space.listPage)
      return []
    },
    WorkbenchCommand("first-hit", ["g", "Home"], in: [.found], "Finding", "the first") { space, _ in
      space.search.move(by: -space.search.hits.count)
      return []
    },
    WorkbenchCommand("last-hit", ["G", "End"], in: [.found], "Finding", "the last") { space, _ in
      space.search.move(by: space.search.hits.count)
      return []
    },
    WorkbenchCommand("leave-hits", ["q", "Esc"], in: [.found], "Everywhere", "back to the corpus", hint: "back") {
      space, _ in
      space.views = [.corpus]
      return []
    },
    WorkbenchCommand("hits-again", ["\\"], in: [.corpus], "Finding", "the lines found last") { space, _ in
      if space.search.hits.isEmpty {
        space.message = .note("Nothing was searched yet; '/' does.")
      } else {
        space.views = [.corpus, .found]
      }
      return []
    },
  ]
}

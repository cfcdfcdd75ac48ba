import Corpus
import Terminal

extension WorkbenchCommand {
  static let queueCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "queue", ["Q"], in: [.corpus, .found, .fragment], "Finding",
      "the queue: undecided lines of the listed fragments, what teaches most first", hint: "queue"
    ) { space, _ in
      space.openQueue()
    },
    WorkbenchCommand(
      "open-queued", ["Enter", "Right", "l"], in: [.queue], "The queue",
      "open the line; what you decide brings the next",
      hint: "open"
    ) { space, _ in
      space.openQueued()
    },
    WorkbenchCommand("next-queued", ["j", "Down"], in: [.queue], "The queue", "down") { space, _ in
      space.moveQueue(by: 1)
    },
    WorkbenchCommand("previous-queued", ["k", "Up"], in: [.queue], "The queue", "up") { space, _ in
      space.moveQueue(by: -1)
    },
    WorkbenchCommand("page-down-queue", ["PgDn", "Space", "Ctrl-F"], in: [.queue], "The queue", "a page down") {
      space, _ in
      space.moveQueue(by: space.listPage)
    },
    WorkbenchCommand("page-up-queue", ["PgUp", "Ctrl-B"], in: [.queue], "The queue", "a page up") { space, _ in
      space.moveQueue(by: -space.listPage)
    },
    WorkbenchCommand("first-queued", ["g", "Home"], in: [.queue], "The queue", "the first") { space, _ in
      space.moveQueue(by: -space.queue.lines.count)
    },
    WorkbenchCommand("last-queued", ["G", "End"], in: [.queue], "The queue", "the last") { space, _ in
      space.moveQueue(by: space.queue.lines.count)
    },
    WorkbenchCommand(
      "queue-kind", ["Tab"], in: [.queue], "Which lines",
      "undecided ones, those marked for you, those put off, those to be read a second time", hint: "which"
    ) { space, _ in
      space.loadQueue(space.queue.kind.next, space.queue.order)
    },
    WorkbenchCommand(
      "queue-order", ["s"], in: [.queue], "Which lines",
      "by worth, document, date, or where the ink says otherwise",
      hint: "order"
    ) { space, _ in
      space.loadQueue(space.queue.kind, space.queue.order.next)
    },
    WorkbenchCommand("queue-anew", ["r"], in: [.queue], "Which lines", "make the queue anew") { space, _ in
      space.loadQueue(space.queue.kind, space.queue.order)
    },
    WorkbenchCommand("leave-queue", ["q", "Esc"], in: [.queue], "Everywhere", "back to the corpus", hint: "back") {
      space, _ in
      space.queue.preview = nil
      space.views = [.corpus]
      return []
    },
    WorkbenchCommand(
      "skip-queued", [">"], in: [.fragment], "The queue", "the next line of the queue, this one left as it is"
    ) { space, _ in
      space.openNextQueued()
    },
    WorkbenchCommand("unskip-queued", ["<"], in: [.fragment], "The queue", "the line of the queue before") {
      space, _ in
      space.openNextQueued(backward: true)
    },
  ]
}

extension CaseIterable where Self: Equatable {
  /// The one after it, round to the first.
  var next: Self {
    let all = Array(Self.allCases)
    let place = all.firstIndex(of: self) ?? 0
    return all[(place + 1) % all.count]
  }
}

import Terminal

/// The way through the workbench for somebody who sees it for the first time: a sentence at a time that says what to press, and the next one as soon
/// as that is done, by whatever key. It stands in the top row; nothing else is another than ever.
struct Tour: Hashable, Sendable {
  /// What a step looks at, as it was when the step began and as it is.
  struct Mark: Hashable, Sendable {
    var view: ViewKind
    var lines = 0
    var offers = 0
    var decided = 0
    var undone = 0
    var viewport: Viewport?
    var isEditing = false
    var hasReader = true

    init(_ space: Workspace) {
      view = space.view
      if case .absent = space.reader { hasReader = false }
      guard let desk = space.desk else { return }
      lines = desk.lines.count
      offers = desk.lines.count { !$0.candidates.isEmpty }
      decided = desk.decided
      undone = desk.history.undone.count
      viewport = desk.viewport
      isEditing = desk.editor != nil
    }
  }

  struct Step: Sendable {
    /// `{name}` stands for the key of that command.
    let words: String
    let isDone: @Sendable (_ begun: Mark, _ now: Mark) -> Bool

    init(_ words: String, until isDone: @escaping @Sendable (_ begun: Mark, _ now: Mark) -> Bool) {
      self.words = words
      self.isDone = isDone
    }
  }

  /// Short: with their keys they fit a window of 80 columns.
  static let steps: [Step] = [
    Step("{next-fragment-row} and {previous-fragment-row} go down and up, {open} opens a fragment.") {
      $1.view == .fragment
    },
    Step("The model finds its lines and reads them: a few seconds.") { $1.offers > 0 || !$1.hasReader },
    Step("{take-marked} takes the marked reading, 1 to 9 another one.") { $1.decided > $0.decided },
    Step("{undo} takes the decision back.") { $1.undone > $0.undone },
    Step("{next-doubtful} goes to a letter in doubt, Alt-2 puts another in.") { $1.isEditing },
    Step("Latin keys type Greek. {accept} saves, {cancel} does not.") { !$1.isEditing },
    Step("{zoom-in} {zoom-out} zoom, {pan-left} {pan-down} {pan-up} {pan-right} move the photograph.") {
      $0.viewport != nil && $1.viewport != $0.viewport
    },
    Step("{draw-lines} mends lines: draw, bend, cut, join them.") { $1.view == .drawing },
    Step("{stop-drawing} comes back to the text, {back} there to the list.") { $1.view == .corpus },
    Step("{search} searches all texts: some letters, then {search-go}.") { $1.view == .found },
    Step("{queue} lists the lines that teach the model most.") { $1.view == .queue },
    Step("{help} shows all keys, {palette} finds commands by their words.") { $1.view == .help || $1.view == .palette },
  ]

  static let farewell = "that is all; your work here goes with you: {quit} in the list."

  /// The step that is told; that of the farewell is none.
  private(set) var number = 0
  private var begun: Mark

  init(_ space: Workspace) { begun = Mark(space) }

  /// Goes on as far as things are done.
  mutating func look(at now: Mark) {
    while number < Self.steps.count, Self.steps[number].isDone(begun, now) { next(now) }
  }

  mutating func skip(_ now: Mark) {
    if number < Self.steps.count { next(now) }
  }

  private mutating func next(_ now: Mark) {
    number += 1
    begun = now
  }

  /// What is told now.
  func words(_ keys: KeyTable) -> String {
    guard number < Self.steps.count else { return "Tour: " + Self.told(Self.farewell, keys) }
    return "Tour \(number + 1)/\(Self.steps.count): " + Self.told(Self.steps[number].words, keys)
  }

  /// The words with the keys that commands have.
  static func told(_ words: String, _ keys: KeyTable) -> String {
    var out = ""
    var rest = words[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      out += rest[..<open] + (keys.command(name)?.keys.first?.description ?? name)
      rest = rest[rest.index(after: close)...]
    }
    return out + rest
  }

  /// The key that goes on without having done it. It is the tour's alone, and so in no table.
  static let skipping = Key(.function(9))

  func draw(_ grid: inout Grid, _ keys: KeyTable, _ depth: ColourDepth) {
    guard grid.size.height > 0 else { return }
    var row = Area(x: 0, y: 0, width: grid.size.width, height: 1)
    grid.fill(row, style: Theme.selected(depth))
    let hint = number < Self.steps.count ? " \(Self.skipping): on " : ""
    if row.width > 60 {
      let right = row.takeRight(hint.count)
      grid.put(hint, x: right.x, y: 0, style: Theme.selected(depth))
    }
    grid.putLine(" " + words(keys), in: row, style: Theme.selected(depth))
  }
}

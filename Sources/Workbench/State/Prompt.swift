import Corpus

/// The line at the bottom at which something is typed to be found, asked or said: with a cursor, and with what was typed there before.
struct Prompt: Hashable, Sendable {
  private(set) var editor = LineEditor("", isBeta: false)
  /// What was kept in each view, oldest first.
  private var past: [ViewKind: [String]] = [:]
  /// How far back in them one has gone; 0 is what is being typed.
  private var depth = 0
  private var typed = ""

  /// At most so many letters.
  static let longest = 200
  /// So many of each are kept.
  private static let mostKept = 50

  var text: String { editor.text }

  mutating func set(_ text: String) {
    editor = LineEditor(String(text.prefix(Self.longest)), isBeta: false)
    depth = 0
  }

  /// What was last there, to be changed, or typed over: what is typed first takes its place.
  mutating func offer(_ text: String) {
    set(text)
    editor.selectAll()
  }

  mutating func change(_ body: (inout LineEditor) -> Void) {
    var changed = editor
    body(&changed)
    if changed.letters.count <= Self.longest { editor = changed }
    depth = 0
  }

  /// Remembers what it holds, for the next time.
  mutating func keep(in view: ViewKind) {
    guard !text.isEmpty else { return }
    let text = text
    var own = past[view] ?? []
    own.removeAll { $0 == text }
    own.append(text)
    past[view] = own.suffix(Self.mostKept)
  }

  /// What was typed `step` times before; false where there is no more.
  mutating func recall(_ step: Int, in view: ViewKind) -> Bool {
    let all = past[view] ?? []
    let wanted = depth + step
    guard (0...all.count).contains(wanted), wanted != depth else { return false }
    if depth == 0 { typed = text }
    let text = wanted == 0 ? typed : all[all.count - wanted]
    editor = LineEditor(text, isBeta: false)
    depth = wanted
    return true
  }
}

extension Workspace {
  /// What the prompt asks for.
  var promptLabel: String {
    switch view {
    case .filter: " Filter: "
    case .jump: " Jump to: "
    case .search: " Search the texts: "
    case .asking: " Read as: "
    case .numbering: " The line is called: "
    case .remarking:
      switch remarkKind {
      case .later: " Put off, because: "
      case .colleague: " For whom, and why: "
      default: " Note: "
      }
    case .describing: metadata.map { " \($0.field.label(of: $0.fragment)): " } ?? " "
    default: " "
    }
  }
}

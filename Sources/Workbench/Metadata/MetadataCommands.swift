import Corpus
import Terminal

/// What is known of a fragment, being looked at.
struct MetadataState: Sendable {
  var fragment: Fragment
  /// Index into `fields`.
  private(set) var current = 0
  var top = 0
  /// What was changed here, newest last: the field and what stood there.
  var changes: [(field: MetadataField, before: String)] = []
  /// Every change of it there was, oldest first.
  var past: [Remark] = []

  var fields: [MetadataField] { MetadataField.all(of: fragment) }
  var field: MetadataField { fields[min(current, fields.count - 1)] }

  init(_ fragment: Fragment) { self.fragment = fragment }

  mutating func move(by step: Int) { current = max(0, min(fields.count - 1, current + step)) }
}

extension WorkbenchCommand {
  static let metadataCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "metadata", ["m"], in: [.corpus, .fragment], "Metadata", "what is known of the fragment: see it, change it"
    ) { space, _ in
      guard let fragment = space.desk?.fragment ?? space.list.currentRow?.fragment else { return [] }
      space.metadata = MetadataState(fragment)
      space.views.append(.metadata)
      return [.loadDescriptions(fragment: fragment.id)]
    },
    WorkbenchCommand("next-field", ["j", "Down"], in: [.metadata], "Metadata", "down") { space, _ in
      space.metadata?.move(by: 1)
      return []
    },
    WorkbenchCommand("first-field", ["g", "Home"], in: [.metadata], "Metadata", "the first") { space, _ in
      space.metadata?.move(by: -1000)
      return []
    },
    WorkbenchCommand("last-field", ["G", "End"], in: [.metadata], "Metadata", "the last") { space, _ in
      space.metadata?.move(by: 1000)
      return []
    },
    WorkbenchCommand("previous-field", ["k", "Up"], in: [.metadata], "Metadata", "up") { space, _ in
      space.metadata?.move(by: -1)
      return []
    },
    WorkbenchCommand("edit-field", ["Enter", "e"], in: [.metadata], "Metadata", "change it", hint: "change") {
      space, _ in
      guard let metadata = space.metadata else { return [] }
      space.prompt = metadata.field.text(of: metadata.fragment)
      space.views.append(.describing)
      return []
    },
    WorkbenchCommand("undo-field", ["u"], in: [.metadata], "Metadata", "take the last change back", hint: "undo") {
      space, _ in
      guard let last = space.metadata?.changes.last, let id = space.metadata?.fragment.id else {
        space.message = .note("Nothing was changed here.")
        return []
      }
      return [.describe(fragment: id, last.field, last.before, isUndo: true)]
    },
    WorkbenchCommand("metadata-close", ["q", "Esc", "m"], in: [.metadata], "Everywhere", "back", hint: "back") {
      space, _ in
      space.metadata = nil
      space.views.removeLast()
      return []
    },
    WorkbenchCommand(
      "field-done", ["Enter"], in: [.describing], "Metadata", "keep it; empty: nothing is known", hint: "keep"
    ) {
      space, _ in
      space.keepField()
    },
  ]
}

extension Workspace {
  mutating func keepField() -> [Effect] {
    guard let metadata else { return [] }
    let text = prompt.trimmed
    if let problem = metadata.field.problem(with: text) {
      message = .warning(problem)
      return []
    }
    views.removeLast()
    guard text != metadata.field.text(of: metadata.fragment) else { return [] }
    return [.describe(fragment: metadata.fragment.id, metadata.field, text, isUndo: false)]
  }

  /// The record is on the disk.
  mutating func handleDescribed(_ fragment: Fragment, _ field: MetadataField, isUndo: Bool) -> [Effect] {
    if let metadata, metadata.fragment.id == fragment.id {
      if isUndo {
        self.metadata?.changes.removeLast()
        message = .note("Taken back.")
      } else {
        self.metadata?.changes.append((field, field.text(of: metadata.fragment)))
        message = .note("Saved.  u takes it back.")
      }
      self.metadata?.fragment = fragment
    }
    if desk?.fragment.id == fragment.id { desk?.fragment = fragment }
    return [.refreshRow(fragment: fragment.id), .loadDescriptions(fragment: fragment.id)]
  }
}

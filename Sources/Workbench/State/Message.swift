/// What the status line says until the next key.
struct Message: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case note, warning, failure }
  var kind: Kind
  var text: String

  static func note(_ text: String) -> Message { Message(kind: .note, text: text) }
  static func warning(_ text: String) -> Message { Message(kind: .warning, text: text) }
  static func failure(_ text: String) -> Message { Message(kind: .failure, text: text) }
}

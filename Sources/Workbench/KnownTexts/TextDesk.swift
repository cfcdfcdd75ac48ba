import Synchronization

/// Opens the known texts when they are first asked; `telling` gets a word where that takes long.
public typealias KnownTextsLoader = @Sendable (_ telling: @escaping @Sendable (String) -> Void) throws -> any KnownTexts

/// The known texts as threads share them: opened once, asked one question at a time, and only the newest one.
final class TextDesk: Sendable {
  private let load: KnownTextsLoader
  private let texts = Mutex<(any KnownTexts)?>(nil)
  private let newest = Mutex<TextQuestion?>(nil)

  init(_ load: @escaping KnownTextsLoader) { self.load = load }

  func isNext(_ question: TextQuestion) { newest.withLock { $0 = question } }

  /// - Returns: the answer and who gives it; nil where something else has been asked since.
  func answer(
    _ question: TextQuestion, telling: @escaping @Sendable (String) -> Void
  ) -> Result<(offers: [TextOffer], name: String), any Error>? {
    texts.withLock { texts in
      guard newest.withLock({ $0 == question }) else { return nil }
      return Result {
        let open = try texts ?? load(telling)
        texts = open
        return (try open.answer(question), open.name)
      }
    }
  }
}

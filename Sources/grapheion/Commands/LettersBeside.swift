import Inference
import Platform
import Text

/// The letter model that a reader was tuned with, for a reader made from it: it must lie beside the new one, too.
struct LettersBeside {
  /// As the new reader's file names it.
  let id: String?
  private let source, copy: String?

  /// Refuses, before any work is done, where another letter model of that name lies in the new reader's folder.
  init(_ letters: LetterModel?, of from: String, for target: String) throws {
    id = letters?.id
    guard let letters, let old = Files.resolved(Files.parent(from)), let new = Files.resolved(Files.parent(target)),
      old != new
    else {
      (source, copy) = (nil, nil)
      return
    }
    let place = "\(new)/\(letters.name).gguf"
    let isThere = Files.exists(place)
    if isThere, try LetterModel.load(path: place).id != letters.id {
      throw Failure(
        .usage,
        "train: --to \(displayText(target)): another letter model lies there as \(displayText(letters.name)).gguf; name another folder."
      )
    }
    (source, copy) = isThere ? (nil, nil) : ("\(old)/\(letters.name).gguf", place)
  }

  /// Copies it where it does not lie yet.
  func place() throws {
    if let source, let copy { try Files.copy(source, to: copy) }
  }
}

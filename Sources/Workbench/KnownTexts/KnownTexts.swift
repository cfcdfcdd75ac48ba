/// What the workbench asks of the known texts of this machine. The program puts its library behind it; tests put others there.
///
/// Called on a thread of its own, one question at a time.
public protocol KnownTexts: Sendable {
  /// What proposes, for the record of a decision: `apollo-restorer`.
  var name: String { get }
  /// Best first; empty where there is nothing to say.
  func answer(_ question: TextQuestion) throws -> [TextOffer]
}

/// Where the program puts none behind it.
struct NoKnownTexts: Error, CustomStringConvertible {
  var description: String { "there are no known texts here" }
}

/// What is asked about the line in the editor.
public enum TextQuestion: Hashable, Sendable {
  /// What stood in a gap.
  case restoration(Lacuna)
  /// How an edition writes the line's letters: words, accents, resolved abbreviations. All in Leiden+; the lines around it are empty where there are none.
  case words(line: String, after: String = "", before: String = "")
  /// Where the known texts have what the line has, in any spelling. Leiden+.
  case parallels(line: String)
}

/// One answer.
public struct TextOffer: Hashable, Sendable {
  /// Letters for a gap, a line in Leiden+, or what a known text says.
  public var text: String
  /// 0 ... 1; nil where it is a fact.
  public var probability: Double?
  /// What speaks for it, best first.
  public var parallels: [TextParallel]

  public init(text: String, probability: Double?, parallels: [TextParallel] = []) {
    self.text = text
    self.probability = probability
    self.parallels = parallels
  }
}

/// A place of a known text.
public struct TextParallel: Hashable, Sendable {
  /// `bgu.16.2560`.
  public var text: String
  public var line: String
  /// In words; empty where nobody knows.
  public var date: String
  public var place: String
  public var quote: String

  public init(text: String, line: String, date: String = "", place: String = "", quote: String) {
    self.text = text
    self.line = line
    self.date = date
    self.place = place
    self.quote = quote
  }
}

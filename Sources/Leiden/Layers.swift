import Text
import XML

/// The three readings of one text that the rest of Grapheion uses.
public enum Layer: String, CaseIterable, Sendable {
  /// What stands on the papyrus: no restorations, no resolutions, what the scribe wrote and not what he should have;
  /// `.` for each illegible letter.
  case diplomatic
  /// What the scholar prints: restorations in brackets, resolutions in parentheses, underdots; what is missing in the signs of printed editions
  /// (`PrintedSigns`).
  case edited
  /// Restorations, resolutions, regularisations and corrections taken in; `…` for what is lost.
  case regularised
}

/// One layer as plain text, each scalar with its place in the tree.
public struct LayerText: Sendable, Equatable {
  public let text: String
  /// For each scalar of `text`: the node it comes from and the byte in that node's text; -1 where no letter of the tree
  /// stands behind it (brackets, dots, line ends).
  public let places: [Place]

  public struct Place: Sendable, Hashable {
    public let node: Int
    public let offset: Int
  }
}

extension LeidenText {
  /// A layer as plain text. Lines are divided by line feeds; a word that runs on is joined in the regularised layer.
  public func layer(_ layer: Layer) -> LayerText {
    var writer = LayerWriter(tree: tree, layer: layer)
    writer.write()
    var view = String.UnicodeScalarView()
    view.append(contentsOf: writer.scalars)
    return LayerText(text: String(view), places: writer.places)
  }

  public var diplomatic: String { layer(.diplomatic).text }
  public var edited: String { layer(.edited).text }
  public var regularised: String { layer(.regularised).text }

  /// What the ink shows: the diplomatic layer in capitals, signs of numerals among them, without accents and spaces, `.` for an illegible
  /// letter; lines are divided by line feeds. An editor's full stop is no letter.
  public var letterStream: String {
    var view = String.UnicodeScalarView()
    let layer = layer(.diplomatic)
    for (scalar, place) in zip(layer.text.unicodeScalars, layer.places) {
      if let letter = Greek.letter(of: scalar) {
        view.append(letter)
      } else if scalar == "\n" || scalar == "." && place.node < 0 {
        view.append(scalar)
      }
    }
    return String(view)
  }

  /// Letters the ink shows that the letter stream lacks: those of another alphabet, and signs for several letters. A stream without them says less
  /// than stands there.
  public var strangeLetters: String {
    var view = String.UnicodeScalarView()
    let layer = layer(.diplomatic)
    for (scalar, place) in zip(layer.text.unicodeScalars, layer.places) where place.node >= 0 && Greek.isStrange(scalar)
    {
      view.append(scalar)
    }
    return String(view)
  }
}

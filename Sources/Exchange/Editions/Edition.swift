import Corpus
import Leiden
import Text

/// A published text of a papyrus, line by line.
public struct Edition: Sendable {
  /// `bgu.1.100`, or the file's name where it tells none.
  public var name: String
  /// What it calls the papyrus: Trismegistos and HGV numbers (several where one text stands on several objects), DDbDP.
  public var tm: [String]
  public var hgv: [String]
  public var ddbdp: String?
  /// Under which licence it may be used, in the words of its file; nil where that says nothing.
  public var rights: String?
  public var lines: [Line]

  public struct Line: Hashable, Sendable {
    /// Its number in the edition; lines of a further column or side may have the same.
    public var label: String
    /// What stands on it, in Leiden+.
    public var leiden: String
    /// The letters that should be seen, and where some are missing between them.
    public var ink: PhysicalLine.Ink

    public init(label: String, leiden: String, ink: PhysicalLine.Ink) {
      (self.label, self.leiden, self.ink) = (label, leiden, ink)
    }
  }

  init(
    name: String, tm: [String] = [], hgv: [String] = [], ddbdp: String? = nil, rights: String? = nil, lines: [Line]
  ) {
    (self.name, self.tm, self.hgv, self.ddbdp, self.rights) = (name, tm, hgv, ddbdp, rights)
    self.lines = lines
  }

  /// The lines of a text.
  init(
    name: String, tm: [String] = [], hgv: [String] = [], ddbdp: String? = nil, rights: String? = nil, text: LeidenText
  ) {
    self.init(
      name: name, tm: tm, hgv: hgv, ddbdp: ddbdp, rights: rights,
      lines: text.physicalLines.map { line in
        Line(
          label: CleanText.line(line.label), leiden: CleanText.line(line.text.leiden).trimmingSpaces, ink: line.ink)
      })
  }

  /// Whether this is the text of that fragment, by the numbers that both have.
  public func isOf(_ fragment: Fragment) -> Bool {
    let own = fragment.identifiers
    if let number = own.tm.map(TrismegistosNumber.plain), tm.contains(where: { TrismegistosNumber.plain($0) == number })
    {
      return true
    }
    if let number = own.hgv, hgv.contains(number) { return true }
    if let number = own.ddbdp, let ddbdp, Self.plain(number) == Self.plain(ddbdp) { return true }
    return false
  }

  /// `bgu;1;100` and `bgu.1.100` are the same text.
  static func plain(_ number: String) -> String {
    number.lowercased().split { $0 == ";" || $0 == "." || $0 == " " }.joined(separator: ".")
  }
}

extension String {
  /// Without spaces at either end.
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

import Corpus
import Platform
import Raster
import Text
import XML

/// What a PAGE or ALTO file says about one photograph, in reading order.
public struct PageDescription: Sendable {
  /// One line of writing.
  public struct Line: Hashable, Sendable {
    /// Photograph 0; ids count the lines.
    public var region: LineRegion
    /// What it says; nil where the file has no text for it. White space is single, control characters are gone.
    public var text: String?
    /// Whether the file says that the text is Leiden+, as Grapheion's own exports do.
    public var isLeiden: Bool
    /// What the file calls the line, for messages.
    public var name: String
  }

  /// How the file's numbers become pixels.
  public enum Unit: Hashable, Sendable {
    case pixel
    /// A measure of length: only the size of the page brings it to pixels.
    case length
  }

  /// The name of the image the file speaks of.
  public var image: String?
  /// Size of that image, in the file's units (pixels nearly always); 0 where the file does not say.
  public var width: Double
  public var height: Double
  public var unit = Unit.pixel
  public var lines: [Line] = []
  /// What else the file holds.
  public var leftOut = LeftOut()

  /// Most lines taken from one file.
  public static let lineLimit = 50_000
  /// Most points of baselines and outlines taken from one file: no more than `lines.json` can hold.
  public static let pointLimit = 1_000_000
  var points = 0
  /// The first line that was left out as its points are no numbers, and which points.
  var firstUnreadable: String?

  /// Reads PAGE XML (any version since 2010) or ALTO (2 to 4); the root element decides.
  public static func read(path: String) throws(ExchangeError) -> PageDescription {
    try make(from: try XMLElement.read(path: path), path: path)
  }

  /// The same from bytes; `path` stands for the file in errors.
  public static func parse(_ bytes: [UInt8], path: String) throws(ExchangeError) -> PageDescription {
    try make(from: try XMLElement.parse(bytes, path: path), path: path)
  }

  private static func make(from root: XMLElement, path: String) throws(ExchangeError) -> PageDescription {
    guard let kind = DescriptionKind.all.first(where: { $0.root == root.name }) else {
      let known = DescriptionKind.all.map { "\($0.name) (\($0.root))" }.joined(separator: " nor ")
      throw ExchangeError(.unsupported, path: path, "is neither \(known), but <\(root.name)>")
    }
    var description = try kind.read(root, path)
    if root.isOwnExport { description.takeOwnSigns() }
    if description.lines.isEmpty, let line = description.firstUnreadable {
      throw ExchangeError(
        .damaged, path: path, "the points of none of its lines can be read; the first of them is \(line)")
    }
    return description
  }

  /// A hyphen that shows at the end of a line alone is one there, and nothing elsewhere.
  private static func withoutSoftHyphens(_ text: String) -> String {
    guard text.unicodeScalars.contains("\u{AD}") else { return text }
    let end = text.unicodeScalars.last == "\u{AD}" ? "-" : ""
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{AD}" })) + end
  }

  /// In letters that Grapheion wrote a full stop is an illegible letter, nothing else; in Leiden+ `.1` is.
  private mutating func takeOwnSigns() {
    for index in lines.indices where !lines[index].isLeiden {
      guard let text = lines[index].text, text.contains("."),
        text.unicodeScalars.allSatisfy({ $0 == "." || Greek.letter(of: $0) == $0 })
      else { continue }
      var leiden = ""
      var stops = 0
      for character in text + " " {
        if character == "." {
          stops += 1
          continue
        }
        if stops > 0 { leiden += ".\(stops)" }
        stops = 0
        leiden.append(character)
      }
      lines[index].text = String(leiden.dropLast())
    }
  }

  /// Adds a line; what has neither baseline nor outline, or points that are no numbers, is counted as left out.
  mutating func add(
    _ shape: LineShape, name: String, column: Int, text: String?, isLeiden: Bool, path: String
  ) throws(ExchangeError) {
    guard lines.count < Self.lineLimit else {
      throw ExchangeError(.unsupported, path: path, "has more than \(Self.lineLimit) lines")
    }
    if let part = shape.unreadable {
      let line = "line \(name), \(part)"
      firstUnreadable = firstUnreadable ?? line
      return leftOut.add("lines whose points cannot be read", line)
    }
    guard let region = shape.region(number: lines.count, column: column) else {
      return leftOut.add("lines without baseline and outline", "line \(name)")
    }
    if shape.isOutlineElsewhere { leftOut.add("outlines that lie elsewhere than their baselines", "line \(name)") }
    points += region.baseline.count + region.polygon.points.count
    guard points <= Self.pointLimit else {
      throw ExchangeError(.unsupported, path: path, "has more than \(Self.pointLimit) points in its lines")
    }
    lines.append(
      Line(
        region: region, text: text.map(Self.withoutSoftHyphens).flatMap { $0.isEmpty ? nil : $0 }, isLeiden: isLeiden,
        name: name))
  }

  /// The same in pixels of a photograph of another size, as when the image was scaled since.
  public func scaled(toWidth newWidth: Int, height newHeight: Int) -> PageDescription {
    guard width > 0, height > 0, width != Double(newWidth) || height != Double(newHeight) else { return self }
    let (x, y) = (Double(newWidth) / width, Double(newHeight) / height)
    return moved(toWidth: newWidth, height: newHeight) { Point(x: $0.x * x, y: $0.y * y) }
  }

  func moved(toWidth newWidth: Int, height newHeight: Int, _ move: (Point) -> Point) -> PageDescription {
    var moved = self
    moved.width = Double(newWidth)
    moved.height = Double(newHeight)
    for index in moved.lines.indices { moved.lines[index].region = lines[index].region.mapped(move) }
    return moved
  }
}

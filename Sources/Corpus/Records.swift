import Raster

// The records that travel between the store, the reader, the exchange formats and the
// workbench. Plain values; how they are laid out on disk stands in `docs/corpus.md`.

/// The numbers under which others know a papyrus.
public struct Identifiers: Hashable, Sendable {
  /// Trismegistos number.
  public var tm: String?
  public var hgv: String?
  public var ddbdp: String?
  public var inventory: String?

  public init(tm: String? = nil, hgv: String? = nil, ddbdp: String? = nil, inventory: String? = nil) {
    self.tm = tm
    self.hgv = hgv
    self.ddbdp = ddbdp
    self.inventory = inventory
  }
}

/// Years; negative ones are BCE. Either end may be unknown.
public struct DateRange: Hashable, Sendable {
  public var notBefore: Int?
  public var notAfter: Int?

  public init(notBefore: Int? = nil, notAfter: Int? = nil) {
    self.notBefore = notBefore
    self.notAfter = notAfter
  }
}

/// One photograph of a fragment: a file beside `fragment.json`, never written to after import.
public struct Photograph: Hashable, Sendable {
  /// File name inside the fragment's folder.
  public var file: String
  public var width: Int
  public var height: Int
  /// `recto`, `verso` or whatever the museum says.
  public var side: String?
  /// SHA-256 of the file, recorded at import: a photograph that changed is found by `check`.
  public var sha256: String?
  /// The file it was converted from; nil where it was copied as it is. By its hash the same file is known when it comes again.
  public var source: Source?

  public struct Source: Hashable, Sendable {
    /// Its name, without folders.
    public var file: String
    public var sha256: String
    /// Where it was fetched from; nil for a file that somebody had.
    public var address: String?

    public init(file: String, sha256: String, address: String? = nil) {
      self.file = file
      self.sha256 = sha256
      self.address = address
    }
  }

  public init(
    file: String, width: Int, height: Int, side: String? = nil, sha256: String? = nil, source: Source? = nil
  ) {
    self.file = file
    self.width = width
    self.height = height
    self.side = side
    self.sha256 = sha256
    self.source = source
  }
}

/// What `fragment.json` says: a fragment is one object with its photographs.
public struct Fragment: Hashable, Sendable {
  /// Also the name of its folder; letters, digits, `.`, `_` and `-` only.
  public var id: String
  public var identifiers: Identifiers
  public var title: String
  public var date: DateRange
  public var place: String?
  public var material: String?
  public var rights: String?
  public var photographs: [Photograph]

  public init(
    id: String, identifiers: Identifiers = Identifiers(), title: String = "",
    date: DateRange = DateRange(), place: String? = nil, material: String? = nil,
    rights: String? = nil, photographs: [Photograph] = []
  ) {
    self.id = id
    self.identifiers = identifiers
    self.title = title
    self.date = date
    self.place = place
    self.material = material
    self.rights = rights
    self.photographs = photographs
  }
}

/// Where a text line stands on a photograph.
public struct LineRegion: Hashable, Sendable {
  /// Unique within the fragment and stable for good: `0-3` is the fourth line found on the first photograph; drawn lines get new ids.
  public var id: String
  /// Index into `Fragment.photographs`.
  public var photograph: Int
  /// Column of writing, from 0, in reading order.
  public var column: Int
  /// In the direction of reading (from left to right, unless the photograph lies on its side or its head), at least two points, in pixels of
  /// the photograph.
  public var baseline: [Point]
  public var polygon: Polygon
  /// Height of the small letters, in pixels of the photograph; nil where nobody measured it.
  public var xHeight: Double?
  /// Where somebody put the line among those of its photograph: after all with a lesser place. That of a line nobody moved is the number in its
  /// id, `3` for `0-3`; where lines were given, its place in `lines.json`.
  public var place: Double?
  /// What somebody says the line is called, `5` or `5a`; those below it count on (`LineNumber`).
  public var number: String?
  /// Whether somebody said that here is no line. What was decided about it stays in the journals.
  public var isGone = false

  public init(
    id: String, photograph: Int, column: Int, baseline: [Point], polygon: Polygon, xHeight: Double? = nil
  ) {
    self.id = id
    self.photograph = photograph
    self.column = column
    self.baseline = baseline
    self.polygon = polygon
    self.xHeight = xHeight
  }

  /// The same line with every point moved, and lengths by a factor.
  public func mapped(scale: Double = 1, _ move: (Point) -> Point) -> LineRegion {
    var moved = self
    moved.xHeight = xHeight.map { $0 * scale }
    moved.baseline = baseline.map(move)
    moved.polygon = Polygon(polygon.points.map(move))
    return moved
  }

  /// The same place, where no line is.
  public var gone: LineRegion {
    var region = self
    region.isGone = true
    return region
  }

  /// The number behind the last hyphen of its id: its place as layout found it.
  public var foundPlace: Double? {
    guard let hyphen = id.lastIndex(of: "-"), let number = Int(id[id.index(after: hyphen)...]) else { return nil }
    return Double(number)
  }

  /// Whether the line runs rather across the photograph than up or down it.
  public var runsAcross: Bool {
    guard let first = baseline.first, let last = baseline.last else { return true }
    return abs(last.x - first.x) >= abs(last.y - first.y)
  }
}

/// What else a letter may be.
public struct LetterAlternative: Hashable, Sendable {
  /// One Greek capital; empty for no letter at all.
  public var text: String
  /// 0 ... 1.
  public var probability: Double

  public init(text: String, probability: Double) {
    self.text = text
    self.probability = probability
  }
}

/// One letter of a candidate reading.
public struct CandidateLetter: Hashable, Sendable {
  /// One Greek capital.
  public var text: String
  /// 0 ... 1.
  public var probability: Double
  /// Where it stands, in pixels of the photograph along x, or along y where the line runs up or down (`LineRegion.runsAcross`);
  /// `left` is the lesser, whichever way the line reads.
  public var left: Double
  public var right: Double
  /// The likeliest others, best first, three at most.
  public var alternatives: [LetterAlternative]

  public init(
    text: String, probability: Double, left: Double, right: Double, alternatives: [LetterAlternative] = []
  ) {
    self.text = text
    self.probability = probability
    self.left = left
    self.right = right
    self.alternatives = alternatives
  }
}

/// One thing a line may say.
public struct Candidate: Hashable, Sendable {
  /// The diplomatic letter stream: capitals, no spaces, no accents.
  public var text: String
  /// The same in Leiden+, uncertain letters dotted, holes as gaps.
  public var leiden: String
  public var probability: Double
  public var letters: [CandidateLetter]

  public init(text: String, leiden: String, probability: Double, letters: [CandidateLetter]) {
    self.text = text
    self.leiden = leiden
    self.probability = probability
    self.letters = letters
  }
}

/// A line as the model read it; best candidate first.
public struct LineReading: Hashable, Sendable {
  public var region: LineRegion
  public var candidates: [Candidate]

  public init(region: LineRegion, candidates: [Candidate]) {
    self.region = region
    self.candidates = candidates
  }
}

/// What a model said about one fragment, in reading order.
public struct FragmentReading: Hashable, Sendable {
  public var fragment: String
  /// Name and content hash of the model, `apollo-reader@1f3a…`.
  public var model: String
  /// What else decided the outcome (beam width, threshold), as `name=value` pairs.
  public var settings: String
  /// Wall-clock seconds it took.
  public var seconds: Double
  public var lines: [LineReading]

  public init(fragment: String, model: String, settings: String, seconds: Double, lines: [LineReading]) {
    self.fragment = fragment
    self.model = model
    self.settings = settings
    self.seconds = seconds
    self.lines = lines
  }
}

/// What a scholar did with a line.
public enum Action: Hashable, Sendable {
  /// Took candidate k (from 0) as it was offered.
  case took(Int)
  /// Typed or changed the text.
  case edited
  /// Says that no offered reading is right and gives none.
  case rejected
  /// Drew the line's region anew, put it elsewhere in the order, or said that it is none; the text is as before, or open again where none stands
  /// after. With offers it says what the model reads there now.
  case redrew
  /// Takes the line back to what it was before (undo is a record like any other).
  case reverted
}

/// One decision about a line: all that retraining needs to know. An entry of the journal once it has a stamp.
public struct Correction: Hashable, Sendable {
  /// When it was recorded and where it stands.
  public struct Stamp: Hashable, Sendable {
    /// Microseconds since 1970, UTC. Ties are broken by `writer` and `sequence`.
    public var time: Int64
    /// The journal and the number there.
    public var writer: String
    public var sequence: Int

    public init(time: Int64, writer: String, sequence: Int) {
      self.time = time
      self.writer = writer
      self.sequence = sequence
    }
  }

  /// nil as long as no journal holds it: the store gives it.
  public var stamp: Stamp?
  /// Who.
  public var scholar: String
  public var fragment: String
  public var region: LineRegion
  /// Leiden+ before and after; nil where there was, or is, no text.
  public var before: String?
  public var after: String?
  public var action: Action
  /// What the model offered then.
  public var offered: [Candidate]
  public var model: String?
  /// Seconds the scholar spent on the line.
  public var seconds: Double
  /// How many earlier decisions about the line the scholar had been shown; the store counts those it knows where nobody says. By this
  /// it is seen who had not seen whom.
  public var seen: Int?
  /// Where the line was before, where the decision moved it; nil for a line that was not there.
  public var regionBefore: LineRegion?
  /// Whether it is one step with the record before it in its journal: a line cut in two is two records.
  public var continues = false

  public init(
    stamp: Stamp? = nil, scholar: String, fragment: String, region: LineRegion, before: String?, after: String?,
    action: Action, offered: [Candidate], model: String?, seconds: Double, seen: Int? = nil
  ) {
    self.stamp = stamp
    self.scholar = scholar
    self.fragment = fragment
    self.region = region
    self.before = before
    self.after = after
    self.action = action
    self.offered = offered
    self.model = model
    self.seconds = seconds
    self.seen = seen
  }
}

extension Correction {
  /// When it was recorded; 0 for one that no journal holds.
  public var time: Int64 { stamp?.time ?? 0 }

  /// Whether it only says what the model reads where a line was drawn: nobody decided anything by it.
  public var isOffer: Bool { action == .redrew && !offered.isEmpty && regionBefore == region }
}

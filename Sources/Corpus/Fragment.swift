import Raster

// One of the records that travel between the store, the reader, the exchange formats and the
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
    /// The program that converted it, with its version; nil where none did, or nobody wrote it down.
    public var converter: String?

    public init(file: String, sha256: String, address: String? = nil, converter: String? = nil) {
      self.file = file
      self.sha256 = sha256
      self.address = address
      self.converter = converter
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

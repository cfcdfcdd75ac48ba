import Platform
import Text

// Whatever comes in from outside is put together in a hidden folder beside the fragments, `.import-<id>-<process>`, and then takes its name: a fragment
// is there whole or not at all. What is left there by a process that ended is told by `check`.

extension CorpusStore {
  /// A name made fit for an id: Greek is written in Latin letters, letters lose their marks, other characters become `-`.
  public static func identifier(from name: String) -> String {
    let letters = Greek.nfd(Greek.romanised(name)).unicodeScalars.filter { !$0.properties.isDiacritic || $0.isASCII }
    let mapped = letters.map { scalar -> Character in
      let text = String(Character(scalar))
      return isValid(id: "x" + text) ? Character(text) : "-"
    }
    let trimmed = String(mapped.drop { $0 == "." || $0 == "-" }.prefix(100))
    return trimmed.isEmpty ? "fragment" : trimmed
  }

  /// Makes the hidden folder in which a fragment is put together.
  public func makeStaging(for id: String) throws -> String {
    let staging = Files.parent(try folder(of: id)) + "/.import-\(id)-\(Environment.process)"
    try Files.makeFolder(staging)
    return staging
  }

  /// Adds a fragment whose photographs lie in a staging folder, which takes its name. Its record and lines are read back first with the
  /// readers that everybody will use: what they would refuse does not come into the corpus.
  public func add(_ fragment: Fragment, staged folder: String, regions: [LineRegion]) throws {
    if !regions.isEmpty { try Files.replace(folder + "/lines.json", with: Self.bytes(of: regions)) }
    try Files.replace(folder + "/fragment.json", with: fragment.json.pretty())
    guard try Self.readFragment(folder + "/fragment.json", id: fragment.id) != nil else {
      throw CorpusError(.damaged, path: folder, "could not be read back")
    }
    guard try regions.isEmpty || Self.readRegions(folder + "/lines.json")?.count == regions.count else {
      throw CorpusError(.damaged, path: folder, "lines were lost on the way into the corpus")
    }
    let place = try self.folder(of: fragment.id)
    try Files.rename(folder, to: place)
    list(fragment.id)
    markChanged()
    try Files.flushFolder(of: place)
  }

  /// Adds photographs that lie in a staging folder to a fragment: the pictures first, then the record that names them.
  public func add(_ photographs: [Photograph], staged staging: String, to home: Fragment) throws {
    var fragment = home
    let folder = try folder(of: home.id)
    for var photograph in photographs {
      let from = staging + "/" + photograph.file
      let name = photograph.file.dropLast(4)
      var number = 2
      while Files.exists(folder + "/" + photograph.file) {
        photograph.file = "\(name)-\(number).png"
        number += 1
      }
      try Files.rename(from, to: folder + "/" + photograph.file)
      fragment.photographs.append(photograph)
    }
    try Files.flushFolder(of: folder + "/fragment.json")
    try add(fragment)
  }

  /// Throws where the record of a decision would be refused by those who read it later.
  /// - Parameter path: the file it comes from, for the error.
  public static func verify(_ decision: Correction, path: String) throws(CorpusError) {
    try Journals.verify(decision, path: path)
  }
}

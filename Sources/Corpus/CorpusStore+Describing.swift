import Platform

extension CorpusStore {
  /// The most characters that a text of a fragment's record may have here.
  public static let longestDescription = 2000

  /// Changes what is known of a fragment: its record is read anew, changed and replaced. When this returns, it is on the disk.
  ///
  /// - Parameter change: its id and its photographs' files stay whatever it does to them.
  /// - Returns: the record as it is now.
  @discardableResult public func describe(
    _ id: String, _ change: (inout Fragment) -> Void
  ) throws(CorpusError) -> Fragment {
    try writable()
    let file = try folder(of: id) + "/fragment.json"
    let old = try fragment(id)
    var new = old
    change(&new)
    new.id = old.id
    new.photographs = zip(old.photographs, new.photographs).map { old, new in
      var photograph = old
      photograph.side = new.side
      return photograph
    }
    guard new != old else { return old }
    let texts: [String?] = [
      new.title, new.place, new.material, new.rights, new.identifiers.tm, new.identifiers.hgv, new.identifiers.ddbdp,
      new.identifiers.inventory,
    ]
    guard new.photographs.count == old.photographs.count,
      (texts + new.photographs.map(\.side)).allSatisfy({ ($0?.count ?? 0) <= Self.longestDescription }),
      Fragment(json: new.json) == new
    else {
      throw CorpusError(
        .badName, path: file,
        "would say what no record can: a text of more than \(Self.longestDescription) characters, or a year no calendar has"
      )
    }
    do throws(SystemError) { try Files.replace(file, with: new.json.pretty()) } catch {
      throw CorpusError(writing: error)
    }
    markChanged()
    return new
  }
}

import Platform

extension CorpusStore {
  /// The most characters that a text of a fragment's record may have here.
  public static let longestDescription = 2000

  /// Changes what is known of a fragment: its record is read anew, changed and replaced. When this returns, it is on the disk. Before that it is
  /// written down who changed what, and what stood there: nothing is lost.
  ///
  /// - Parameters:
  ///   - scholar: who changes it.
  ///   - change: its id and its photographs' files stay whatever it does to them.
  /// - Returns: the record as it is now.
  @discardableResult public func describe(
    _ id: String, by scholar: String, _ change: (inout Fragment) -> Void
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
    for (one, other) in zip(old.members, new.members) where one.value != other.value {
      var remark = Remark(scholar: scholar, fragment: id, line: "", kind: .described, text: other.value)
      (remark.field, remark.before) = (one.name, one.value)
      try record(remark)
    }
    do throws(SystemError) { try Files.replace(file, with: new.json.pretty()) } catch {
      throw CorpusError(writing: error)
    }
    markChanged()
    return new
  }
}

extension Fragment {
  /// What can be changed of it, as texts; the names are those of `fragment.json`.
  fileprivate var members: [(name: String, value: String)] {
    [
      ("title", title), ("notBefore", date.notBefore.map { String($0) } ?? ""),
      ("notAfter", date.notAfter.map { String($0) } ?? ""), ("place", place ?? ""), ("material", material ?? ""),
      ("rights", rights ?? ""), ("tm", identifiers.tm ?? ""), ("hgv", identifiers.hgv ?? ""),
      ("ddbdp", identifiers.ddbdp ?? ""), ("inventory", identifiers.inventory ?? ""),
    ] + photographs.enumerated().map { ("side \($0 + 1)", $1.side ?? "") }
  }
}

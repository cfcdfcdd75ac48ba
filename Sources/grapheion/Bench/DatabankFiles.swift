import Platform

/// The Duke Databank in two parts, split by papyrus: what benches of the language learn from and what they are measured on.
struct DatabankFiles {
  let train: String
  let dev: String
  /// Where both lie, and what else a bench may look for.
  let folder: String

  /// nil, with a word, where they are not there.
  init?(_ folder: String?) {
    self.folder = folder ?? (Installation.home ?? ".") + "/../shared/data"
    train = self.folder + "/ddbdp-train.tsv.xz"
    dev = self.folder + "/ddbdp-dev.tsv.xz"
    guard Files.exists(train), Files.exists(dev) else {
      Console.print("  skipped: it needs ddbdp-train.tsv.xz and ddbdp-dev.tsv.xz; name their folder in --in")
      return nil
    }
  }
}

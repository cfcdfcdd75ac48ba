/// What lies where a file should be when the file itself never came: a clone without its large files, a download that failed, a copy that was broken off.
public enum StandIn {
  /// How many bytes of a file's start are looked at.
  public static let startSize = 512

  /// What a file is instead of itself, as the end of a sentence that names it; nil for all others.
  public static func words(for start: some Sequence<UInt8>) -> String? {
    let start = Array(start.prefix(startSize))
    guard !start.isEmpty else { return "is empty" }
    let text = String(decoding: start, as: UTF8.self)
    if text.hasPrefix("version https://git-lfs.github.com/") {
      return "is a pointer of Git LFS and not the file itself; `git lfs pull` fetches that"
    }
    // A link of git-annex where links cannot be made.
    if text.hasPrefix("/annex/objects/") || text.hasPrefix("../") && text.contains(".git/annex/objects/") {
      return "is a pointer of git-annex and not the file itself; `git annex get` fetches that"
    }
    let opening = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(16).lowercased()
    if opening.hasPrefix("<!doctype html") || opening.hasPrefix("<html") {
      return "is a web page, as a download that failed leaves one"
    }
    return nil
  }
}

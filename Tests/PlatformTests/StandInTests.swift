import Testing

@testable import Platform

/// Files that are not there, though something by their name is.
@Suite struct StandInTests {
  @Test(arguments: [
    ("", "is empty"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "is a pointer of Git LFS"),
    ("/annex/objects/SHA256E-s31390--f50d.png\n", "is a pointer of git-annex"),
    ("../.git/annex/objects/Gx/xF/SHA256E", "is a pointer of git-annex"),
    ("\u{FEFF}\n <!DOCTYPE html><title>404</title>", "is a web page"), ("<HTML>", "is a web page"),
  ]) func whatIsThereInstead(content: String, words: String) {
    #expect(StandIn.words(for: content.utf8)?.hasPrefix(words) == true)
  }

  @Test(arguments: ["<?xml version=\"1.0\"?><PcGts/>", "GGUF", "\u{89}PNG", " ", "version 2", "../a"])
  func filesAreThemselves(content: String) {
    #expect(StandIn.words(for: content.utf8) == nil)
  }
}

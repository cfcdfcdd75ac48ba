import Testing

@testable import Terminal

private func keys(_ text: String, extra: [[UInt8]: Key] = [:]) -> [String] {
  var decoder = KeyDecoder(extra: extra)
  return (decoder.feed(Array(text.utf8)) + decoder.flush()).map(word)
}

private func word(_ input: Input) -> String {
  switch input {
  case .key(let key): key.description
  case .paste(let text): "paste(\(text))"
  case .mouse(let event): "\(event.kind)\(event.button)@\(event.x),\(event.y)"
  }
}

@Suite struct KeyDecoderTests {
  @Test(arguments: [
    ("a", ["a"]), ("ἄν", ["ἄ", "ν"]), ("α\u{323}", ["α", "\u{323}"]), ("\r", ["Enter"]), ("\t", ["Tab"]),
    ("\u{7F}", ["Backspace"]), ("\u{12}", ["Ctrl-R"]), ("\u{1F}", ["Ctrl-_"]), ("\u{1B}", ["Esc"]),
    ("\u{1B}b", ["Alt-b"]), ("\u{1B}[A\u{1B}[B", ["Up", "Down"]), ("\u{1B}OA", ["Up"]), ("\u{1B}[1;5C", ["Ctrl-Right"]),
    ("\u{1B}[1;2D", ["Shift-Left"]), ("\u{1B}[3~", ["Del"]), ("\u{1B}[3;3~", ["Alt-Del"]),
    ("\u{1B}[5~\u{1B}[6~", ["PgUp", "PgDn"]),
    ("\u{1B}[H\u{1B}OF\u{1B}[1~\u{1B}[4~", ["Home", "End", "Home", "End"]),
    ("\u{1B}OP\u{1B}[15~\u{1B}[24~", ["F1", "F5", "F12"]),
    ("\u{1B}[[A\u{1B}[[E", ["F1", "F5"]), ("\u{1B}[Z", ["Shift-Tab"]), ("\u{1B}OM", ["Enter"]),
    // Unknown sequences are swallowed whole; what follows is a key again.
    ("\u{1B}[?62;4cx", ["x"]), ("\u{1B}[200;5Xq", ["q"]), ("\u{1B}[1;1\rj", ["Enter", "j"]),
    ("\u{1B}[<0;5;3M\u{1B}[<0;5;3m", ["press0@4,2", "release0@4,2"]),
    ("\u{1B}[<64;1;1M\u{1B}[<65;1;1M", ["wheelUp0@0,0", "wheelDown0@0,0"]),
    ("\u{1B}[<32;2;2M", ["drag0@1,1"]), ("\u{1B}[<0;0;0M", []),
    ("\u{1B}[200~κα\r\nτ\u{1B}[Aο\u{1B}[201~x", ["paste(κα\nτ\u{1B}[Aο)", "x"]),
  ])
  func decodes(_ sent: String, _ expected: [String]) { #expect(keys(sent) == expected) }

  @Test func terminfoSequencesComeFirst() {
    #expect(keys("\u{1B}[25~", extra: [Array("\u{1B}[25~".utf8): Key(.home)]) == ["Home"])
  }

  /// However the bytes are cut in two by the line, the same keys come out.
  @Test func cutsAnywhereChangeNothing() {
    let sent = Array("jἄ\u{1B}[1;5Cα\u{323}\u{1B}[<0;15;3M\u{1B}[200~καὶ\u{1B}[201~\u{1B}OA".utf8)
    var whole = KeyDecoder()
    let expected = whole.feed(sent)
    for cut in 0...sent.count {
      var decoder = KeyDecoder()
      #expect(decoder.feed(sent[..<cut]) + decoder.feed(sent[cut...]) == expected, "cut at \(cut)")
    }
    var slow = KeyDecoder()
    #expect(sent.flatMap { slow.feed([$0]) } == expected)
  }

  @Test func escapeWaitsForItsTime() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0x1B]).isEmpty && decoder.isWaiting)
    #expect(decoder.flush() == [.key(Key(.escape))] && !decoder.isWaiting)
  }

  /// Noise never traps, never blocks, and never leaves more than one sequence behind.
  @Test func noiseIsSurvived() {
    var random = SplitMix(state: 7)
    for _ in 0..<400 {
      var decoder = KeyDecoder()
      let likely: [UInt8] = [0x1B, 0x5B, 0x3C, 0x3B, 0x4F, 0x30, 0x4D, 0x7E, 0xCE, 0xE1, 0xF0]
      for _ in 0..<20 {
        let bytes = (0..<8).map { _ in
          random.next() % 2 == 0 ? likely[Int(random.next() % 11)] : UInt8(truncatingIfNeeded: random.next())
        }
        _ = decoder.feed(bytes)
      }
      _ = decoder.flush()
    }
  }

  @Test func namesReadBack() {
    for name in ["a", "Ctrl-R", "Alt-Left", "Enter", "PgUp", "F1", "Space", "Shift-Tab", "/", "-", "Ctrl-Right"] {
      #expect(Key(name)?.description == name)
    }
    #expect(Key("Nonsense") == nil && Key("F13") == nil && Key("") == nil)
  }
}

struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

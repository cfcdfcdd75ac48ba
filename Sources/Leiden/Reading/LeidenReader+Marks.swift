/// The marks of Leiden+: which construct opens or closes at a byte.
extension LeidenReader {
  mutating func readSpecial(_ byte: UInt8) {
    // What closes the innermost construct comes first.
    if let length = closing(top.kind, at: at) { return closeTop(mark: at, length: length) }
    let mark = at
    let done: Bool
    switch byte {
    case 0x5B: done = readBracket()  // [
    case 0x28: done = readParenthesis()  // (
    case 0x3C: done = readAngle()  // <
    case 0x7B: done = push(.surplus, .surplus, mark: mark, length: 1) != nil
    case 0x7C: done = readBar()  // |
    case 0x5C: done = readBackslash()
    case 0x2F: done = readSlash()
    case 0x2A: done = readStar()
    case 0x22: done = push(.quotation, .q, mark: mark, length: 1) != nil
    case 0x7E: done = readTilde()
    case 0x23: done = readHash()
    case 0x24: done = readHand()
    case 0x21:
      at += readExclamation() ? 0 : 1
      return
    case 0x3D: done = readEquals()
    case 0x5F: done = readUnderscore()
    case 0x2E:
      at += readDot() ? 0 : 1
      return
    case 0x30...0x39:
      readDigits()
      return
    case 0x2D:
      readDashes()
      return
    case 0x63, 0x76, 0x6C:
      at += readWord(byte) ? 0 : 1
      return
    case 0x3E: done = readRuleOrStray()
    case 0x3A:
      at += matches(":>", at: mark) && recover(at: mark) ? 0 : 1
      return
    case 0xC2: done = readMacron()
    case 0xCC: return readCombining()
    case 0xC4, 0xC5, 0xC7, 0xC8, 0xE1: return readComposed()
    case 0xE2, 0xE3: done = readDeletion()
    case 0x5D, 0x7D, 0x29, 0x5E: done = recover(at: mark)
    default: done = false
    }
    if !done { stray(mark) }
  }

  /// A mark that opens and closes nothing: kept as text, with a fault; a run of one mark is one fault.
  mutating func stray(_ mark: Int) {
    if at != mark { return }
    let byte = bytes[mark]
    if byte < 0x80 {
      if let last = faults.last, last.isStray, last.offset + last.length == mark, bytes[mark - 1] == byte {
        faults[faults.count - 1].length += 1
      } else {
        let sign = String(UnicodeScalar(byte))
        let told = faults.count
        fault(mark, 1, "`\(sign)` opens or closes nothing here", LeidenReader.uses(of: byte) + " could stand here")
        if told < LeidenError.limit { faults[told].isStray = true }
      }
    }
    at += 1
    while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
  }

  /// What a mark is good for, by examples.
  private static func uses(of byte: UInt8) -> String {
    switch byte {
    case 0x5B, 0x5D: "`[καὶ]` or `[.3]`"
    case 0x28, 0x29: "`((ἔτους))`, `(στρ(ατηγὸς))` or `(|στρ|)`"
    case 0x7B, 0x7D: "`{καὶ}`"
    case 0x3C, 0x3E: "`<καὶ>`"
    case 0x2F, 0x5C: "`\\καὶ/` or `//καὶ\\\\`"
    case 0x7C: "`|_καὶ_|`, `|^καὶ^|`, `(|στρ|)`, `||left:καὶ||` or `<:α|reg|β:>`"
    case 0x2A: "`*stauros*` or `/*note*/`"
    case 0x24: "`$m2 `"
    case 0x7E: "`~|di emu|~la ` or `~||καὶ||~tall`"
    case 0x23: "`<#ιβ=12#>`, `###` or `#seal `"
    case 0x5F: "`_[καὶ]_`, `|_καὶ_|` or `¯_καὶ_¯`"
    case 0x5E: "`|^καὶ^|`"
    default: "a letter or a space"
    }
  }

  // MARK: Brackets

  mutating func readBracket() -> Bool {
    let mark = at
    if let extent = readExtent(mark + 1), extent.unit == .character {
      var end = extent.end
      let uncertain = matches("(?)", at: end)
      if uncertain { end += 3 }
      if peek(end) == 0x5D {
        flush(to: mark)
        let gap = appendGap(.gap, "lost", extent, uncertain: uncertain, source: mark)
        resume(end + 1)
        bearer = (at, gap)
        return true
      }
    }
    guard let node = push(.supplied, .supplied, mark: mark, length: 1) else { return false }
    tree.addAttribute(node, .reason, "lost")
    return true
  }

  mutating func readAngle() -> Bool {
    let mark = at
    switch peek(mark + 1) {
    case 0x3F: return readVerbatim()
    case 0x3A: return readOption()
    case 0x23: return push(.number, .num, mark: mark, length: 2) != nil
    case 0x7C where place(at: mark + 1) == nil && !Bar.opens(bytes[min(mark + 2, bytes.count)...]):
      guard let node = push(.sling, .add, mark: mark, length: 2) else { return false }
      tree.addAttribute(node, .rend, "sling")
      tree.addAttribute(node, .place, "margin")
      return true
    case 0x5F:
      guard let node = push(.underline, .add, mark: mark, length: 2) else { return false }
      tree.addAttribute(node, .rend, "underline")
      tree.addAttribute(node, .place, "margin")
      return true
    case 0x3D: return push(.block, .ab, mark: mark, length: 2) != nil
    case 0x44 where peek(mark + 2) == 0x3D: return readDivision()
    case 0x53 where peek(mark + 2) == 0x3D: return readEdition()
    case 0x2E:
      if let extent = readExtent(mark + 1), extent.unit == .character, !extent.circa {
        var end = extent.end
        let uncertain = matches("(?)", at: end)
        if uncertain { end += 3 }
        if peek(end) == 0x3E {
          flush(to: mark)
          appendGap(.gap, "omitted", extent, uncertain: uncertain, source: mark)
          resume(end + 1)
          return true
        }
      }
    default: break
    }
    guard let node = push(.omitted, .supplied, mark: mark, length: 1) else { return false }
    tree.addAttribute(node, .reason, "omitted")
    return true
  }

  mutating func readDeletion() -> Bool {
    let mark = at
    guard matches("〚", at: mark) || matches("⟦", at: mark) else {
      if matches("〛", at: mark) || matches("⟧", at: mark) {
        if recover(at: mark) { return true }
        fault(mark, 3, "`〛` closes nothing", "`〚` could stand before it")
      }
      at += 3
      return true
    }
    let sign = peek(mark + 3)
    let hasSign = sign == 0x2F && peek(mark + 4) != 0x2F && peek(mark + 4) != 0x2A || sign == 0x58
    guard let node = push(.deletion, .del, mark: mark, length: hasSign ? 4 : 3) else { return false }
    tree.addAttribute(node, .rend, hasSign ? (sign == 0x2F ? "slashes" : "cross-strokes") : "erasure")
    return true
  }
}

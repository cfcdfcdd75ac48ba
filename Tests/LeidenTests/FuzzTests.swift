import Foundation
import Testing

@testable import Leiden

/// Mutated input for the readers: no trap, no endless loop, and what is read is written and read again.
///
/// A short run each time; `LEIDEN_FUZZ=600` runs each for so many seconds, and sees to it that memory does not grow: beside other tests the process's
/// memory says nothing of the readers'. The corpus it starts from: `docs/leiden.md`
/// by way of `Notation.rows`, and random texts.
@Suite struct FuzzTests {
  private static let asked = ProcessInfo.processInfo.environment["LEIDEN_FUZZ"].flatMap { Double($0) }
  static let seconds = asked ?? 1.5

  static func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator, with other: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1 where at < bytes.count: bytes.remove(at: at)
      case 2: bytes.insert("[](){}<>|\\/*\"~#$=_^:.?-19 ".utf8.randomElement(using: &random) ?? 0x5B, at: at)
      case 3 where !other.isEmpty:
        let start = Int.random(in: 0..<other.count, using: &random)
        bytes.insert(
          contentsOf: other[start..<min(other.count, start + Int.random(in: 1...24, using: &random))], at: at)
      default: bytes = Array(bytes[..<at])
      }
    }
    return bytes
  }

  private func seeds() throws -> (leiden: [[UInt8]], xml: [[UInt8]]) {
    var leiden = Notation.rows.map { Array($0.leiden.utf8) }
    leiden += ["10-", "1. α\n10–11. β", "α ca.? β", "dominica ca", "14α. β", "vac. vestiges"].map { Array($0.utf8) }
    var xml = Notation.rows.map { Array($0.epidoc.utf8) }
    for seed in 0..<UInt64(200) {
      var generator = RandomText(seed: seed &+ 1_000_000)
      let text = generator.text()
      xml.append(Array(text.utf8))
      leiden.append(Array(try LeidenText.parse(epidoc: text).leiden.utf8))
    }
    return (leiden, xml)
  }

  private func resident() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }

  @Test func leidenReader() throws {
    var random = SeededGenerator(seed: 7)
    let corpus = try seeds().leiden
    let end = Date().addingTimeInterval(FuzzTests.seconds)
    var (count, start) = (0, 0)
    while Date() < end {
      for _ in 0..<50 {
        let input = FuzzTests.mutated(
          corpus[Int.random(in: 0..<corpus.count, using: &random)], &random,
          with: corpus[Int.random(in: 0..<corpus.count, using: &random)])
        let (text, _) = LeidenText.parse(leidenBytes: input)
        _ = text.slips(in: input)
        let printed = text.leiden
        let (again, errors) = LeidenText.parse(leiden: printed)
        if again != text || !errors.isEmpty {
          Issue.record(
            "\(String(decoding: input, as: UTF8.self))\n \(text.epidoc)\n \(printed)\n \(again.epidoc) \(errors)")
          return
        }
        for layer in Layer.allCases { _ = text.layer(layer) }
        count += 1
      }
      if count == 2000 { start = resident() }
    }
    if FuzzTests.asked != nil, start > 0 { #expect(resident() < start + (64 << 20), "memory grows") }
    print("fuzz: \(count) texts of Leiden+")
  }

  @Test func xmlReader() throws {
    var random = SeededGenerator(seed: 11)
    let corpus = try seeds().xml
    let end = Date().addingTimeInterval(FuzzTests.seconds)
    var (count, read, start) = (0, 0, 0)
    while Date() < end {
      for _ in 0..<50 {
        let input = FuzzTests.mutated(
          corpus[Int.random(in: 0..<corpus.count, using: &random)], &random,
          with: corpus[Int.random(in: 0..<corpus.count, using: &random)])
        count += 1
        guard let text = try? LeidenText.parse(epidocBytes: input) else { continue }
        read += 1
        #expect(try LeidenText.parse(epidoc: text.epidoc) == text)
        let (again, errors) = LeidenText.parse(leiden: text.leiden)
        if again.canonicalEpiDoc != text.canonicalEpiDoc || !errors.isEmpty {
          Issue.record("\(text.epidoc)\n \(text.leiden)\n \(again.epidoc) \(errors)")
          return
        }
      }
      if count == 2000 { start = resident() }
    }
    if FuzzTests.asked != nil, start > 0 { #expect(resident() < start + (64 << 20), "memory grows") }
    #expect(read > 0)
    print("fuzz: \(count) documents, \(read) well-formed")
  }
}

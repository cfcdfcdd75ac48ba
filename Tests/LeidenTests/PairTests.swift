import Foundation
import Testing

@testable import Leiden

/// Leiden+ and the EpiDoc it stands for, from `Tests/Transcripts/Leiden/pairs.txt`, whose head tells its form.
struct Pair: Sendable, CustomTestStringConvertible {
  let leiden: String
  let epidoc: String
  /// The Leiden+ that is written.
  let normal: String
  var testDescription: String { leiden }

  static let path: String = {
    var path = URL(fileURLWithPath: #filePath)
    for _ in 0..<2 { path.deleteLastPathComponent() }
    return path.appendingPathComponent("Transcripts/Leiden/pairs.txt").path
  }()

  /// Blocks of two or three lines; headings start with `# `, and the first block is the head of the file.
  static let all: [Pair] = {
    let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n\n").dropFirst().compactMap { block -> Pair? in
      let lines = block.split(separator: "\n").map {
        String($0).replacing("⏎", with: "\n").replacing("␠", with: " ")
      }
      guard lines.count >= 2 else { return nil }
      return Pair(leiden: lines[0], epidoc: lines[1], normal: lines.count > 2 ? lines[2] : lines[0])
    }
  }()
}

@Suite struct PairTests {
  @Test func theTableIsThere() { #expect(Pair.all.count > 550) }

  @Test(arguments: Pair.all)
  func goesBothWays(_ pair: Pair) throws {
    let fromXML = try LeidenText.parse(epidoc: pair.epidoc)
    let (text, errors) = LeidenText.parse(leiden: pair.leiden)
    #expect(errors.isEmpty, "\(errors)")
    #expect(text.canonicalEpiDoc == fromXML.canonicalEpiDoc)
    #expect(text.leiden == pair.normal)
    #expect(fromXML.leiden == pair.normal)
    #expect(LeidenText.parse(leiden: pair.normal).text.canonicalEpiDoc == fromXML.canonicalEpiDoc)
  }
}

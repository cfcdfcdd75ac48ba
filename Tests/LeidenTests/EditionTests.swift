import Foundation
import Testing

@testable import Leiden

/// The editions that lie beside the package root, where they are.
enum Shared {
  static let folder: String = {
    var path = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { path.deleteLastPathComponent() }
    return path.deletingLastPathComponent().appendingPathComponent("shared").path
  }()
  static let editions: [String] = {
    let folder = Shared.folder + "/data/epidoc"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".xml") }.sorted().map { folder + "/" + $0 }
  }()

  static func bytes(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map(Array.init) ?? [] }
}

@Suite struct EditionTests {
  @Test(.enabled(if: !Shared.editions.isEmpty, "the editions are not beside the package"))
  func everyEditionGoesBothWays() throws {
    var failed: [String] = []
    for path in Shared.editions {
      let document = try EpiDocDocument(bytes: Shared.bytes(path))
      let name = path.split(separator: "/").last.map(String.init) ?? path
      // XML -> tree -> XML.
      let again = try EpiDocDocument(bytes: document.written(fresh: true))
      if again.whole.canonicalEpiDoc != document.whole.canonicalEpiDoc { failed.append("\(name): XML") }
      #expect(document.written() == Shared.bytes(path), "\(name): what is not edited is kept byte for byte")
      // XML -> Leiden+ -> XML.
      let leiden = document.edition.leiden
      let (text, errors) = LeidenText.parse(leiden: leiden)
      if let first = errors.first {
        let line = leiden.split(separator: "\n", omittingEmptySubsequences: false)[first.line - 1]
        failed.append("\(name): \(first) IN \(line)")
      } else if text.canonicalEpiDoc != document.edition.canonicalEpiDoc {
        let (one, two) = (Array(document.edition.canonicalEpiDoc), Array(text.canonicalEpiDoc))
        let at = zip(one, two).prefix { $0 == $1 }.count
        failed.append(
          "\(name): \(String(one[max(0, at - 60)..<min(one.count, at + 80)])) became \(String(two[max(0, at - 60)..<min(two.count, at + 80)]))"
        )
      }
      #expect(text == document.edition, "\(name)")
    }
    #expect(failed == [], "\(failed.count) of \(Shared.editions.count)")
    print("editions: \(Shared.editions.count - failed.count) of \(Shared.editions.count)")
  }
}

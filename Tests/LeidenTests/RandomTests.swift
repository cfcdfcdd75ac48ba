import Foundation
import Testing

@testable import Leiden

@Suite struct RandomTests {
  /// 100,000 with `LEIDEN_RANDOM=100000`; a part of them in every run.
  static let count = ProcessInfo.processInfo.environment["LEIDEN_RANDOM"].flatMap { Int($0) } ?? 4000

  @Test func printingAndReadingIsTheIdentity() throws {
    var failures: [String] = []
    var failed = 0
    for seed in 0..<UInt64(RandomTests.count) {
      var generator = RandomText(seed: seed)
      let xml = generator.text()
      let text = try LeidenText.parse(epidoc: xml)
      #expect(try LeidenText.parse(epidoc: text.epidoc) == text, "\(xml)")
      let leiden = text.leiden
      let (again, errors) = LeidenText.parse(leiden: leiden)
      if !errors.isEmpty || again.canonicalEpiDoc != text.canonicalEpiDoc {
        failed += 1
        if failures.count < 12 || leiden.utf8.count < 60 {
          failures.append(
            "seed \(seed): \(text.canonicalEpiDoc)\n  \(leiden)\n  \(again.canonicalEpiDoc)\n  \(errors.first.map(\.description) ?? "")"
          )
        }
      }
    }
    failures.sort { $0.utf8.count < $1.utf8.count }
    #expect(failed == 0, "\(failed) of \(RandomTests.count)")
    if failed > 0 { print("FAILED \(failed)\n" + failures.prefix(10).joined(separator: "\n")) }
  }
}

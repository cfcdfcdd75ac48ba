import Foundation
import Testing

@testable import Workbench

@Suite struct TranscriptTests {
  @Test(arguments: Transcript.names)
  func transcript(_ name: String) throws {
    let expected = try Transcript.read(name)
    let played = try Transcript.play(expected)
    if Transcript.isRecording {
      try played.write(to: Transcript.folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
      return
    }
    guard played != expected else { return }
    let (old, new) = (expected.components(separatedBy: "\n"), played.components(separatedBy: "\n"))
    let first = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      "\(name), line \((first?.offset ?? min(old.count, new.count)) + 1): expected\n\(first?.element.0 ?? "")\ncame\n\(first?.element.1 ?? "")\n\(played)"
    )
  }

  @Test func transcriptsAreThere() { #expect(Transcript.names.count >= 10) }
}

import Corpus
import Foundation
import Platform
import Raster
import Terminal
import Testing

@testable import Workbench

/// 20,000 random keys, mouse events, pastes and sizes on a corpus on the disk: nothing falls, and the corpus is clean after.
@Suite struct LongWalkTests {
  @Test func twentyThousandEventsLeaveACleanCorpus() throws {
    let path = NSTemporaryDirectory() + "/grapheion-walk-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let store = try CorpusStore.create(at: path)
    for var fragment in Sample.fragments {
      let folder = try store.folder(of: fragment.id)
      try Files.makeFolder(folder)
      for index in fragment.photographs.indices {
        let file = folder + "/" + fragment.photographs[index].file
        try PNG.write(DrawnPhotograph.of("/nowhere/\(fragment.id)-\(index).png").bitmap, to: file)
        fragment.photographs[index].sha256 = try SHA256.hash(file: file)
      }
      try store.add(fragment)
      try store.record(
        FragmentReading(
          fragment: fragment.id, model: "scripted@0001", settings: "", seconds: 0,
          lines: Sample.lines.map { LineReading(region: $0.region, candidates: $0.candidates) }))
    }
    let screen = HeadlessScreen(width: 80, height: 24)
    var options = Workbench.Options(scholar: "tester", blocks: .quarter)
    options.clock = { 0 }
    let session = try Session(
      desk: CorpusDesk(store), screen: screen, options: options, openPhotograph: { _ in DrawnPhotograph.sample },
      loadReader: { ScriptedReader() })
    var state: UInt64 = 11
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let keys = WorkbenchCommand.all.filter { $0.name != "suspend" }.flatMap(\.keys)
    let letters = Array("a)/nq[]().3?|{}<>*;'@! ".unicodeScalars)
    let pastes = ["και τον", "\u{1B}[2J\u{7}", "[.3]\r\nεν", String(repeating: "ω", count: 5000)]
    for step in 0..<20_000 {
      switch next(14) {
      case 0...7: session.handle(.input(.key(keys[next(keys.count)])))
      case 8, 9: session.handle(.input(.key(Key(.character(letters[next(letters.count)])))))
      case 10, 11:
        let kinds: [MouseEvent.Kind] = [.press, .release, .drag, .wheelUp, .wheelDown]
        session.handle(.input(.mouse(MouseEvent(kinds[next(5)], x: next(120), y: next(50)))))
      case 12: session.handle(.input(.paste(pastes[next(pastes.count)])))
      default: session.handle(.resized(Size(width: 20 + next(200), height: 5 + next(60))))
      }
      if step % 16 == 0 {
        session.takeDeliveries()
        let grid = session.draw()
        #expect(grid.cells.count == grid.size.width * grid.size.height)
      }
    }
    #expect(try store.check().allSatisfy { !$0.isDamage })
    #expect(try CorpusStore.open(at: path).warnings.isEmpty)
  }
}

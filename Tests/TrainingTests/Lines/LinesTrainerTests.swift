import Foundation
import Inference
import Raster
import Testing

@testable import Training

/// Rows of uprights on bare grounds: enough to learn from in seconds.
private struct RuledPages: TrainingPages {
  var cropsPerPage: Int { 1 }

  func page(_ number: UInt64) -> TrainingPage {
    var image = Bitmap(width: 120, height: 120, channels: 3, filledWith: 200)
    var lines: [TrainingPage.Line] = []
    for row in 0..<4 {
      let y = 24 + 26 * row + Int(number % 5)
      for x in stride(from: 12, to: 108, by: 6) {
        image.fill(Rect(x: x, y: y - 10, width: 2, height: 10), with: [40, 36, 30])
      }
      lines.append(.init(baseline: [Point(x: 12, y: Double(y)), Point(x: 108, y: Double(y))], xHeight: 10))
    }
    return TrainingPage(name: "\(number)", image: image, lines: lines)
  }
}

@Suite struct LinesTrainerTests {
  private static let plan: LinesPlan = {
    var plan = LinesPlan()
    (plan.config.channels, plan.config.depths) = ([8, 8, 8], [0, 1, 1])
    plan.sources = [(RuledPages(), 1)]
    (plan.cropsPerStep, plan.side, plan.descent.warmUp) = (4, 64, 5)
    plan.descent.rate = 1e-2
    return plan
  }()

  @Test func theLossFalls() throws {
    var plan = Self.plan
    plan.descent.end = .steps(40)
    let trainer = try LinesTrainer(plan)
    let crops = PageCrops(sources: plan.sources, seed: 7, side: plan.side)
    let fixed = (0..<8).map { crops.crop(UInt64($0)) }
    let before = try LinesTrainer(plan).step(fixed).loss
    try trainer.run(report: { _ in })
    let after = try trainer.step(fixed).loss
    #expect(after < 0.8 * before, "\(before) \(after)")
  }

  /// Stopped and taken up again, a run gives the same weights as one that went through.
  @Test func runsGoOnWhereTheyStood() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/grapheion-lines-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
    var plan = Self.plan
    plan.descent.end = .steps(6)
    let whole = try LinesTrainer(plan)
    try whole.run(report: { _ in })
    plan.folder = folder
    var steps = 0
    let half = try LinesTrainer(plan)
    try half.run(
      report: { _ in },
      goesOn: {
        steps += 1
        return steps <= 3
      })
    let resumed = try LinesTrainer(plan, from: Checkpoint(path: folder + "/checkpoint", layout: half.layout))
    #expect(resumed.checkpoint.step == 3)
    try resumed.run(report: { _ in })
    #expect(resumed.checkpoint.weights == whole.checkpoint.weights)
    #expect(resumed.checkpoint.average == whole.checkpoint.average)
  }
}

@Suite struct PageCropTests {
  /// A line of a page lies on the crop where the page's ink lies on it, however the crop is turned and bent.
  @Test(arguments: [0.0, 0.3, 1.7, -1.4])
  func linesFollowTheirInk(angle: Double) {
    var image = Bitmap(width: 300, height: 300, channels: 3, filledWith: 220)
    image.fill(Rect(x: 60, y: 148, width: 180, height: 4), with: [0, 0, 0])
    let page = TrainingPage(
      name: "", image: image,
      lines: [.init(baseline: [Point(x: 60, y: 150), Point(x: 240, y: 150)], xHeight: 20)])
    let view = PageView(
      centre: Point(x: 150, y: 150), scale: 1.3, stretch: 1.1, angle: angle, side: 160, swing: 3, wave: 90, phase: 1)
    let crop = view.photograph(page, beyond: 220)
    for point in view.line(page.lines[0]).baseline.dropFirst().dropLast() {
      let place = (Int(point.y) * 160 + Int(point.x)) * 3
      #expect(crop.pixels[place] < 120, "\(point)")
    }
  }

  @Test func truthStandsWhereTheLineRuns() {
    let truth = LinesTruth(
      width: 40, height: 30, lines: [.init(baseline: [Point(x: 10, y: 40), Point(x: 70, y: 40)], xHeight: 12)])
    func at(_ x: Int, _ y: Int, _ output: LinesConfig.Output) -> Float { truth[y * 40 + x, output] }
    #expect(at(20, 20, .baseline) > 0.5 && at(20, 19, .baseline) > 0.5 && at(20, 15, .baseline) == 0)
    #expect(at(20, 16, .body) == 1 && at(20, 25, .body) == 0 && at(20, 10, .body) == 0)
    #expect(at(5, 20, .start) > 0.5 && at(35, 20, .end) > 0.5 && at(20, 20, .start) == 0)
    #expect(at(20, 17, .cosine) == 1 && at(20, 17, .sine) == 0)
    #expect(abs(at(20, 17, .xHeight) - 0.405) < 0.01)
    #expect(at(20, 17, .sheet) == LinesTruth.unknown)
  }
}

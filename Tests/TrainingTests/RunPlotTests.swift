import Foundation
import Raster
import Testing

@testable import Training

struct RunPlotTests {
  @Test func tablesBecomeCurvesAndAPicture() throws {
    let folder = NSTemporaryDirectory() + "grapheion-plot-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "step,seconds,loss,rate\n50,5,3.0,0.001\n100,10,1.5,0.001\n150,15,1.2,0.0\n200,2".write(
      toFile: folder + "/loss.csv", atomically: true, encoding: .utf8)
    try "step,seconds,scribe,letters\n100,10,0.4,0.6\n150,15,0.3,nan\n".write(
      toFile: folder + "/validation.csv", atomically: true, encoding: .utf8)
    let rates = try RunPlot.curves(folder + "/validation.csv")
    #expect(rates.map(\.name) == ["scribe", "letters"])
    #expect(rates[0].points.map(\.y) == [0.4, 0.3] && rates[1].points.map(\.x) == [100])
    try RunPlot.write(folder: folder)
    let picture = try PNG.read(path: folder + "/run.png")
    #expect((picture.width, picture.height) == RunPlot.size)
    // The loss falls from the left to the right of its panel: its colour stands higher early than late.
    func highest(_ columns: Range<Int>) -> Int? {
      (0..<picture.height).first { y in
        columns.contains { x in
          let place = 3 * (y * picture.width + x)
          return Array(picture.pixels[place..<place + 3]) == [31, 87, 164]
        }
      }
    }
    let (early, late) = (try #require(highest(270..<300)), try #require(highest(660..<690)))
    #expect(early < late)
  }

  @Test func ticksAreRoundAndFew() {
    for most in [0.004, 0.37, 1, 3.3, 77, 18_250, 1e6] {
      let ticks = RunPlot.ticks(upTo: most)
      #expect((3...8).contains(ticks.count) && ticks[0] == 0 && ticks.last! <= most)
    }
    #expect(RunPlot.ticks(upTo: 3.3).map { Int(($0 * 10).rounded()) } == [0, 5, 10, 15, 20, 25, 30])
  }

  @Test func writingBeyondTheSheetIsLeftOut() {
    var sheet = PlotSheet(width: 20, height: 20)
    sheet.text("wide words", x: -10, y: 15, (0, 0, 0))
    sheet.line(from: (-5, -5), to: (40, 40), (0, 0, 0))
    #expect(sheet.bitmap.pixels[0] == 0 && sheet.bitmap.pixels.count == 1200)
  }

  /// A damaged table is drawn as far as it makes sense.
  @Test(arguments: [
    "NaN,1,3.0", "inf,1,3.0", "-inf,1,3.0", "1e300,1,3.0", "-7,1,3.0", "10,1,nan", "10,1,-1e300", "10,1,inf",
  ])
  func numbersThatCannotBeArePassedOver(row: String) throws {
    let folder = NSTemporaryDirectory() + "/grapheion-plot-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["loss.csv", "validation.csv"] {
      try Data("step,seconds,loss\n\(row)\n20,2,2.2\n30,3,2.1\n".utf8)
        .write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    #expect(try RunPlot.curves(folder + "/loss.csv")[0].points.map(\.x) == [20, 30])
    try RunPlot.write(folder: folder)
  }
}

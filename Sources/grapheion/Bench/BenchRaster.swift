import Glibc
import Platform
import Raster

/// `grapheion bench raster`: tiles of a large photograph, built and looked at; beside `vips dzsave` where that is installed.
let benchRaster = Bench(
  name: "raster", summary: "tiles of a colour photograph of 6000 x 8000 pixels (one run each; views: medians)"
) { _ in
  let folder = try TemporaryFolder("bench")
  defer { folder.remove() }
  let photograph = folder.path + "/papyrus.png"
  let drawn = SyntheticPhotograph(width: 6000, height: 8000)
  try drawn.write(to: photograph)
  Bench.figure("photograph", "\(megabytes(fileSize(photograph))) as PNG")

  let decode = try Bench.median(of: 1) {
    let reader = try PNGRowReader(path: photograph)
    let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: reader.width * reader.channels)
    defer { row.deallocate() }
    for _ in 0..<reader.height { try reader.readRow(into: row) }
  }
  Bench.figure("decoding it", seconds(decode))

  let tiles = folder.path + "/papyrus.tiles"
  PeakMemory.reset()
  let build = try Bench.median(of: 1) { _ = try TilePyramid.open(photograph: photograph, cache: tiles) }
  let peak = PeakMemory.bytes
  let vips = try vipsSeconds(photograph, folder.path + "/vips")
  Bench.figure("building the tiles", seconds(build), goal: vips.map { "vips dzsave: \(seconds($0))" } ?? "8 s")
  if let vips { Bench.figure("time against vips dzsave", "\(rounded(build / vips))", goal: "1") }
  Bench.figure("peak memory while building", megabytes(peak), goal: "150 MB")
  Bench.figure("size of the tiles", megabytes(fileSize(tiles)))

  let open = try Bench.median(of: 9) { _ = try TilePyramid.open(photograph: photograph, cache: tiles) }
  Bench.figure("opening them again", milliseconds(open))
  let pyramid = try TilePyramid.open(photograph: photograph, cache: tiles)
  // 200 x 60 cells in half blocks are 200 x 120 pixels; terminals that show pixels get more.
  for (width, height) in [(200, 120), (400, 240), (1600, 960)] {
    var times: [Double] = []
    for (step, scale) in [30.0, 22, 16, 11, 8, 6, 4, 3, 2.2, 1.5, 1, 0.7, 0.5].enumerated() {
      // Zoom in, and pan at every scale.
      for pan in 0..<4 {
        let (across, down) = (min(6000, Int(Double(width) * scale)), min(8000, Int(Double(height) * scale)))
        let x = min(6000 - across, (6000 - across) / 2 + pan * across / 5)
        let y = min(8000 - down, (8000 - down) * step / 13)
        times.append(
          try Bench.median(of: 1) {
            _ = try pyramid.view(of: Rect(x: x, y: y, width: across, height: down), width: width, height: height)
          })
      }
    }
    times.sort()
    Bench.figure(
      "a view of \(width) x \(height), median and worst",
      "\(milliseconds(times[times.count / 2])), \(milliseconds(times.last!))", goal: width <= 400 ? "33 ms" : nil)
  }
  let view = try pyramid.view(of: Rect(x: 0, y: 0, width: 6000, height: 8000), width: 400, height: 240)
  let enhance = Bench.median(of: 9) { _ = view.enhanced([.flatten, .stretch, .invert]) }
  Bench.figure("enhancing a view of 400 x 240", milliseconds(enhance))
}

/// `vips dzsave` to PNG tiles of 256 pixels on the same file; nil where vips is not installed.
private func vipsSeconds(_ photograph: String, _ output: String) throws -> Double? {
  guard let vips = ChildProcess.find("vips") else { return nil }
  var outcome: ChildProcess.Outcome?
  let time = try Bench.median(of: 1) {
    outcome = try ChildProcess.run(
      vips, ["dzsave", photograph, output, "--suffix", ".png", "--tile-size", "256", "--overlap", "0"])
  }
  return outcome?.status == 0 ? time : nil
}

/// The most memory this process has held since the last reset, as Linux counts it.
enum PeakMemory {
  static func reset() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  static var bytes: Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix("VmHWM:"), let kilobytes = text.split(whereSeparator: { " \t".contains($0) }).dropFirst().first
      {
        return (Int(kilobytes) ?? 0) * 1024
      }
    }
    return 0
  }
}

private func rounded(_ value: Double, _ steps: Double = 100) -> String { "\((value * steps).rounded() / steps)" }
private func seconds(_ value: Double) -> String { rounded(value) + " s" }
private func megabytes(_ bytes: Int) -> String { rounded(Double(bytes) / 1e6, 10) + " MB" }

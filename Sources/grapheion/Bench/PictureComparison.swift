import Platform
import Raster
import Scribe
import Terminal

/// A picture in cells, side by side with chafa's, where that is installed: the time, and what is lost of the picture.
enum PictureComparison {
  private static let (columns, rows) = (160, 50)

  /// What one program made of a picture, or of several together.
  private struct Cost {
    var seconds: [Double] = []
    var errors: [CellError] = []

    var median: Double { seconds.sorted()[seconds.count / 2] }
    func mean(_ kind: KeyPath<CellError, Double>) -> Double {
      errors.reduce(0) { $0 + $1[keyPath: kind] } / Double(max(1, errors.count))
    }
  }

  /// A drawn fragment, and the photographs of a folder or a corpus where there are some.
  static func run(in folder: String, photographs: String?) throws {
    try compare([ScribeFragment.draw(seed: 7_000_200).image], "a drawn fragment", folder)
    guard let place = try AnnotatedPhotographs.place(photographs) else { return }
    var images: [Bitmap] = []
    try AnnotatedPhotographs.forEach(in: place) { _, image, _ in images.append(scaled(image)) }
    try compare(images, "\(images.count) photographs", folder)
  }

  private static func scaled(_ image: Bitmap) -> Bitmap { image.scaled(width: columns * 4, height: rows * 8) }

  private static func compare(_ images: [Bitmap], _ what: String, _ folder: String) throws {
    let chafa = ChildProcess.find("chafa")
    for (name, depth, argument) in [("24 bits", ColourDepth.direct, "full"), ("256 colours", .palette, "256")] {
      let encoder = ImageCells(depth: depth, blocks: .fine)
      var (own, other) = (Cost(), Cost())
      for image in images {
        let image = scaled(image)
        let pixels = Pixels(
          width: image.width, height: image.height, channels: image.channels, samples: Array(image.pixels))
        own.errors.append(.of(encoder.cells(of: pixels), columns: columns, against: pixels))
        own.seconds.append(Bench.median(of: 9) { _ = encoder.cells(of: pixels) })
        guard let chafa else { continue }
        let path = folder + "/picture.png"
        try PNG.write(image, to: path)
        let arguments = [
          "-f", "symbols", "-c", argument, "-s", "\(columns)x\(rows)", "--stretch", "--symbols", "block", "--animate",
          "off", path,
        ]
        let output = try ChildProcess.run(chafa, arguments).output
        other.errors.append(.of(output, columns: columns, rows: rows, against: pixels))
        other.seconds.append(try Bench.median(of: 3) { _ = try ChildProcess.run(chafa, arguments) })
      }
      Bench.figure("\(what), \(columns) x \(rows) cells, \(name)", milliseconds(own.median))
      show(own)
      guard chafa != nil else {
        Bench.figure("  chafa", "is not installed")
        continue
      }
      Bench.figure("  chafa, its start and reading the file included", milliseconds(other.median))
      show(other)
    }
  }

  private static func show(_ cost: Cost) {
    Bench.figure("    mean squared error", cost.mean(\.colours).fixed(1))
    Bench.figure("    of the brightness alone", cost.mean(\.brightness).fixed(1))
  }
}

import Foundation
import Testing

@testable import Raster

/// JPEG 2000, HEIC, AVIF and WebP through whichever converter this machine has: pictures of 48 x 32 pixels, black above and white below; the WebP lies on
/// its side and says so.
@Suite struct OtherTypesTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var type: ImageType
    var base64: String
    var testDescription: String { type.name }

    /// Writes it, and makes a PNG of it.
    func convert() throws -> (converter: String, png: String) {
      let folder = NSTemporaryDirectory() + "/grapheion-types-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      // The name says nothing.
      let path = folder + "/x.jpg"
      try Data(base64Encoded: base64)!.write(to: URL(fileURLWithPath: path))
      return (try ImageConverter.convert(path, toPNG: folder + "/x.png"), folder + "/x.png")
    }

    /// Whether something is installed that decodes it.
    var isReadable: Bool {
      do { _ = try convert() } catch let error as RasterError {
        let words = error.reason.lowercased()
        return !["no converter is installed", "unsupported", "no decod", "plugin"].contains { words.contains($0) }
      } catch { return true }
      return true
    }
  }

  static let samples = [
    Sample(
      type: .webp,
      base64:
        "UklGRnAAAABXRUJQVlA4WAoAAAAIAAAAHwAALwAAVlA4IDAAAABwAwCdASogADAAPu1kqU2ppaQiMAgBMB2JaQAAW+s27ByPcAAA/sq4OvzsqMCAAABFWElGGgAAAE1NACoAAAAIAAEBEgADAAAAAQAGAAAAAAAA"
    ),
    Sample(
      type: .jp2,
      base64:
        "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAIAAAADAAAQ8HAAAAAAAPY29scgEAAAAAABEAAAD2anAyY/9P/1EAKQAAAAAAMAAAACAAAAAAAAAAAAAAADAAAAAgAAAAAAAAAAAAAQ8BAf9SAAwAAAABAAUEBAAB/1wAE0CAiIiQiIiQiIiQiIiQiIiQ/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS4w/5AACgAAAAAAdQAB/5PH/gwICHFm46f+JAoCZNmGf6P/BgQACzt36BdTg3+h/0GDQAOCX3WOqNW9knYIfV+g/2ACwFIqTArfc4LyBF58MfORYNc9B5m2Zt+gf4GAtzgqj/982cQAAAAYQGlYS+kjIAMIiQI//9k="
    ),
    Sample(
      type: .heic,
      base64:
        "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAadtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAACAAAAEGlkYXQAAAAAADAAIAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHLAAEAAAAAAAAAGgACAAEAAAAAAAAAAQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADSaXBycAAAALBpcGNvAAAAcmh2Y0MBBAgAAAAAAAAAAAAe8AD8/Pr6AAAPAyAAAQAXQAEMAf//BAgAAAMAnfgAAAMAAB66AkAhAAEAJ0IBAQQIAAADAJ34AAADAAAewIIEE2W6uSmubAgAAAMACAAAAwAIQCIAAQAGRAHBc8CJAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAUaXNwZQAAAAAAAAAwAAAAIAAAAA5waXhpAAAAAAEKAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGltZwACAAEAAQAAACJtZGF0AAAAFigBrjPFRinASKXeDSoe7cjJ99f3ogw="
    ),
    Sample(
      type: .avif,
      base64:
        "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOptZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAEOAAEAAAAAAAAAHQAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGF2MDEAAAAAamlwcnAAAABLaXBjbwAAABNjb2xybmNseAACAAIABoAAAAAMYXYxQ4FAbAAAAAAUaXNwZQAAAAAAAAAwAAAAIAAAABBwaXhpAAAAAAMMDAwAAAAXaXBtYQAAAAAAAAABAAEEgYIDhAAAACVtZGF0EgAKCVgVL/saBAQNwjIOGwAAAEAomo956QMY5nA="
    ),
  ]

  @Test(
    .enabled(if: samples.contains(where: \.isReadable), "no converter here reads JPEG 2000, HEIC, AVIF or WebP"),
    arguments: samples.filter(\.isReadable))
  func isConverted(_ sample: Sample) throws {
    #expect(ImageType(start: Array(Data(base64Encoded: sample.base64)!)) == sample.type)
    let (converter, png) = try sample.convert()
    #expect(converter.contains { $0.isNumber })
    let image = try PNG.read(path: png)
    #expect(image.width == 48 && image.height == 32)
    let row = image.width * image.channels
    #expect(image.pixels[0] < 60 && image.pixels[31 * row] > 195)
  }
}

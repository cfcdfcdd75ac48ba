import Foundation
import Platform
import Testing

@testable import Raster

/// Pages of a PDF come in as pages of a TIFF do.
@Suite struct PDFPagesTests {
  /// A PDF of scans: each page one grey picture, 72 points to an inch and so many pixels.
  static func scans(_ pages: [(width: Int, height: Int, dpi: Int)]) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n".utf8)
    var places: [Int] = []
    func object(_ head: String, _ stream: [UInt8]? = nil) {
      places.append(bytes.count)
      bytes += Array("\(places.count) 0 obj\n\(head)\n".utf8)
      if let stream { bytes += Array("stream\n".utf8) + stream + Array("\nendstream\n".utf8) }
      bytes += Array("endobj\n".utf8)
    }
    object("<< /Type /Catalog /Pages 2 0 R >>")
    let kids = pages.indices.map { "\(3 + 3 * $0) 0 R" }.joined(separator: " ")
    object("<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] >>")
    for (place, page) in pages.enumerated() {
      let number = 3 + 3 * place
      let (across, down) = (page.width * 72 / page.dpi, page.height * 72 / page.dpi)
      object(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(across) \(down)] /Contents \(number + 1) 0 R "
          + "/Resources << /XObject << /I \(number + 2) 0 R >> >> >>")
      let content = Array("q \(across) 0 0 \(down) 0 0 cm /I Do Q".utf8)
      object("<< /Length \(content.count) >>", content)
      object(
        "<< /Type /XObject /Subtype /Image /Width \(page.width) /Height \(page.height) /ColorSpace /DeviceGray "
          + "/BitsPerComponent 8 /Length \(page.width * page.height) >>",
        [UInt8](repeating: 90, count: page.width * page.height))
    }
    let table = bytes.count
    bytes += Array("xref\n0 \(places.count + 1)\n0000000000 65535 f \n".utf8)
    for place in places {
      let digits = String(place)
      bytes += Array((String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n").utf8)
    }
    bytes += Array("trailer\n<< /Size \(places.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
    return bytes
  }

  private func file(_ bytes: some Sequence<UInt8>) throws -> String {
    let folder = NSTemporaryDirectory() + "/grapheion-pdf-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/x.pdf"))
    return folder + "/x.pdf"
  }

  @Test(
    .enabled(
      if: ChildProcess.find("pdftoppm") != nil && ChildProcess.find("pdfinfo") != nil, "poppler-utils is not installed")
  ) func scansKeepTheirPixels() throws {
    let path = try file(Self.scans([(300, 450, 150), (600, 300, 300), (144, 72, 72)]))
    #expect(try ImageConverter.pages(of: path) == [0, 1, 2])
    for (page, size) in [(0, [300, 450]), (1, [600, 300])] {
      let converter = try ImageConverter.convert(path, page: page, toPNG: path + ".png")
      let header = try PNG.header(path: path + ".png")
      #expect([header.width, header.height] == size)
      #expect(converter.hasPrefix("pdftoppm version ") && converter.hasSuffix(page == 0 ? ", 150 dpi" : ", 300 dpi"))
    }
    // What is coarser than any scan is drawn finer.
    try ImageConverter.convert(path, page: 2, toPNG: path + ".png")
    #expect(try PNG.header(path: path + ".png").width == 200)
  }

  @Test func aPDFCutShortIsRefused() throws {
    let whole = Self.scans([(300, 450, 150)])
    for length in [9, 200, whole.count / 2, whole.count - 8] {
      let path = try file(whole[..<length])
      #expect { _ = try ImageConverter.pages(of: path) } throws: {
        ($0 as? RasterError)?.reason == "the PDF is cut short; copy it again"
      }
    }
  }

  @Test func theLargestPicturesResolutionIsTaken() {
    let list = """
      page   num  type   width height color comp bpc  enc interp  object ID x-ppi y-ppi size ratio
      --------------------------------------------------------------------------------------------
         1     0 image    2480  3508  rgb     3   8  jpeg   no         5  0   300   300  1.2M 4.8%
         1     1 image      60    60  gray    1   8  image  no   [inline]     900   900   29B 0.8%
         1     2 smask    4000  4000  gray    1   8  image  no         7  0   600   600   29B 0.8%
      """
    #expect(ConverterCall.resolution(inList: list) == 300)
    #expect(ConverterCall.resolution(inList: "") == nil && ConverterCall.resolution(inList: "x y z\n\n") == nil)
  }
}

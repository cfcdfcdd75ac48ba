import Corpus
import Raster
import Terminal

/// The colours that a photograph has beside the greys where there are 256, chosen once: when the view moves the sheet keeps its colour.
struct SheetColours: Hashable, Sendable {
  private struct Key: Hashable {
    var photograph: Int
    var light: Light
    var enhancement: Enhancement
    var writing: Rect?
  }

  private let key: Key
  let tones: SheetTones

  /// So many pixels of a side tell the colours of a sheet.
  private static let side = 160

  fileprivate static func of(
    _ image: any ViewablePhotograph, _ view: PhotographPane.Key, writing: Rect?, before: [SheetColours]
  ) throws -> SheetColours {
    let key = Key(photograph: view.photograph, light: view.light, enhancement: view.enhancement, writing: writing)
    if let known = before.first(where: { $0.key == key }) { return known }
    let whole = Rect(x: 0, y: 0, width: image.width, height: image.height)
    // Where the writing is, if that is known: the mat about it and the colour scale are no sheet.
    let part = writing?.intersection(whole) ?? whole
    let sample = try image.view(of: part.isEmpty ? whole : part, width: side, height: side)
    let seen = view.light.seen(sample).enhanced(view.enhancement)
    let pixels = Pixels(width: seen.width, height: seen.height, channels: seen.channels, samples: seen.pixels)
    return SheetColours(key: key, tones: SheetTones(of: pixels))
  }
}

extension FragmentDesk {
  /// The tones of a photograph that is seen; nil where there are not 256 colours.
  ///
  /// - Parameter image: not turned.
  mutating func sheetTones(
    of image: any ViewablePhotograph, _ key: PhotographPane.Key, lines: [LineState], depth: ColourDepth
  ) throws -> SheetTones? {
    guard depth == .palette else { return nil }
    let boxes = lines.map(\.region.polygon.bounds).filter { !$0.isEmpty }
    var writing: Rect?
    if let left = boxes.map(\.x).min(), let right = boxes.map(\.maxX).max(), let top = boxes.map(\.y).min(),
      let bottom = boxes.map(\.maxY).max()
    {
      writing = Rect(x: left, y: top, width: right - left, height: bottom - top)
    }
    let colours = try SheetColours.of(image, key, writing: writing, before: sheets)
    sheets = [colours] + sheets.filter { $0 != colours }.prefix(1)
    return colours.tones
  }
}

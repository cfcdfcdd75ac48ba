import Raster
import Terminal

/// How large what is seen is: a bar of so many millimetres, where the photograph's file says its resolution.
struct ScaleBar: Hashable, Sendable {
  let millimetres: Double
  /// Columns of cells.
  let length: Double

  /// The longest round length that takes at most a quarter of a pane; nil where not even a tenth of a millimetre does, or the bar would be no longer than
  /// its words are good for.
  /// - Parameter scale: photograph pixels a column, as `Viewport.scale`.
  init?(pixelsPerMillimetre: Double, scale: Double, width: Int) {
    guard pixelsPerMillimetre > 0, scale > 0 else { return nil }
    let most = Double(width) / 4 * scale / pixelsPerMillimetre
    let lengths = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    guard let longest = lengths.last(where: { $0 <= most }) else { return nil }
    let length = longest * pixelsPerMillimetre / scale
    guard length >= 3 else { return nil }
    (millimetres, self.length) = (longest, length)
  }

  var words: String { Self.words(millimetres) }

  static func words(_ millimetres: Double) -> String {
    if millimetres >= 100, millimetres.truncatingRemainder(dividingBy: 10) == 0 { return "\(Int(millimetres) / 10) cm" }
    let tenths = Int((millimetres * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) mm" : "\(tenths / 10).\(tenths % 10) mm"
  }

  /// Draws it at the lower left corner, to an eighth of a cell.
  func draw(_ grid: inout Grid, _ area: Area, depth: ColourDepth) {
    let eighths = Int((length * 8).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let bar = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    let text = bar + " " + words + " "
    // In a low pane the writing has the room.
    guard area.height > 7, text.count + 2 <= area.width else { return }
    let ground: UInt8 = depth < .palette ? 0 : 16
    let style: Style = depth == .none ? .plain : Style(.palette(depth < .palette ? 7 : 254), on: .palette(ground))
    grid.put(text, x: area.x + 1, y: area.maxY - 1, style: style, limit: area.width - 1)
  }
}

extension WorkbenchCommand {
  static let rulerCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "ruler", ["R"], in: [.drawing], "Pen",
      "measure from here, in millimetres where they are known; again: no more"
    ) { space, _ in
      let isMeasuring = space.desk?.drawing?.ruler != nil
      let pen = space.desk?.drawing?.pen
      space.desk?.drawing?.ruler = isMeasuring ? nil : pen
      return []
    }
  ]
}

extension FragmentDesk {
  /// How far the pen is from where it was measured from.
  var measured: String? {
    guard let drawing, let start = drawing.ruler else { return nil }
    let (x, y) = (drawing.pen.x - start.x, drawing.pen.y - start.y)
    let pixels = (x * x + y * y).squareRoot()
    if let measure = sight?.image.pixelsPerMillimetre { return "\(ScaleBar.words(pixels / measure)) from the mark" }
    return "\(Int(pixels.rounded())) pixels from the mark: the file does not say how large they are"
  }
}

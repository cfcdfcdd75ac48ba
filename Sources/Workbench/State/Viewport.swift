import Raster
import Terminal

/// Which part of a photograph is seen, and how large. A pure value.
///
/// The unit of the screen is the square half of a cell: a cell is one unit wide and two high.
struct Viewport: Hashable, Sendable {
  /// What stands in the middle of the view, in pixels of the photograph.
  var centre = Point(x: 0, y: 0)
  /// Pixels of the photograph per unit of the screen; under 1 the photograph is magnified.
  var scale = 1.0
  /// How the scale follows the size of the window.
  var fit = Fit.width

  enum Fit: Hashable, Sendable { case width, whole, free }

  /// One step of zooming.
  static let step = 1.25
  /// Magnified at most eight times.
  static let leastScale = 0.125

  /// Units across and down for an area of cells.
  static func units(_ area: Size) -> (width: Double, height: Double) {
    (Double(max(1, area.width)), Double(max(1, area.height) * 2))
  }

  static func scaleForWidth(_ photograph: Size, in area: Size) -> Double {
    max(leastScale, Double(photograph.width) / units(area).width)
  }

  static func scaleForWhole(_ photograph: Size, in area: Size) -> Double {
    let (width, height) = units(area)
    return max(leastScale, Double(photograph.width) / width, Double(photograph.height) / height)
  }

  /// The part seen, in pixels of the photograph; it may reach over the edges where the photograph is smaller than the window.
  func seen(in area: Size) -> (x: Double, y: Double, width: Double, height: Double) {
    let (width, height) = Viewport.units(area)
    return (centre.x - width * scale / 2, centre.y - height * scale / 2, width * scale, height * scale)
  }

  /// The same view with scale and centre brought within bounds: the photograph fills the window where it can, and is centred where not.
  func settled(_ photograph: Size, in area: Size) -> Viewport {
    var view = self
    switch fit {
    case .width: view.scale = Viewport.scaleForWidth(photograph, in: area)
    case .whole: view.scale = Viewport.scaleForWhole(photograph, in: area)
    case .free:
      let most = Viewport.scaleForWhole(photograph, in: area) * 2
      view.scale = min(max(view.scale, Viewport.leastScale), most)
    }
    let (width, height) = Viewport.units(area)
    func settle(_ centre: Double, _ length: Double, _ window: Double) -> Double {
      let half = window * view.scale / 2
      return length <= 2 * half ? length / 2 : min(max(centre, half), length - half)
    }
    view.centre.x = settle(centre.x, Double(photograph.width), width)
    view.centre.y = settle(centre.y, Double(photograph.height), height)
    return view
  }

  /// The same view moved by less than a cell, so that cells begin at whole multiples of their size on the photograph: what is seen in two views of one
  /// scale is then the same pixels.
  func onCells(in area: Size) -> Viewport {
    var view = self
    let (width, height) = Viewport.units(area)
    func snap(_ centre: Double, _ window: Double, _ step: Double) -> Double {
      ((centre - window * scale / 2) / step).rounded() * step + window * scale / 2
    }
    view.centre.x = snap(centre.x, width, scale)
    view.centre.y = snap(centre.y, height, 2 * scale)
    return view
  }

  /// Zooms by a factor, keeping what stands at (x, y) units from the middle where it is.
  func zoomed(by factor: Double, x: Double = 0, y: Double = 0) -> Viewport {
    var view = self
    view.fit = .free
    view.scale = max(Viewport.leastScale, scale / factor)
    view.centre.x += x * (scale - view.scale)
    view.centre.y += y * (scale - view.scale)
    return view
  }

  /// Moves by shares of the window.
  func panned(x: Double, y: Double, in area: Size) -> Viewport {
    var view = self
    let (width, height) = Viewport.units(area)
    view.centre.x += x * width * scale
    view.centre.y += y * height * scale
    return view
  }

  /// Moves as little as needed so that a line is seen, with a margin; a line longer than the window is shown from its start.
  func showing(_ bounds: Rect, in area: Size) -> Viewport {
    var view = self
    let (width, height) = Viewport.units(area)
    func shift(_ centre: Double, _ window: Double, _ low: Double, _ high: Double) -> Double {
      let half = window * scale / 2
      let margin = min(half * 0.2, max(0, half - (high - low) / 2))
      if high - low > 2 * half { return low + half - margin }
      if low - margin < centre - half { return low - margin + half }
      if high + margin > centre + half { return high + margin - half }
      return centre
    }
    view.centre.x = shift(centre.x, width, Double(bounds.x), Double(bounds.maxX))
    view.centre.y = shift(centre.y, height, Double(bounds.y), Double(bounds.maxY))
    return view
  }
}

import Raster

/// A photograph that can be looked at from near and far: a tile pyramid, or a bitmap in tests.
public protocol ViewablePhotograph: Sendable {
  var width: Int { get }
  var height: Int { get }
  /// As its file says; nil where nobody measured it.
  var pixelsPerMillimetre: Double? { get }
  /// Part of the photograph, scaled to exactly `width` x `height` pixels. `rect` lies on the photograph and is not empty.
  func view(of rect: Rect, width: Int, height: Int) throws -> Bitmap
  /// Makes ready what such a view needs.
  func prepare(_ rect: Rect, width: Int, height: Int)
}

extension ViewablePhotograph {
  public var pixelsPerMillimetre: Double? { nil }
  public func prepare(_ rect: Rect, width: Int, height: Int) {}
}

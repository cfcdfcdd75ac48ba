import Corpus
import Raster

/// Reads fragments: what the workbench, the batch and `grapheion read` ask, and what tests replace by a scripted one.
///
/// Calls may come from any thread and block until the reading is there.
public protocol FragmentReader: Sendable {
  /// Name and content hash of the model, as it stands in `FragmentReading.model`.
  var model: String { get }
  /// What else decides a reading, as it stands in `FragmentReading.settings`.
  var settingsText: String { get }
  /// Finds the lines of a photograph and reads each.
  ///
  /// - Parameters:
  ///   - photograph: the image, grey or colour.
  ///   - index: its place among the fragment's photographs, for the regions' ids.
  ///   - regions: lines given or drawn; when empty, layout finds them.
  ///   - progress: told lines done and lines in all; return false to stop early.
  func read(
    photograph: Bitmap, index: Int, regions: [LineRegion],
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool
  ) throws -> [LineReading]
  /// The same from a PNG file.
  func read(
    file path: String, index: Int, regions: [LineRegion],
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool
  ) throws -> [LineReading]
  /// Reads one line of a photograph again, among the texts that fit what is known of it.
  ///
  /// - Parameter pattern: as `LinePattern(typed:)` takes it. No text may fit.
  func read(line: LineRegion, file path: String, like pattern: String) throws -> LineReading
}

extension FragmentReader {
  /// Decodes the whole photograph.
  public func read(
    file path: String, index: Int, regions: [LineRegion],
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool
  ) throws -> [LineReading] {
    try read(photograph: try PNG.read(path: path), index: index, regions: regions, progress: progress)
  }
}

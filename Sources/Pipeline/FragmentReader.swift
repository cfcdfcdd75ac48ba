import Corpus
import Platform
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
  /// Reads one line of a photograph again: freely, or among the texts that fit what is known of it.
  ///
  /// - Parameter pattern: as `LinePattern(typed:)` takes it. No text may fit.
  func read(line: LineRegion, file path: String, like pattern: String?) throws -> LineReading
  /// The same reader when it knows what other lines of the fragment say; nil where that makes no difference to it.
  ///
  /// - Parameter lines: diplomatic letters in capitals, `.` for one that is lost.
  func knowing(_ lines: [String]) -> (any FragmentReader)?
}

extension FragmentReader {
  public func knowing(_ lines: [String]) -> (any FragmentReader)? { nil }

  /// Decodes the whole photograph.
  public func read(
    file path: String, index: Int, regions: [LineRegion],
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool
  ) throws -> [LineReading] {
    try read(photograph: try PNG.read(path: path), index: index, regions: regions, progress: progress)
  }

  /// Reads every photograph of a fragment; nothing is recorded. Where some lines are given, photographs without one have none.
  ///
  /// - Parameters:
  ///   - photographs: paths, in the order of the fragment's record.
  ///   - twins: those that show once more what another shows (`Fragment.twins`): lines are not looked for on them.
  ///   - settings: how the reading says what else decided it; the reader's own words where nobody has others.
  ///   - progress: asked before each photograph, too, with 0 of 0.
  /// - Returns: what was read; where it was stopped, up to there.
  public func read(
    fragment id: String, photographs: [String], twins: Set<Int> = [], regions: [LineRegion], settings: String? = nil,
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws -> FragmentReading {
    let start = Clock.monotonic()
    var lines: [LineReading] = []
    for (index, path) in photographs.enumerated() {
      let own = regions.filter { $0.photograph == index }
      guard regions.isEmpty ? !twins.contains(index) : !own.isEmpty else { continue }
      guard progress(0, 0) else { break }
      lines += try read(file: path, index: index, regions: own, progress: progress)
    }
    return FragmentReading(
      fragment: id, model: model, settings: settings ?? settingsText, seconds: Clock.monotonic() - start, lines: lines)
  }
}

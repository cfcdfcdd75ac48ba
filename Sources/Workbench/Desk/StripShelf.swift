import Raster
import Synchronization

/// The strips of the lines looked at last and of those beside them, within a number of bytes.
///
/// A memory and no state: all it holds can be cut again. Thread-safe: the main thread takes strips, workers put them there before they are asked for.
final class StripShelf: Sendable {
  /// A line of a large photograph that fills a window of pixels takes 3 MB.
  static let mostBytes = 24 << 20

  private struct Shelf {
    /// The one used last comes last.
    var strips: [StripImage] = []
    var bytes = 0
    var underway: Set<StripImage.Key> = []
  }

  private let shelf = Mutex(Shelf())
  private let mostBytes: Int

  init(mostBytes: Int = StripShelf.mostBytes) { self.mostBytes = mostBytes }

  /// A line's strip, cut now where it is not on the shelf; nil where the line's region does not lie on the photograph.
  func strip(_ key: StripImage.Key, of photograph: any ViewablePhotograph) throws -> StripImage? {
    if let known = taken(key) { return known }
    let strip = try StripImage(photograph, key)
    if let strip { put(strip) }
    return strip
  }

  /// Those of some lines that are neither here nor being cut: whoever gets them cuts them.
  func missing(_ keys: [StripImage.Key]) -> [StripImage.Key] {
    shelf.withLock { shelf in
      let missing = keys.filter { key in
        !shelf.underway.contains(key) && !shelf.strips.contains { $0.key == key }
      }
      shelf.underway.formUnion(missing)
      return missing
    }
  }

  /// Cuts a line that `missing` gave out. What cannot be cut says so when it is looked at.
  func cutAhead(_ key: StripImage.Key, of photograph: any ViewablePhotograph) {
    _ = try? strip(key, of: photograph)
    shelf.withLock { _ = $0.underway.remove(key) }
  }

  /// Says that some that `missing` gave out are not cut after all.
  func giveUp(_ keys: [StripImage.Key]) { shelf.withLock { $0.underway.subtract(keys) } }

  /// Whether some that `missing` gave out are still being cut.
  var isBusy: Bool { shelf.withLock { !$0.underway.isEmpty } }

  /// Bytes of all strips that are kept.
  var bytes: Int { shelf.withLock(\.bytes) }

  private func taken(_ key: StripImage.Key) -> StripImage? {
    shelf.withLock { shelf in
      guard let place = shelf.strips.firstIndex(where: { $0.key == key }) else { return nil }
      let strip = shelf.strips.remove(at: place)
      shelf.strips.append(strip)
      return strip
    }
  }

  private func put(_ strip: StripImage) {
    shelf.withLock { shelf in
      // Two may have cut the same one.
      guard !shelf.strips.contains(where: { $0.key == strip.key }) else { return }
      shelf.strips.append(strip)
      shelf.bytes += strip.bitmap.pixels.count
      while shelf.bytes > mostBytes, shelf.strips.count > 1 {
        shelf.bytes -= shelf.strips.removeFirst().bitmap.pixels.count
      }
    }
  }
}

extension Workspace {
  /// The strips that the next keys will ask for, the likeliest first: two lines on, one back, and where a decision leads.
  func stripsAhead() -> (keys: [StripImage.Key], photograph: any ViewablePhotograph, shelf: StripShelf)? {
    guard let desk, let photograph = desk.ink?.image, let shown = desk.strip,
      shown.key == stripKey(desk.current)
    else { return nil }
    let places = [desk.current + 1] + (desk.nextOpen().map { [$0] } ?? []) + [desk.current - 1, desk.current + 2]
    var keys: [StripImage.Key] = []
    for key in places.compactMap(stripKey) where !keys.contains(key) && key != shown.key { keys.append(key) }
    keys = desk.strips.missing(keys)
    return keys.isEmpty ? nil : (keys, photograph, desk.strips)
  }

  /// How a line of the photograph on the desk would be cut for the pane as it is.
  private func stripKey(_ index: Int) -> StripImage.Key? {
    guard let desk, desk.lines.indices.contains(index), desk.lines[index].region.photograph == desk.photograph else {
      return nil
    }
    let rows = FragmentLayout(size, desk).strip.height
    return rows == 0 ? nil : StripImage.Key(desk, desk.lines[index].region, pixels: rows * cellPixels.height)
  }
}

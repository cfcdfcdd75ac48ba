import Glibc
import Platform
import Synchronization

/// A photograph that can be looked at from near and far without decoding it whole: its tiles at every scale, in a cache file.
///
/// Thread-safe. Memory: the tile index (16 bytes a tile) and the last tiles looked at, `memoryLimit` bytes at most.
public final class TilePyramid: Sendable {
  /// Bytes of unpacked tiles kept unless the caller says otherwise: about 240 tiles in colour.
  public static let defaultMemoryLimit = 48 << 20

  public let width: Int
  public let height: Int
  /// 1 for grey, 3 for colour.
  public let channels: Int
  private let photograph: String
  private let cache: String
  private let layout: TileLayout
  private let memoryLimit: Int
  private let state: Mutex<State>

  private struct State {
    var file: TileFile
    var tiles: RecentTiles
  }

  /// Opens the tiles of a photograph (a PNG file).
  ///
  /// They are built, in one pass, where `cache` is missing, damaged, of another version, or older than the photograph. A cache
  /// that cannot be written (a read-only corpus, a full disk) is replaced by a temporary file that goes with this object.
  /// - Parameters:
  ///   - cache: the file that holds the tiles; its folder is made.
  ///   - progress: called with 0 ... 1 while tiles are built.
  /// - Throws: when the photograph cannot be read, or the tiles can be written nowhere.
  public static func open(
    photograph: String, cache: String, memoryLimit: Int = defaultMemoryLimit, progress: (Double) -> Void = { _ in }
  ) throws(RasterError) -> TilePyramid {
    let file: TileFile
    if let cached = TileFile(path: cache), try cached.isFresh(for: photograph) {
      file = cached
    } else {
      file = try TileFile.build(photograph: photograph, cache: cache, progress: progress)
    }
    return TilePyramid(photograph, cache, file, memoryLimit)
  }

  private init(_ photograph: String, _ cache: String, _ file: TileFile, _ memoryLimit: Int) {
    self.photograph = photograph
    self.cache = cache
    self.memoryLimit = memoryLimit
    layout = file.header.layout
    width = file.header.width
    height = file.header.height
    channels = file.header.channels
    state = Mutex(State(file: file, tiles: RecentTiles(limit: memoryLimit)))
  }

  /// Part of the photograph, scaled to exactly `width` x `height` pixels.
  ///
  /// Only tiles of the nearest larger level that the part touches are read. `rect` may reach over the edges, where white stands. A tile
  /// that turns out damaged has the file built anew, once. About 1 ms for each tile that is not in memory.
  /// - Precondition: `rect`, `width` and `height` are not empty.
  public func view(of rect: Rect, width: Int, height: Int) throws(RasterError) -> Bitmap {
    precondition(!rect.isEmpty && width > 0 && height > 0)
    let inside = rect.intersection(Rect(x: 0, y: 0, width: self.width, height: self.height))
    guard !inside.isEmpty else { return Bitmap(width: width, height: height, channels: channels) }
    if inside == rect { return try scaledPart(rect, width: width, height: height) }
    // The part on the photograph takes its share of the view.
    func share(_ value: Int, _ length: Int, _ view: Int) -> Int {
      Int((Double(value) / Double(length) * Double(view)).rounded())
    }
    let left = share(inside.x - rect.x, rect.width, width)
    let top = share(inside.y - rect.y, rect.height, height)
    let right = max(share(inside.maxX - rect.x, rect.width, width), left + 1)
    let bottom = max(share(inside.maxY - rect.y, rect.height, height), top + 1)
    var view = Bitmap(width: width, height: height, channels: channels)
    view.paste(try scaledPart(inside, width: right - left, height: bottom - top), x: left, y: top)
    return view
  }

  /// Unpacks what a view will need, so that it comes at once: for a thread that has time. What fails here fails again when it is looked at.
  public func prepare(_ rect: Rect, width: Int, height: Int) {
    precondition(!rect.isEmpty && width > 0 && height > 0)
    let inside = rect.intersection(Rect(x: 0, y: 0, width: self.width, height: self.height))
    guard !inside.isEmpty else { return }
    let (level, covered) = pixels(for: inside, width: width, height: height)
    let wanted = wanted(covered, level: level)
    // What would fill the memory would put out of it what is seen.
    guard wanted.count * TileLayout.side * TileLayout.side * channels <= memoryLimit / 2 else { return }
    let file = state.withLock { $0.file }
    do throws(RasterError) { _ = try tiles(wanted, of: file, workers: 1) } catch {}
  }

  private func scaledPart(_ rect: Rect, width: Int, height: Int) throws(RasterError) -> Bitmap {
    let (index, covered) = pixels(for: rect, width: width, height: height)
    let scale = Double(1 << index)
    let part = try assembled(covered, level: index)
    return part.resampled(
      x: Double(rect.x) / scale - Double(covered.x), y: Double(rect.y) / scale - Double(covered.y),
      width: Double(rect.width) / scale, height: Double(rect.height) / scale, toWidth: width, height: height)
  }

  /// The smallest level that still has at least the pixels asked for, and those of it that a part is made of.
  private func pixels(for rect: Rect, width: Int, height: Int) -> (level: Int, covered: Rect) {
    var index = 0
    while index + 1 < layout.levels.count, rect.width >> (index + 1) >= width, rect.height >> (index + 1) >= height {
      index += 1
    }
    let level = layout.levels[index]
    // One pixel more on each side, for the cubic.
    let x = max(0, (rect.x >> index) - 2)
    let y = max(0, (rect.y >> index) - 2)
    return (
      index,
      Rect(
        x: x, y: y, width: min(level.width, (rect.maxX >> index) + 3) - x,
        height: min(level.height, (rect.maxY >> index) + 3) - y)
    )
  }

  /// Pixels of one level, put together from its tiles.
  private func assembled(_ rect: Rect, level index: Int) throws(RasterError) -> Bitmap {
    let file = state.withLock { $0.file }
    if let part = try assembled(rect, level: index, of: file) { return part }
    if let part = try assembled(rect, level: index, of: try rebuilt(insteadOf: file)) { return part }
    throw RasterError(.damaged, path: cache, "tiles cannot be read back; is the disk sound?")
  }

  /// The tiles built anew, by whoever finds them damaged first.
  private func rebuilt(insteadOf damaged: TileFile) throws(RasterError) -> TileFile {
    try state.withLock { state throws(RasterError) in
      if state.file !== damaged { return state.file }
      let file = try TileFile.build(photograph: photograph, cache: cache) { _ in }
      state.file = file
      state.tiles.forgetAll()
      guard file.header.layout == layout else {
        throw RasterError(.damaged, path: photograph, "the photograph has changed its size; open it again")
      }
      return file
    }
  }

  /// nil where a tile is damaged.
  private func assembled(_ rect: Rect, level index: Int, of file: TileFile) throws(RasterError) -> Bitmap? {
    let wanted = wanted(rect, level: index)
    guard let tiles = try tiles(wanted, of: file) else { return nil }
    var part = Bitmap(width: rect.width, height: rect.height, channels: channels)
    for ((_, area), tile) in zip(wanted, tiles) { part.paste(tile, x: area.x - rect.x, y: area.y - rect.y) }
    return part
  }

  /// The tiles that pixels of a level lie on.
  private func wanted(_ rect: Rect, level index: Int) -> [(number: Int, area: Rect)] {
    let level = layout.levels[index]
    let side = TileLayout.side
    var wanted: [(number: Int, area: Rect)] = []
    for row in rect.y / side...(rect.maxY - 1) / side {
      for column in rect.x / side...(rect.maxX - 1) / side {
        wanted.append((level.firstTile + row * level.columns + column, level.rect(column: column, row: row)))
      }
    }
    return wanted
  }

  /// Tiles, from memory where they were looked at before; nil where one is damaged. The others are unpacked outside the lock, so that who pans does
  /// not wait for who looks ahead, and by several threads where they are many.
  private func tiles(
    _ wanted: [(number: Int, area: Rect)], of file: TileFile, workers most: Int = mostWorkers
  ) throws(RasterError) -> [Bitmap]? {
    var found = state.withLock { state in wanted.map { state.tiles[$0.number] } }
    let missing = found.indices.filter { found[$0] == nil }
    let workers = missing.count < Self.fewTiles ? 1 : min(most, Threads.cores)
    let read = Threads.map(missing.count, workers: workers) { [channels] number -> Result<Bitmap?, RasterError> in
      let tile = wanted[missing[number]]
      var codec = TileCodec()
      do throws(RasterError) {
        return .success(try file.tile(tile.number, tile.area, channels: channels, &codec))
      } catch {
        return .failure(error)
      }
    }
    for (place, result) in zip(missing, read) {
      guard let tile = try result.get() else { return nil }
      found[place] = tile
    }
    state.withLock { state in
      guard state.file === file else { return }
      for place in missing { if let tile = found[place] { state.tiles.insert(tile, wanted[place].number) } }
    }
    return found.compactMap { $0 }
  }

  /// Fewer tiles than this are unpacked before a second thread has begun.
  private static let fewTiles = 6
  private static let mostWorkers = 4
}

/// The tiles looked at last, within a number of bytes. Finding one is constant, dropping linear in the number kept.
private struct RecentTiles {
  private let limit: Int
  private var tiles: [Int: (tile: Bitmap, used: Int)] = [:]
  private var bytes = 0
  private var clock = 0

  init(limit: Int) { self.limit = limit }

  subscript(number: Int) -> Bitmap? {
    mutating get {
      guard let tile = tiles[number]?.tile else { return nil }
      clock += 1
      tiles[number]!.used = clock
      return tile
    }
  }

  mutating func insert(_ tile: Bitmap, _ number: Int) {
    // Two threads may have unpacked the same one.
    guard tiles[number] == nil else { return }
    clock += 1
    tiles[number] = (tile, clock)
    bytes += tile.pixels.count
    while bytes > limit, tiles.count > 1, let oldest = tiles.min(by: { $0.value.used < $1.value.used }) {
      bytes -= oldest.value.tile.pixels.count
      tiles[oldest.key] = nil
    }
  }

  mutating func forgetAll() {
    tiles = [:]
    bytes = 0
  }
}

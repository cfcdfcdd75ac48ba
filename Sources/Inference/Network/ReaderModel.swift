import Platform
import Synchronization

// A reader model is a GGUF file (`GGUFFile`):
//   general.architecture  "grapheion-reader"          general.name  "apollo-reader"
//   reader.version  1 or, with residual blocks in the stem, 2 (a newer one is refused)
//   reader.height  reader.stem [3]  reader.width  reader.expansion  reader.blocks  reader.taps
//   reader.stem.blocks [2]  reader.stem.taps    from version 2 on
//   reader.alphabet     the letters, in the order of their classes
//   reader.temperature, reader.sharpness, reader.lost, reader.letters.weight, reader.letters.bonus   see `SearchTuning`;
//                       what is absent is as there
//   reader.calibration.{letters,lines,lone}.{slope,offset}   see `ProbabilityMap`; lone where absent is as lines
//   reader.letters      id of the letter model it was tuned with, which stands in the same folder; absent where there is none
// and the tensors of `ReaderLayout`, f32 or f16, columns innermost.

/// A reader network with its weights, ready to read. Read-only and thread-safe.
public final class ReaderModel: Sendable {
  public let name: String
  /// `name@` and the first twelve digits of the file's SHA-256.
  public let id: String
  public let config: ReaderConfig
  public let tuning: SearchTuning
  /// The letter model that helps the search.
  public let letters: LetterModel?
  public let layout: ReaderLayout
  /// Placed as `layout` says.
  public let weights: [Float]
  /// nil where the processor has no use for them.
  private let packed: PackedWeights?
  /// States that wait for the next call: one for every thread that reads.
  private let idle = Mutex<[IdleState]>([])

  /// A state is used by one call at a time: it is taken out of `idle` while it works.
  private struct IdleState: @unchecked Sendable { let state: ReaderState }

  public var alphabet: [Character] { config.alphabet }
  /// Rows of the strips it takes.
  public var height: Int { config.height }

  public init(
    name: String, id: String, config: ReaderConfig, weights: [Float], tuning: SearchTuning = SearchTuning(),
    letters: LetterModel? = nil
  ) {
    layout = ReaderLayout(config)
    precondition(weights.count == layout.count)
    self.name = name
    self.id = id
    self.config = config
    self.weights = weights
    let layout = layout
    packed = weights.withUnsafeBufferPointer { PackedWeights(layout, $0.baseAddress!) }
    self.tuning = tuning
    self.letters = letters
  }

  static let architecture = "grapheion-reader"
  static let version = 2

  /// Reads a model file.
  public static func load(path: String) throws(ModelError) -> ReaderModel {
    let file = try GGUFFile(path: path)
    guard file.string("general.architecture") == architecture else {
      let other = file.string("general.architecture").map { "a model of kind '\($0)'" } ?? "of no stated kind"
      throw ModelError(.wrongKind, path: path, "is \(other), not a Grapheion reader")
    }
    guard let version = file.integer("reader.version"), version <= Self.version else {
      throw ModelError(.newerVersion, path: path, "was made for a newer Grapheion")
    }
    var config = ReaderConfig()
    guard let height = file.integer("reader.height"), let stem = file.integers("reader.stem"),
      let width = file.integer("reader.width"), let expansion = file.integer("reader.expansion"),
      let blocks = file.integer("reader.blocks"), let taps = file.integer("reader.taps"),
      let alphabet = file.string("reader.alphabet")
    else { throw ModelError(.damaged, path: path, "does not state the shape of its network") }
    config.height = height
    config.stem = stem
    config.width = width
    config.expansion = expansion
    config.blocks = blocks
    config.taps = taps
    config.alphabet = Array(alphabet)
    config.stemBlocks = [0, 0]
    if version >= 2 {
      guard let blocks = file.integers("reader.stem.blocks"), let taps = file.integer("reader.stem.taps") else {
        throw ModelError(.damaged, path: path, "does not state the shape of its stem")
      }
      (config.stemBlocks, config.stemTaps) = (blocks, taps)
    }
    guard config.isSound else { throw ModelError(.damaged, path: path, "states a network that cannot be built") }
    guard config.height == ReaderConfig().height else {
      throw ModelError(
        .wrongKind, path: path,
        "reads strips of \(config.height) rows; Grapheion's strips have \(ReaderConfig().height)")
    }
    let weights = try file.weights(of: ReaderLayout(config))
    let name = file.string("general.name") ?? "reader"
    var tuning = SearchTuning()
    tuning.temperature = max(0.1, min(10, file.number("reader.temperature") ?? 1))
    tuning.sharpness = max(0.1, min(10, file.number("reader.sharpness") ?? 1))
    tuning.lost = max(0, min(1, file.number("reader.lost") ?? 1))
    tuning.weight = max(0, min(4, file.number("reader.letters.weight") ?? 0))
    tuning.bonus = max(-10, min(10, file.number("reader.letters.bonus") ?? 0))
    tuning.letterMap = probabilityMap("letters", file) ?? .identity
    tuning.lineMap = probabilityMap("lines", file) ?? .identity
    tuning.loneMap = probabilityMap("lone", file) ?? tuning.lineMap
    return ReaderModel(
      name: name, id: "\(name)@\(file.hash.prefix(12))", config: config, weights: weights, tuning: tuning,
      letters: try file.string("reader.letters").map { id throws(ModelError) in try Self.letters(id, beside: path) })
  }

  private static func probabilityMap(_ name: String, _ file: GGUFFile) -> ProbabilityMap? {
    guard let slope = file.number("reader.calibration.\(name).slope"),
      let offset = file.number("reader.calibration.\(name).offset")
    else { return nil }
    return ProbabilityMap(slope: max(0.1, min(10, slope)), offset: max(-10, min(10, offset)))
  }

  /// The letter model a reader was tuned with: no other will do, since the reader's id is to say all that decides a reading.
  private static func letters(_ id: String, beside path: String) throws(ModelError) -> LetterModel {
    let name = id.prefix { $0 != "@" }
    guard !name.isEmpty, !name.contains("/") else {
      throw ModelError(.damaged, path: path, "names a letter model that is none")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let place = "\(folder)\(name).gguf"
    guard Files.exists(place) else {
      throw ModelError(
        .unreadable, path: path,
        "was tuned with the letter model \(id), which must lie beside it, but there is no \(place); copy that file, too, from where "
          + "the reader came from")
    }
    let model = try LetterModel.load(path: place)
    guard model.id == id else {
      throw ModelError(
        .wrongKind, path: path, "was tuned with the letter model \(id); beside it lies \(model.id) (tune it anew)")
    }
    return model
  }

  /// Writes a model file, whole or not at all. `letters` is the id of its letter model; `notes` are further metadata (`general.license`, how it was trained).
  public static func save(
    to path: String, name: String, config: ReaderConfig, weights: [Float], tuning: SearchTuning = SearchTuning(),
    letters: String? = nil, kind: GGUFTensor.Kind = .f16, notes: [(String, String)] = []
  ) throws(ModelError) {
    try ModelError.requireNumbers(weights, path: path)
    try file(
      name: name, config: config, weights: weights, tuning: tuning, letters: letters, kind: kind, notes: notes
    )
    .write(to: path)
  }

  static func file(
    name: String, config: ReaderConfig, weights: [Float], tuning: SearchTuning, letters: String?,
    kind: GGUFTensor.Kind, notes: [(String, String)]
  ) -> GGUFWriter {
    let layout = ReaderLayout(config)
    precondition(weights.count == layout.count)
    var writer = GGUFWriter()
    writer.set("general.architecture", .string(architecture))
    writer.set("general.name", .string(name))
    for (key, text) in notes { writer.set(key, .string(text)) }
    let hasStemBlocks = config.stemBlocks != [0, 0]
    writer.set("reader.version", .integer(hasStemBlocks ? 2 : 1))
    writer.set("reader.height", .integer(Int64(config.height)))
    writer.set("reader.stem", .array(config.stem.map { .integer(Int64($0)) }))
    if hasStemBlocks {
      writer.set("reader.stem.blocks", .array(config.stemBlocks.map { .integer(Int64($0)) }))
      writer.set("reader.stem.taps", .integer(Int64(config.stemTaps)))
    }
    writer.set("reader.width", .integer(Int64(config.width)))
    writer.set("reader.expansion", .integer(Int64(config.expansion)))
    writer.set("reader.blocks", .integer(Int64(config.blocks)))
    writer.set("reader.taps", .integer(Int64(config.taps)))
    writer.set("reader.alphabet", .string(String(config.alphabet)))
    writer.set("reader.temperature", .number(tuning.temperature))
    if tuning.sharpness != 1 { writer.set("reader.sharpness", .number(tuning.sharpness)) }
    if tuning.lost != 1 { writer.set("reader.lost", .number(tuning.lost)) }
    let identity = ProbabilityMap.identity
    for (name, map, absent) in [
      ("letters", tuning.letterMap, identity), ("lines", tuning.lineMap, identity),
      ("lone", tuning.loneMap, tuning.lineMap),
    ] where map != absent {
      writer.set("reader.calibration.\(name).slope", .number(map.slope))
      writer.set("reader.calibration.\(name).offset", .number(map.offset))
    }
    if let letters {
      writer.set("reader.letters", .string(letters))
      writer.set("reader.letters.weight", .number(tuning.weight))
      writer.set("reader.letters.bonus", .number(tuning.bonus))
    }
    writer.add(layout, weights, kind: kind)
    return writer
  }

  /// Reads strips: rows of ink darkness, `pixels[row * width + column]`, `height` rows each. One lattice a strip, in order.
  /// Strips of one call are computed some 3200 columns at a time; a line reads the same to the bit in any company.
  /// About 6 ms for 800 columns on one core with bfloat16, 10 ms without; 20 MB for each thread that reads.
  public func recognise(_ strips: [(pixels: [Float], width: Int)]) -> [Lattice] {
    guard !strips.isEmpty else { return [] }
    let state = idle.withLock { $0.popLast() } ?? IdleState(state: ReaderState(config, keepsAll: false))
    var lattices: [Lattice] = []
    lattices.reserveCapacity(strips.count)
    var batch = LineBatch(height: config.height)
    for strip in strips {
      if batch.lines > 0 && batch.frames * ReaderConfig.pixelsPerFrame + strip.width > Self.batchColumns {
        lattices += recognise(batch, state.state)
        batch = LineBatch(height: config.height)
      }
      batch.append(pixels: strip.pixels, width: strip.width)
    }
    lattices += recognise(batch, state.state)
    idle.withLock { $0.append(state) }
    return lattices
  }

  /// Columns computed together: enough to feed the matrix products, few enough that what a block makes stays in the cache.
  private static let batchColumns = 3200

  private func recognise(_ batch: LineBatch, _ state: ReaderState) -> [Lattice] {
    weights.withUnsafeBufferPointer { state.forward(batch, layout: layout, weights: $0.baseAddress!, packed: packed) }
    return (0..<batch.lines).map { line in
      let frames = batch.frames(of: line)
      let values = UnsafeBufferPointer(
        start: state.logProbabilities.pointer + frames.lowerBound * config.classes,
        count: frames.count * config.classes)
      return Lattice(
        frames: frames.count, logProbabilities: Array(values), alphabet: config.alphabet,
        columnsPerFrame: ReaderConfig.pixelsPerFrame)
    }
  }
}

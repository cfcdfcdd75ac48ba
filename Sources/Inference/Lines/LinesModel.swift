import Synchronization

// A line finder is a GGUF file (`GGUFFile`):
//   general.architecture  "grapheion-lines"           general.name  "apollo-lines"
//   lines.version  1 (a newer one is refused)
//   lines.channels  lines.depths    one number a level, see `LinesConfig`
// and the tensors of `LinesLayout`, f32 or f16, columns innermost.

/// The network that finds lines, with its weights. Read-only and thread-safe.
public final class LinesModel: Sendable {
  public let name: String
  /// `name@` and the first twelve digits of the file's SHA-256.
  public let id: String
  public let config: LinesConfig
  public let layout: LinesLayout
  /// Placed as `layout` says.
  public let weights: [Float]
  /// nil where the processor has no use for them.
  private let packed: PackedWeights?
  /// States that wait for the next call.
  private let idle = Mutex<[IdleState]>([])

  /// A state is used by one call at a time: it is taken out of `idle` while it works.
  private struct IdleState: @unchecked Sendable { let state: LinesState }

  public init(name: String, id: String, config: LinesConfig, weights: [Float]) {
    let layout = LinesLayout(config)
    precondition(weights.count == layout.count)
    (self.name, self.id, self.config, self.layout, self.weights) = (name, id, config, layout, weights)
    packed = weights.withUnsafeBufferPointer { PackedWeights(layout, $0.baseAddress!) }
  }

  static let architecture = "grapheion-lines"
  static let version = 1

  /// Whether a file says that it is one.
  public static func isOne(_ file: GGUFFile) -> Bool { file.string("general.architecture") == architecture }

  /// Reads a model file.
  public static func load(path: String) throws(ModelError) -> LinesModel {
    let file = try GGUFFile(path: path)
    guard isOne(file) else {
      let other = file.string("general.architecture").map { "a model of kind '\($0)'" } ?? "of no stated kind"
      throw ModelError(.wrongKind, path: path, "is \(other), not a Grapheion line finder")
    }
    guard let version = file.integer("lines.version"), version <= Self.version else {
      throw ModelError(.newerVersion, path: path, "was made for a newer Grapheion")
    }
    var config = LinesConfig()
    guard let channels = file.integers("lines.channels"), let depths = file.integers("lines.depths") else {
      throw ModelError(.damaged, path: path, "does not state the shape of its network")
    }
    (config.channels, config.depths) = (channels, depths)
    guard config.isSound else { throw ModelError(.damaged, path: path, "states a network that cannot be built") }
    let weights = try file.weights(of: LinesLayout(config))
    let name = file.string("general.name") ?? "lines"
    return LinesModel(name: name, id: "\(name)@\(file.hash.prefix(12))", config: config, weights: weights)
  }

  /// Writes a model file, whole or not at all; `notes` are further metadata (`general.license`, how it was trained).
  public static func save(
    to path: String, name: String, config: LinesConfig, weights: [Float], notes: [(String, String)] = []
  ) throws(ModelError) {
    try ModelError.requireNumbers(weights, path: path)
    let layout = LinesLayout(config)
    precondition(weights.count == layout.count)
    var writer = GGUFWriter()
    writer.set("general.architecture", .string(architecture))
    writer.set("general.name", .string(name))
    for (key, text) in notes { writer.set(key, .string(text)) }
    writer.set("lines.version", .integer(Int64(version)))
    writer.set("lines.channels", .array(config.channels.map { .integer(Int64($0)) }))
    writer.set("lines.depths", .array(config.depths.map { .integer(Int64($0)) }))
    writer.add(layout, weights)
    try writer.write(to: path)
  }

  /// What the network says of an image [y][x][input]: logits [y / 2][x / 2][output], see `LinesConfig.Output`, lent for the time of `body`.
  ///
  /// About 80 ns a pixel on one core with bfloat16; 100 bytes a pixel for each call at the same time.
  /// - Precondition: sides are multiples of `config.multiple`.
  public func look<Result>(
    at image: UnsafeBufferPointer<Float>, width: Int, height: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    precondition(image.count == width * height * LinesConfig.inputs)
    let state = idle.withLock { $0.popLast() } ?? IdleState(state: LinesState(layout, keepsAll: false))
    defer { idle.withLock { $0.append(state) } }
    weights.withUnsafeBufferPointer { weights in
      state.state.forward(
        image.baseAddress!, width: width, height: height, weights: weights.baseAddress!, packed: packed)
    }
    let places = width * height / (LinesConfig.pixelsPerPlace * LinesConfig.pixelsPerPlace)
    return body(
      UnsafeBufferPointer(start: state.state.result.pointer, count: places * LinesConfig.Output.allCases.count))
  }
}

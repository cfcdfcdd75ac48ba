import CKernels

/// Buffers of a decoder at work: as many tokens at once as it was made for. Allocated once.
///
/// Unchecked: threads of one team write to parts that are theirs alone, and meet before they read another's.
final class DecoderState: @unchecked Sendable {
  typealias Floats = UnsafeMutablePointer<Float>

  let config: DecoderConfig
  let cache: DecoderCache
  /// Tokens at once.
  let capacity: Int

  /// [token][width]: what runs through the layers; what a layer adds to it; the normed one.
  let stream, added, normed: Floats
  /// [token][query width], [token][key width] twice.
  let queries, keys, values: Floats
  /// [token][query width]: what attention gives.
  let attended: Floats
  /// [token][hidden or width, the wider one] twice.
  let gates, ups: Floats
  /// [token][rotary size].
  let turns: Floats
  /// [token][vocabulary], of the tokens that are asked for.
  private(set) var logits: Floats
  private var logitRows = 0
  /// Rounded columns, three places for three kinds of rounding.
  let rounded: [UnsafeMutableRawPointer]
  /// Bytes from rounded column to column.
  let roundedPitch: Int
  /// For each thread that may be at work: a panel, and the scores and rounded queries of one head.
  let scratch: [Scratch]

  /// What one thread needs for itself.
  struct Scratch {
    let panel: UnsafeMutableRawPointer
    let scores, mixed, query: Floats
    let rounded: UnsafeMutableRawPointer
  }

  /// Queries that are attended to together.
  static let queriesAtOnce = 64

  init(_ weights: DecoderWeights, _ config: DecoderConfig, cache: DecoderCache, tokens: Int, workers: Int) {
    self.config = config
    self.cache = cache
    capacity = tokens
    func floats(_ count: Int) -> Floats { .allocate(capacity: max(1, count)) }
    stream = floats(tokens * config.width)
    added = floats(tokens * config.width)
    normed = floats(tokens * config.width)
    queries = floats(tokens * config.queryWidth)
    keys = floats(tokens * config.keyWidth)
    values = floats(tokens * config.keyWidth)
    attended = floats(tokens * config.queryWidth)
    gates = floats(tokens * max(config.hidden, config.width))
    ups = floats(tokens * max(config.hidden, config.width))
    turns = floats(tokens * config.rotary.size)
    logits = floats(1)
    let widest = max(config.width, config.hidden, config.queryWidth)
    // Plain floats take the most.
    roundedPitch = (4 * widest + 63) & ~63
    rounded = (0..<3).map { [roundedPitch] _ in .allocate(byteCount: tokens * roundedPitch, alignment: 64) }
    let scoreWidth = cache.capacity + 8
    // Of a head's rounded queries as of its keys there are no more bytes than of plain floats.
    let panelBytes = max(
      DecoderWeights.kinds.map { grapheion_panel_bytes(Int32($0.rawValue), (widest + 255) & ~255) }.max() ?? 0,
      grapheion_panel_bytes(0, config.headSize))
    scratch = (0..<max(1, workers)).map { _ in
      Scratch(
        panel: .allocate(byteCount: panelBytes, alignment: 64),
        scores: floats(Self.queriesAtOnce * scoreWidth), mixed: floats(Self.queriesAtOnce * config.headSize),
        query: floats(Self.queriesAtOnce * config.headSize),
        rounded: .allocate(byteCount: Self.queriesAtOnce * (4 * config.headSize + 64), alignment: 64))
    }
  }

  deinit {
    for buffer in [stream, added, normed, queries, keys, values, attended, gates, ups, turns, logits] {
      buffer.deallocate()
    }
    for buffer in rounded { buffer.deallocate() }
    for part in scratch {
      part.panel.deallocate()
      part.scores.deallocate()
      part.mixed.deallocate()
      part.query.deallocate()
      part.rounded.deallocate()
    }
  }

  /// Makes room for the logits of so many tokens.
  func makeLogits(_ rows: Int) {
    guard rows > logitRows else { return }
    logits.deallocate()
    logits = .allocate(capacity: rows * config.vocabulary)
    logitRows = rows
  }
}

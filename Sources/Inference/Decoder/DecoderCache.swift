import CKernels

/// Keys and values of the tokens that were read, a cell each.
///
/// The first cells are the trunk: token after token. Cells behind it belong to branches: each continues the trunk, or another branch, and
/// holds what leads to it, so that many continuations share what is before them and none is ever copied.
final class DecoderCache {
  /// How keys and values are held.
  enum Form: Sendable {
    case halves
    /// Bytes with a scale for each 32: half the memory.
    case bytes
  }

  let kind: Int32
  let capacity: Int
  /// Bytes of a cell, and of one head in it.
  let pitch, headPitch: Int
  private let layers: Int
  private let memory: UnsafeMutableRawPointer

  /// Tokens of the trunk.
  var trunk = 0
  /// The cells of branches, in the order in which they were made: the place in the text, and the cells that lead there, itself last.
  var branches: [(position: Int, path: [Int])] = []

  /// - Parameter capacity: cells.
  init(_ config: DecoderConfig, form: Form, capacity: Int) {
    // q8_0 needs whole blocks.
    let isWhole = form == .bytes && config.headSize % 32 == 0
    kind = Int32((isWhole ? GGUFTensor.Kind.q8_0 : .f16).rawValue)
    headPitch = grapheion_stored_bytes(kind, config.headSize)
    pitch = headPitch * config.keyHeads
    layers = config.layers
    self.capacity = capacity
    // Taken from the system page by page, as it is filled.
    memory = .allocate(byteCount: 2 * layers * capacity * pitch, alignment: 4096)
  }

  deinit { memory.deallocate() }

  var bytes: Int { 2 * layers * capacity * pitch }

  func keys(_ layer: Int) -> UnsafeMutableRawPointer { memory + 2 * layer * capacity * pitch }
  func values(_ layer: Int) -> UnsafeMutableRawPointer { keys(layer) + capacity * pitch }

  var free: Int { capacity - trunk - branches.count }
}

/// A decoder that predicts the next token of a text: any GGUF of the Mistral family as llama.cpp writes it, its weights mapped. Read-only and
/// thread-safe.
public struct DecoderModel: Sendable {
  public let config: DecoderConfig
  public let vocabulary: Vocabulary
  let weights: DecoderWeights
  /// Holds the map that the weights lie in.
  let file: GGUFFile

  /// - Throws: for what is damaged, and for what cannot be run, with key and value. What is refused takes no more time and memory than the file's
  ///   head does.
  public init(path: String) throws(ModelError) {
    file = try GGUFFile(path: path, isMapped: true)
    config = try DecoderConfig(file)
    weights = try DecoderWeights(file, config)
    vocabulary = try Vocabulary(file, count: config.vocabulary)
  }

  /// The name it has in its file, else the file's.
  public var name: String {
    file.string("general.name") ?? String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
  }

  public var path: String { file.path }
  /// Bytes of weights that each token goes through.
  public var bytes: Int { weights.bytes }
}

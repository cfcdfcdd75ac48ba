import Foundation

/// The path of a model file for one test; what is written there is gone with the value.
final class ScratchFile: Sendable {
  let path = NSTemporaryDirectory() + "/grapheion-model-" + UUID().uuidString + ".gguf"

  deinit {
    // A file left behind in the temporary directory is no failure of the test.
    _ = try? FileManager.default.removeItem(atPath: path)
  }
}

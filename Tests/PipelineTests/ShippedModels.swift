import Inference

@testable import Pipeline

/// The models that ship.
enum ShippedReader {
  static let model = Result { try ReaderModel.load(path: folder + "/apollo-reader.gguf") }
  static let lines = Result { try LinesModel.load(path: folder + "/apollo-lines.gguf") }
  static func fragments() throws -> ModelFragmentReader { ModelFragmentReader(try model.get(), lines: try lines.get()) }
  static func finder() throws -> LineFinder { LineFinder(try lines.get()) }
  private static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/models"
}

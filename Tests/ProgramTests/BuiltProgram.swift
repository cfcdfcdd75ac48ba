import Foundation

/// The built `grapheion` beside the test bundle, run as a user runs it.
enum BuiltProgram {
  struct Outcome {
    var status: Int32
    var output: String
    var error: String
  }

  /// The folder the package stands in.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// `…/release/grapheion`, beside the test bundle that runs this code.
  static let path: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("grapheion").path
  }()

  /// Runs it to its end with nothing on standard input (or `input`), and `environment` over the present one.
  static func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:], in folder: String? = nil
  ) throws -> Outcome {
    try run(arguments, input: input, environment: environment, in: folder)
  }

  static func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:], in folder: String? = nil
  ) throws -> Outcome {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var variables = ProcessInfo.processInfo.environment
    variables["GRAPHEION_HOME"] = root
    variables.merge(environment) { $1 }
    process.environment = variables
    // Files, not pipes: a child that prints much never blocks on a reader.
    let (output, error, source) = (scratch.path + "/out", scratch.path + "/err", scratch.path + "/in")
    for file in [output, error] { try Data().write(to: URL(fileURLWithPath: file)) }
    try Data((input ?? "").utf8).write(to: URL(fileURLWithPath: source))
    process.standardInput = FileHandle(forReadingAtPath: source)
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: error)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: URL(fileURLWithPath: error)), as: UTF8.self))
  }
}

/// A folder of its own for one test, gone with the value.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/grapheion-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // A folder left behind in the temporary directory is no failure of the test.
    _ = try? FileManager.default.removeItem(atPath: path)
  }
}

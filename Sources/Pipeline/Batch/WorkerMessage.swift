import JSON

/// What a worker tells the batch, a line each: one JSON object.
public enum WorkerMessage: Sendable {
  /// The reader is loaded.
  case ready(model: String, settings: String)
  case started(String)
  /// It was read before; nothing to do.
  case unchanged(String)
  /// Read, and on the disk.
  case read(String, lines: Int, seconds: Double)
  /// It could not be read, which is on the disk too.
  case failed(String, reason: String)
  /// Seconds by stage, at the end.
  case stages([String: Double])
  /// Nothing can be read at all, or nothing kept: the run must end. With the exit status that says what kind of trouble it is.
  case impossible(Int32, String)

  static let stageNames = StageTimes.Stage.allCases.map { "\($0)" }

  var line: String {
    let members: KeyValuePairs<String, JSONValue?> =
      switch self {
      case .ready(let model, let settings): ["ready": .string(model), "settings": .string(settings)]
      case .started(let id): ["started": .string(id)]
      case .unchanged(let id): ["unchanged": .string(id)]
      case .read(let id, let lines, let seconds):
        ["read": .string(id), "lines": .int(lines), "seconds": .double(seconds)]
      case .failed(let id, let reason): ["failed": .string(id), "reason": .string(reason)]
      case .stages(let times):
        ["stages": .object(times.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .double($0.value)) })]
      case .impossible(let status, let message):
        ["impossible": .int(Int(status)), "message": .string(message)]
      }
    return JSONValue.object(members).text
  }

  /// Throws for a line that no worker of this program writes.
  init(_ line: String) throws {
    let json = try JSONValue.parse(line)
    if let id = json["started"]?.string {
      self = .started(id)
    } else if let id = json["read"]?.string {
      self = .read(id, lines: json["lines"]?.int ?? 0, seconds: json["seconds"]?.double ?? 0)
    } else if let id = json["unchanged"]?.string {
      self = .unchanged(id)
    } else if let id = json["failed"]?.string {
      self = .failed(id, reason: json["reason"]?.string ?? "")
    } else if let model = json["ready"]?.string {
      self = .ready(model: model, settings: json["settings"]?.string ?? "")
    } else if let times = json["stages"]?.members {
      self = .stages(Dictionary(uniqueKeysWithValues: times.map { ($0.name, $0.value.double ?? 0) }))
    } else if let status = json["impossible"]?.int {
      self = .impossible(Int32(clamping: status), json["message"]?.string ?? "")
    } else {
      throw BatchError(status: nil, description: "a worker said '\(String(line.prefix(80)))'")
    }
  }
}

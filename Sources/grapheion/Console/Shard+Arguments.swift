import Pipeline
import Platform
import Text

extension Shard {
  /// `--shard K/N`, else the place in a Slurm array, else nil: everything.
  static func chosen(_ arguments: Arguments, for command: String) throws(Failure) -> Shard? {
    if let text = arguments.value("--shard") {
      let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let part = numbers[0], let parts = numbers[1], parts > 0, (0..<parts).contains(part)
      else { throw Failure(.usage, "\(command): --shard is K/N with K from 0 to N-1, not '\(displayText(text))'.") }
      return Shard(part: part, parts: parts)
    }
    guard let task = Environment.value("SLURM_ARRAY_TASK_ID").flatMap({ Int($0) }),
      let parts = Environment.value("SLURM_ARRAY_TASK_COUNT").flatMap({ Int($0) }), parts > 0
    else { return nil }
    let first = Environment.value("SLURM_ARRAY_TASK_MIN").flatMap { Int($0) } ?? 0
    let step = max(1, Environment.value("SLURM_ARRAY_TASK_STEP").flatMap { Int($0) } ?? 1)
    let part = (task - first) / step
    guard (0..<parts).contains(part) else {
      throw Failure(
        .usage, "\(command): SLURM_ARRAY_TASK_ID \(task) lies outside its array; name the part by --shard K/N.")
    }
    return Shard(part: part, parts: parts)
  }
}

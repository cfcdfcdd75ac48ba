import Platform

/// Why a run cannot start or go on.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
  case checkpoint(_ path: String, _ why: String)
  case system(SystemError)
  case noData(_ why: String)
  /// The loss is no number any more: the rate is too high.
  case diverged(step: Int)

  public var description: String {
    switch self {
    case .checkpoint(let path, let why): "\(path): cannot go on from this checkpoint: \(why)"
    case .system(let error): error.description
    case .noData(let why): why
    case .diverged(let step): "the loss is no number at step \(step); start again with a lower --rate"
    }
  }
}

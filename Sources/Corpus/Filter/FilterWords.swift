/// What the filter language knows, for those who type it.
public enum FilterWords {
  /// Fields that a condition may begin with, each with the sign that mostly follows.
  public static let fields: [String] =
    Filter.TextField.allCases.filter { $0 != .any }.map { $0.rawValue + ":" } + ["text:", "date:", "state:", "has:"]
    + Filter.NumberField.allCases.map { $0.rawValue + ">" }

  /// What may stand after a field and its sign; empty where anything may.
  public static func choices(of field: String) -> [String] {
    switch field {
    case "state": FragmentState.allCases.map(\.rawValue)
    case "has": Filter.Thing.allCases.map(\.rawValue)
    default: []
    }
  }
}

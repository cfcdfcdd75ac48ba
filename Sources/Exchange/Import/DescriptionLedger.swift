import Platform
import Text

/// Files in imported folders that describe lines, and whether anything came of them: one that belongs to no photograph is named, so that nobody believes
/// its lines came in. One thread.
final class DescriptionLedger {
  private var found: [String] = []
  private var used: Set<String> = []
  private var refused: Set<String> = []

  func found(_ path: String) { found.append(path) }

  func use(_ sidecar: Sidecar) {
    for path in [sidecar.path] + sidecar.others { used.insert(Files.resolved(path) ?? path) }
  }

  /// A photograph that did not come in has said so; what lies beside it need not.
  func refuse(photograph: String) { refused.insert(Self.stem(photograph)) }

  /// The files that no photograph asked for, and those of which nobody can know whether one should have.
  var forgotten: [ImportOutcome] {
    found.compactMap { path in
      guard !used.contains(Files.resolved(path) ?? path), !refused.contains(Self.stem(path)) else { return nil }
      let head = DescriptionHead(of: path)
      if let fault = head.fault { return .leftOut(path: path, reason: fault) }
      guard let kind = head.kind else { return nil }
      let image = head.image.map { "; it says it describes \(displayText($0))" } ?? ""
      return .leftOut(
        path: path,
        reason: "\(kind.name), but no photograph of its name lies beside it or in a folder around it\(image)")
    }
  }

  private static func stem(_ path: String) -> String {
    let name = Files.name(path)
    return String(name.prefix { $0 != "." }).lowercased()
  }
}

import Synchronization

/// The photographs opened last, so that going back to one, or on to one that was opened ahead, waits for nothing.
///
/// A memory and no state. Thread-safe: workers open, the main thread asks what is open.
final class PhotographShelf: Sendable {
  /// Each keeps the tiles that were looked at in memory, 48 MB at most: the one on the desk, and the next two of a queue.
  private static let most = 3

  private let opened = Mutex<[(paths: PhotographPaths, photograph: any ViewablePhotograph)]>([])

  /// The photograph, where it is open.
  func photograph(_ paths: PhotographPaths) -> (any ViewablePhotograph)? {
    opened.withLock { opened in
      guard let place = opened.firstIndex(where: { $0.paths == paths }) else { return nil }
      // The one used last comes last.
      opened.append(opened.remove(at: place))
      return opened.last?.photograph
    }
  }

  /// The photograph, opened now where it is not. Two who ask at once may both open it.
  func photograph(
    _ paths: PhotographPaths, with opener: (PhotographPaths) throws -> any ViewablePhotograph
  ) rethrows -> any ViewablePhotograph {
    if let known = photograph(paths) { return known }
    let photograph = try opener(paths)
    opened.withLock { opened in
      if !opened.contains(where: { $0.paths == paths }) { opened.append((paths, photograph)) }
      if opened.count > Self.most { opened.removeFirst() }
    }
    return photograph
  }
}

import Platform

/// One worker as the batch sees it.
final class BatchWorker {
  let child: ChildWorker
  /// Handed over and not yet told of, in order.
  private(set) var given: [String] = []
  /// Why it was ended.
  var verdict: String?
  private var current: (id: String, since: Double)?
  private var count = 0
  private let start = Clock.monotonic()
  /// When it last said something, or was given something to do.
  private var lastWord = Clock.monotonic()
  private var isFinishing = false

  init(_ child: ChildWorker) { self.child = child }

  /// Work for a fifth of a second waits in the pipe, two fragments at least.
  var hasRoom: Bool {
    let rate = Double(count) / max(0.05, Clock.monotonic() - start)
    return !isFinishing && given.count < max(2, min(256, Int(rate / 5)))
  }

  /// The fragment being read and for how many seconds.
  var inHand: (id: String, seconds: Double)? { current.map { ($0.id, Clock.monotonic() - $0.since) } }

  /// What the bounds are held to: the fragment in hand; of a worker that has not begun, the one it must be looking at.
  var awaited: (id: String, seconds: Double)? { inHand ?? given.first.map { ($0, Clock.monotonic() - lastWord) } }

  func hasSpoken() { lastWord = Clock.monotonic() }

  /// Ends it over a fragment.
  func abandon(_ id: String, because verdict: String) {
    self.verdict = verdict
    current = (id, Clock.monotonic())
    child.kill()
  }

  /// - Parameter word: an id; after a `?` one that may have been read in this run already.
  func give(_ word: String) {
    if given.isEmpty { hasSpoken() }
    given.append(word.hasPrefix("?") ? String(word.dropFirst()) : word)
    child.send(word)
  }

  func started(_ id: String) {
    current = (id, Clock.monotonic())
    count += 1
  }

  func done(_ id: String) {
    if let place = given.firstIndex(of: id) { given.remove(at: place) }
    if current?.id == id { current = nil }
  }

  func finish() {
    guard !isFinishing else { return }
    isFinishing = true
    child.send(".")
  }
}

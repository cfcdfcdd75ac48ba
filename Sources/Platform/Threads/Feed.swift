/// Hands values from a thread that makes them to one that uses them, in order, a few ahead.
public final class Feed<Value: Sendable>: Sendable {
  private struct State {
    var values: [Value] = []
    var isClosed = false
  }

  private let state = Monitor(State())
  private let ahead: Int

  /// - Parameter ahead: values made before they are asked for, at most.
  public init(ahead: Int) { self.ahead = ahead }

  /// Waits for room; false once the feed is closed.
  public func put(_ value: Value) -> Bool {
    state.wait { state in
      if state.isClosed { return false }
      guard state.values.count < ahead else { return nil }
      state.values.append(value)
      return true
    }
  }

  /// Waits for a value; nil once the feed is closed and empty.
  public func take() -> Value? {
    state.wait { state -> Value?? in
      if !state.values.isEmpty { return .some(state.values.removeFirst()) }
      return state.isClosed ? .some(nil) : nil
    }
  }

  public func close() { state.change { $0.isClosed = true } }
}

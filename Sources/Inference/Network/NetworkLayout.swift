/// Where each tensor of a network stands in the flat array of its parameters: all that saving, training and rounding need to know of it.
public protocol NetworkLayout: Sendable {
  var tensors: [ReaderLayout.Tensor] { get }
  /// Parameters in all.
  var count: Int { get }
}

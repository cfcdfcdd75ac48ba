/// How likely each letter is after what stands before it: all that the search asks of a language, whatever model knows it.
///
/// A text so far is a state, a number that the prior gives out; the search keeps states, compares them and goes on from them in any
/// order. A prior whose states are made as it goes (a network's) is made anew for each line. A class, since it is asked some thousand times a line: held
/// in a box for values of any kind it made reading a tenth slower.
public protocol TextPrior: AnyObject, Sendable {
  typealias State = Int32

  /// The letters, in the order of their symbols, from symbol 1. A lattice of other letters is searched without the prior.
  var alphabet: [Character] { get }
  /// Where a text begins.
  var start: State { get }
  /// Letters a prediction reaches at most, with the one foretold: what lies further back makes no difference.
  var order: Int { get }
  /// The natural logarithm of how likely `symbol` comes next, and the state after it. States are equal where nothing that follows can
  /// tell them apart.
  func step(_ state: State, _ symbol: Int) -> (logProbability: Float, next: State)
}

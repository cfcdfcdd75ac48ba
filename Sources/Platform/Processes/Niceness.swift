import Glibc

/// How much of the machine a process asks for beside others.
public enum Niceness {
  /// Lets others go first, from here on and in all threads made after this. Calls nice(2); that it cannot be refused is why nothing is thrown.
  public static func lower() { _ = nice(5) }
}

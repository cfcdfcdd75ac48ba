import Text

/// Why there is no screen.
public enum TerminalError: Error, Hashable, Sendable {
  /// Standard input or output is a file, a pipe or nothing.
  case notATerminal(stream: String)
  case noTerminalType
  case unknownTerminalType(String)
  /// The terminal cannot place its cursor (`dumb`, a printer).
  case cannotPlaceCursor(String)
  case system(call: String, code: Int32)
}

extension TerminalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notATerminal(let stream):
      "\(stream) is no terminal; the workbench needs one. 'grapheion --help' lists the commands that work without."
    case .noTerminalType:
      "the environment variable TERM is not set, so the terminal's type is unknown; try TERM=xterm-256color."
    case .unknownTerminalType(let name):
      "the terminal type '\(CleanText.of(name))' (TERM) is not known on this machine; "
        + "install its terminfo entry or try TERM=xterm-256color."
    case .cannotPlaceCursor(let name):
      "a terminal of type '\(CleanText.of(name))' cannot place its cursor; the workbench needs one that can."
    case .system(let call, let code): "the terminal failed: \(call): error \(code)."
    }
  }
}

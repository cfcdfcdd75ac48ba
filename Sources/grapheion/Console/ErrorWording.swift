import Corpus
import Exchange
import Inference
import Pipeline
import Platform
import Raster
import Terminal
import Text
import Texts
import Workbench

extension Failure {
  /// Words an error of one of the modules below and chooses the exit status; the one place that does.
  init(wording error: any Error) {
    switch error {
    case let failure as Failure:
      self = failure
    case let error as CorpusError:
      let status: ExitStatus =
        switch error.code {
        case .damaged: .damaged
        case .exists, .badName, .unknownFragment: .usage
        case .unreadable, .newerFormat, .readOnly, .unwritable: .unreadable
        }
      self.init(status, error.description)
    case let error as ExchangeError:
      self.init(error.code == .usage ? .usage : .unreadable, error.description)
    case let error as BatchError:
      self.init(error.status.flatMap(ExitStatus.init(rawValue:)) ?? .unreadable, error.description)
    case let error as TextsError: self.init(error.code == .usage ? .usage : .unreadable, displayText(error.description))
    // No terminal where one is needed: the command was used in the wrong place.
    case let error as TerminalError: self.init(.usage, error.description)
    case let error as SettingsError: self.init(.usage, error.description)
    default:
      // Errors of the other modules describe themselves; file names in them may hold anything.
      self.init(.unreadable, displayText("\(error)"))
    }
  }
}

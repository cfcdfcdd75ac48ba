import Corpus
import Pipeline
import Platform
import Raster
import Terminal

/// The workbench: a scholar, a corpus, a terminal.
public enum Workbench {
  /// Letters that are more probable are sure, where the scholar has chosen nothing else.
  public static let sure = Theme.sure

  /// What may be chosen from outside.
  public struct Options: Sendable {
    /// Who decides: goes into every correction.
    public var scholar: String
    /// How finely cells are divided for images; nil as the screen has it.
    public var blocks: CellBlocks?
    /// What the scholar has chosen for himself.
    var settings: Settings
    /// Whether it is for the first time: a guide tells what to press, and nothing is remembered.
    var isTour: Bool
    /// Tells where a text is not Leiden+ and why; nil where it is.
    var check: @Sendable (String) -> FragmentDesk.Refusal?
    /// Seconds from some moment on.
    var clock: @Sendable () -> Double

    public init(scholar: String, blocks: CellBlocks? = nil, settings: Settings = Settings(), isTour: Bool = false) {
      self.scholar = scholar
      self.blocks = blocks ?? settings.blocks
      self.settings = settings
      self.isTour = isTour
      check = LeidenCheck.refusal
      clock = { Clock.monotonic() }
    }
  }

  /// How a session ended.
  public enum Ending: Hashable, Sendable {
    /// The scholar left, or the keyboard was closed.
    case left
    /// By a signal; what was decided is kept.
    case signal(Int32)
  }

  /// Opens the workbench on the terminal at hand and returns when the scholar leaves. The terminal is then as it was.
  ///
  /// - Parameters:
  ///   - store: the corpus. What it throws later is shown, never fatal.
  ///   - reader: loads the model; called on a thread of its own after the first screen is up.
  ///   - texts: opens the known texts; called on a thread of its own when they are first asked.
  /// - Throws: `TerminalError` where there is no fit terminal; `CorpusError` where the corpus cannot be listed.
  public static func run(
    store: CorpusStore, reader: @escaping @Sendable () throws -> any FragmentReader, texts: KnownTextsLoader? = nil,
    options: Options
  ) throws -> Ending {
    // SIGBUS has its handler already, for the index' sake; all other signals that end a program are the screen's.
    MapGuard.setLastWords(CursesScreen.rescue)
    let screen = try CursesScreen(options.settings.screen)
    // Whatever is thrown below, the terminal comes back first.
    defer { screen.close() }
    return try run(
      desk: CorpusDesk(store, memory: options.isTour ? nil : CorpusDesk.memory(of: store)), screen: screen,
      reader: reader, texts: texts,
      options: options)
  }

  /// The same on any screen and any desk: what tests and measurements run.
  public static func run(
    desk: any Desk, screen: any Screen, reader: @escaping @Sendable () throws -> any FragmentReader,
    texts: KnownTextsLoader? = nil, options: Options
  ) throws -> Ending {
    let session = try Session(
      desk: desk, screen: screen, options: options, openPhotograph: TiledPhotograph.open, loadReader: reader,
      loadTexts: texts)
    return session.run()
  }
}

extension Workbench.Options {
  /// Who the scholar is: as `$GRAPHEION_SCHOLAR` says, else his settings, else the login name.
  public static func scholar(_ settings: Settings) -> String {
    func said(_ name: String) -> String? { Environment.value(name).flatMap { $0.isEmpty ? nil : $0 } }
    return said("GRAPHEION_SCHOLAR") ?? settings.scholar ?? said("USER") ?? said("LOGNAME") ?? Environment.userName
      ?? "unknown"
  }
}

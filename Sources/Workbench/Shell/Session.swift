import Corpus
import Pipeline
import Platform
import Raster
import Terminal

/// The imperative shell: waits, hands what comes to the state, does what the state wants done, shows what it draws.
///
/// ```
/// keyboard, signals --> screen.wait --> workspace.handle --> effects --> corpus (fsync), background
///      workers --inbox--^      ^------------- news <-----------/            |
///                              \--inbox-----------------------------<-------/
/// ```
/// Decisions are recorded here, on the main thread, before the next key is looked at: what the screen shows as saved is on the disk.
final class Session {
  private(set) var workspace: Workspace
  let screen: any Screen
  private let corpus: any Desk
  private let background: Background
  private let openPhotograph: @Sendable (PhotographPaths) throws -> any ViewablePhotograph
  private let loadReader: @Sendable () throws -> any FragmentReader
  private let texts: TextDesk?
  /// Whether the corpus goes when it is left.
  private let isTour: Bool
  /// What was made ready last.
  private var viewsAhead: ViewsAhead?
  /// Set when the loop is to end.
  private var ending: Workbench.Ending?

  init(
    desk: any Desk, screen: any Screen, options: Workbench.Options,
    openPhotograph: @escaping @Sendable (PhotographPaths) throws -> any ViewablePhotograph,
    loadReader: @escaping @Sendable () throws -> any FragmentReader, loadTexts: KnownTextsLoader? = nil
  ) throws {
    corpus = desk
    self.screen = screen
    self.openPhotograph = openPhotograph
    self.loadReader = loadReader
    texts = loadTexts.map(TextDesk.init)
    background = try Background()
    isTour = options.isTour
    workspace = Workspace(
      corpusName: desk.name, list: CorpusList(try desk.table()), size: screen.size,
      imageCells: ImageCells(depth: screen.depth, blocks: options.blocks ?? screen.blocks), scholar: options.scholar,
      check: options.check, clock: options.clock)
    let settings = options.settings
    (workspace.keys, workspace.sure) = (settings.keys, settings.sure)
    workspace.isLinear = settings.isLinear
    (workspace.types.isBeta, workspace.opensOutlined) = (settings.isBeta, settings.showsOutlines)
    if isTour { workspace.tour = Tour(workspace) }
    if let warning = desk.warnings.first { workspace.message = .warning(warning) }
  }

  /// Runs until the scholar leaves, a signal asks to, or the keyboard is gone.
  func run() -> Workbench.Ending {
    show()
    // Only now: the first screen waits for nothing.
    background.start(loading: loadReader)
    defer { corpus.remember(workspace.memory) }
    if let memory = corpus.remembered() {
      remember(memory)
      show()
    }
    while ending == nil {
      var isChanged = false
      let hasNews = workspace.memory != workspace.kept
      let patience = hasNews ? Session.breath : Session.patience
      let events = screen.wait(wake: background.inbox.descriptor, milliseconds: patience)
      for event in events {
        isChanged = true
        handle(event)
        if ending != nil { break }
      }
      if events.isEmpty {
        if hasNews {
          corpus.remember(workspace.memory)
          workspace.kept = workspace.memory
        }
        isChanged = lookAround()
      }
      if isChanged, ending == nil { show() }
    }
    background.stop()
    if isTour { background.waitForTiles() }
    return ending ?? .left
  }

  /// So many milliseconds without a key, and what was typed and where one is outlives a hang-up of the machine.
  private static let breath = 400

  /// So many milliseconds without a key until it is looked whether others have written into the corpus.
  private static let patience = 3000

  /// Whether others have decided, read or brought fragments; what they did is shown.
  func lookAround() -> Bool {
    // What cannot be looked at now is looked at later; deciding says what is wrong.
    guard let changed = try? corpus.refresh() else { return false }
    let table = (try? corpus.newTable()) ?? nil
    switch table {
    case .table(let table)?: tell(.table(table))
    case .grown(let count)?: tell(.grown(by: count))
    case nil: break
    }
    if !changed.isEmpty { tell(.changed(changed)) }
    return table != nil || !changed.isEmpty
  }

  /// Takes up where the scholar left.
  func remember(_ memory: DeskMemory) { perform(workspace.take(memory)) }

  /// The whole screen as it is now.
  func draw() -> Grid { workspace.draw() }

  private func show() {
    screen.show(draw())
    prepareAhead()
  }

  /// What the next key will want is made while the scholar looks.
  func prepareAhead() {
    if let ahead = workspace.stripsAhead() { background.cut(ahead.keys, of: ahead.photograph, for: ahead.shelf) }
    if let views = ViewsAhead(workspace), !views.isSame(as: viewsAhead) {
      viewsAhead = views
      background.prepare(views)
    }
    for next in workspace.queueAhead() {
      guard let paths = try? corpus.paths(of: next.fragment, photograph: next.photograph) else {
        workspace.strips.giveUp(next.keys)
        continue
      }
      background.prepare(paths, next.keys, for: workspace.strips, with: openPhotograph)
    }
  }

  /// How the screen shows pictures now.
  private func takePictureAbility() {
    workspace.pixelsOfCell = screen.pixelsOfCell
    workspace.keepsPictures = screen.keepsPictures
  }

  func handle(_ event: ScreenEvent) {
    switch event {
    case .input(let input): perform(workspace.handle(input))
    case .resized(let size):
      takePictureAbility()
      workspace.resize(to: size)
    case .woken: takeDeliveries()
    case .suspendAsked: perform([.suspend])
    case .ended(let signal): ending = signal == 0 ? .left : .signal(signal)
    }
  }

  /// Takes in what the workers have put into the inbox.
  func takeDeliveries() {
    for delivery in background.inbox.take() { take(delivery) }
  }

  /// News from elsewhere than the workers.
  func tell(_ news: News) { perform(workspace.handle(news)) }

  private func take(_ delivery: Delivery) {
    switch delivery {
    case .news(let news): perform(workspace.handle(news))
    case .reading(let reading):
      do {
        try corpus.record(reading)
        perform(workspace.handle(.readingDone(fragment: reading.fragment)))
      } catch {
        perform(workspace.handle(.readingFailed(fragment: reading.fragment, "the reading could not be kept: \(error)")))
      }
    }
  }

  private func perform(_ effects: [Effect]) {
    for effect in effects { perform(effect) }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .record(let decision):
      do {
        let conflict = try corpus.record(decision)
        perform(workspace.handle(.decided(decision, conflict: conflict)))
      } catch {
        perform(workspace.handle(.undecided(decision, error)))
      }
    case .loadLines(let id):
      let result = Result { (try corpus.lines(of: id), try corpus.decisions(of: id)) }
      perform(workspace.handle(.remarks(fragment: id, corpus.remarks(of: id))))
      let decisions = (try? result.get())?.1 ?? []
      perform(workspace.handle(.lines(fragment: id, result.map(\.0), decisions: decisions)))
    case .changeEdition(let id, let line, let change):
      do {
        try corpus.changeEdition(of: id, line: line, change)
        perform(.loadLines(fragment: id))
      } catch {
        perform(workspace.handle(.editionUnchanged(error)))
      }
    case .consult(let question):
      guard let texts else {
        return perform(workspace.handle(.consulted(question, .failure(NoKnownTexts()), by: "")))
      }
      background.ask(texts, question)
    case .findForms(let question):
      // A fragment that cannot be looked through has no forms.
      let id = question.fragment
      let states = (try? corpus.lines(of: id)) ?? []
      let photographs = workspace.list.row(of: id)?.fragment.photographs ?? []
      let names = LineNumber.all(of: states.map(\.region), on: photographs).map(\.description)
      let paths = photographs.indices.compactMap { try? corpus.paths(of: id, photograph: $0) }
      background.findForms(question, Array(zip(states, names)), paths, with: openPhotograph)
    case .loadDecisions(let id):
      perform(workspace.handle(.decisions(fragment: id, Result { try corpus.decisions(of: id) })))
    case .refreshRow(let id):
      // A row that cannot be had anew stays as it was; opening the fragment says why.
      if let entry = try? corpus.entry(of: id) { perform(workspace.handle(.row(entry))) }
    case .search(let pattern):
      perform(workspace.handle(.found(pattern, Result { try corpus.search(pattern) })))
    case .openPhotograph(let id, let photograph):
      do {
        let paths = try corpus.paths(of: id, photograph: photograph)
        // What was opened ahead is there with the key.
        if let open = background.opened.photograph(paths) {
          return perform(workspace.handle(.photograph(fragment: id, photograph: photograph, .success(open))))
        }
        background.open(paths, fragment: id, photograph: photograph, with: openPhotograph)
      } catch {
        perform(workspace.handle(.photograph(fragment: id, photograph: photograph, .failure(error))))
      }
    case .read(let id, let again): queue(id, first: again)
    case .ask(let id, let region, let pattern): queue(id, first: true, asked: ([region], .like(pattern)))
    case .readLine(let id, let region): queue(id, first: true, asked: ([region], .anew))
    case .readAhead(let id, let regions): queue(id, first: false, asked: (regions, .ahead))
    case .redraw(let step): record(step)
    case .recordOffers(let offers):
      // Offers that cannot be kept are shown all the same.
      let kept = Result { _ = try corpus.record(offers) }
      perform(workspace.handle(.offered(offers, kept)))
    case .loadDescriptions(let id):
      perform(workspace.handle(.descriptions(fragment: id, corpus.remarks(of: id).filter { $0.kind == .described })))
    case .describe(let id, let field, let text, let isUndo):
      do {
        let fragment = try corpus.describe(id, by: workspace.scholar) { field.set(text, in: &$0) }
        perform(workspace.handle(.described(fragment, field, isUndo: isUndo)))
      } catch {
        perform(workspace.handle(.notDescribed(error)))
      }
    case .editText(let id, let text):
      let result = Result { try screen.edit(text, name: id + ".leiden") }
      takePictureAbility()
      workspace.resize(to: screen.size)
      perform(workspace.handle(.edited(fragment: id, result)))
    case .afterEditing(let decided, let refused, let stranger):
      perform(workspace.finishEditing(decided: decided, refused: refused, stranger: stranger))
    case .remark(let draft):
      do {
        perform(workspace.handle(.remarked(try corpus.record(draft))))
      } catch {
        perform(workspace.handle(.notRemarked(error)))
      }
    case .loadQueue(let kind, let order, let filter):
      let scholar = workspace.scholar
      let result = Result { try corpus.queue(kind, by: order, for: scholar, matching: filter) }
      perform(workspace.handle(.queue(kind, order, result)))
    case .loadFigures:
      // Figures that cannot be had are comfort, no work.
      if let figures = try? corpus.figures(of: workspace.scholar) { perform(workspace.handle(.figures(figures))) }
    case .copy(let text): screen.copy(text)
    case .redrawAll: screen.redraw()
    case .suspend:
      screen.suspend()
      workspace.resize(to: screen.size)
    case .quit: ending = .left
    }
  }

  /// Records a step of several decisions. Where one fails those before it stand, and the lines are shown as they are on the disk.
  private func record(_ step: [Correction]) {
    for (index, decision) in step.enumerated() {
      do {
        _ = try corpus.record(decision)
      } catch {
        perform(workspace.handle(.undecided(decision, error)))
        if index > 0 { perform(.loadLines(fragment: decision.fragment)) }
        return
      }
    }
    perform(workspace.handle(.redrawn(step)))
  }

  /// - Parameter asked: the lines to read, and how; nil for all lines.
  private func queue(
    _ id: String, first: Bool, asked: (regions: [LineRegion], how: Background.Job.Asked)? = nil
  ) {
    if case .absent(let reason) = workspace.reader {
      // What nobody asked for is not missed: a line that is drawn without a reader is drawn all the same.
      if asked?.how.isUnasked ?? false { return }
      perform(workspace.handle(.readingFailed(fragment: id, "there is no reader: \(reason)")))
      return
    }
    do {
      let fragment = workspace.list.row(of: id)?.fragment
      let paths = try (fragment?.photographs ?? []).indices.map { try corpus.paths(of: id, photograph: $0).photograph }
      let regions = try asked?.regions ?? corpus.regionsToRead(of: id)
      let job = Background.Job(
        fragment: id, photographs: paths, twins: fragment?.twins ?? [], regions: regions, asked: asked?.how,
        known: asked.map { workspace.decidedLetters(of: id, besides: $0.regions) } ?? [])
      background.add(job, first: first)
      if !(asked?.how.isUnasked ?? false) { perform(workspace.handle(.readingWaits(fragment: id))) }
    } catch {
      perform(workspace.handle(.readingFailed(fragment: id, "\(error)")))
    }
  }
}

import Corpus
import Pipeline
import Platform
import Raster
import Synchronization

/// What workers put into the inbox: news for the state, or a reading that the main thread must record first.
enum Delivery: Sendable {
  case news(News)
  case reading(FragmentReading)
}

/// Work that the keys never wait for: loading the reader, reading fragments one after another, opening photographs.
///
/// ```
/// main loop --jobs--> reader thread ------\
///           --open--> photograph threads --> inbox --> main loop --> state, store
/// ```
/// The store belongs to the main thread: workers are given paths and hand back values.
final class Background: Sendable {
  /// A fragment to read: its photographs, and regions where they were given.
  struct Job: Sendable {
    var fragment: String
    var photographs: [String]
    /// `Fragment.twins`.
    var twins: Set<Int> = []
    var regions: [LineRegion]
    /// Where only some lines are asked about, how.
    var asked: Asked?
    /// What the fragment's decided lines say, as `FragmentReader.knowing` takes it.
    var known: [String] = []

    /// Lines are read anew, or among the texts that fit a pattern, or before they are come to.
    enum Asked: Hashable, Sendable {
      case anew
      case like(String)
      case ahead

      /// Whether the scholar did not ask for it, and waits for nothing.
      var isUnasked: Bool { if case .like = self { false } else { true } }
    }

    /// Whether this job makes another needless: a line drawn twice is read where it is now.
    func replaces(_ other: Job) -> Bool {
      // What comes soon comes soon where the scholar is now.
      if asked == .ahead, other.asked == .ahead { return true }
      return fragment == other.fragment && asked == other.asked
        && (asked == nil || regions.map(\.id) == other.regions.map(\.id))
    }
  }

  let inbox: Inbox<Delivery>
  private let jobs = Mutex<Jobs>(Jobs())
  private let wake: Inbox<Void>
  /// The views to make ready next, and whether others are being made.
  private let ahead = Mutex<(next: ViewsAhead?, isBusy: Bool)>((nil, false))

  private struct Jobs {
    var waiting: [Job] = []
    var isStopped = false
    var isStarted = false
  }

  init() throws(SystemError) {
    inbox = try Inbox()
    wake = try Inbox()
  }

  // MARK: Reading

  /// Starts the reader thread, which loads the reader and then works off the jobs. Once.
  func start(loading load: @escaping @Sendable () throws -> any FragmentReader) {
    let isFirst = jobs.withLock { jobs in
      defer { jobs.isStarted = true }
      return !jobs.isStarted
    }
    guard isFirst else { return }
    Threads.detach { [self] in
      let reader: any FragmentReader
      do {
        reader = try load()
      } catch {
        inbox.put(.news(.readerFailed("\(error)")))
        return
      }
      inbox.put(.news(.readerReady(model: reader.model)))
      var knowing = (lines: [String](), reader: (any FragmentReader)?.none)
      while let job = nextJob() {
        // One decision has several lines read.
        if job.known != knowing.lines { knowing = (job.known, reader.knowing(job.known)) }
        // Who learns nothing from them need not read lines again unasked.
        if job.asked == .ahead, knowing.reader == nil { continue }
        read(job, with: job.known.isEmpty ? reader : knowing.reader ?? reader)
      }
    }
  }

  /// Puts a fragment into the queue: at its head, for the one who asked last looks at it. False where it waits already.
  @discardableResult
  func add(_ job: Job, first: Bool) -> Bool {
    jobs.withLock { jobs in
      if !first, job.asked == nil, jobs.waiting.contains(where: job.replaces) { return }
      jobs.waiting.removeAll(where: job.replaces)
      jobs.waiting.insert(job, at: first ? 0 : jobs.waiting.count)
    }
    wake.put(())
    return true
  }

  /// No more jobs; the one being read is broken off at its next line.
  func stop() {
    jobs.withLock { jobs in
      jobs.isStopped = true
      jobs.waiting = []
    }
    wake.put(())
  }

  private var isStopped: Bool { jobs.withLock(\.isStopped) }

  private func nextJob() -> Job? {
    while true {
      let (job, isStopped): (Job?, Bool) = jobs.withLock { jobs in
        (jobs.waiting.isEmpty ? nil : jobs.waiting.removeFirst(), jobs.isStopped)
      }
      if isStopped { return nil }
      if let job { return job }
      Waiting.untilReadable(wake.descriptor)
      _ = wake.take()
    }
  }

  private func read(_ job: Job, with reader: any FragmentReader) {
    if let asked = job.asked {
      for region in job.regions {
        let result = Result {
          guard job.photographs.indices.contains(region.photograph) else {
            throw CorpusError(
              .damaged, path: job.fragment,
              "line \(region.id) lies on photograph \(region.photograph + 1), which is not there")
          }
          let pattern: String? = if case .like(let pattern) = asked { pattern } else { nil }
          return try reader.read(line: region, file: job.photographs[region.photograph], like: pattern)
        }
        switch asked {
        case .like(let pattern):
          inbox.put(.news(.answered(fragment: job.fragment, region: region, pattern: pattern, result)))
        case .anew: inbox.put(.news(.lineRead(fragment: job.fragment, region: region, result)))
        case .ahead:
          // What could not be read again stays as it was.
          if case .success(let reading) = result {
            inbox.put(.news(.readAhead(fragment: job.fragment, reading, knowing: job.known.count)))
          }
        }
      }
      return
    }
    do {
      let reading = try reader.read(
        fragment: job.fragment, photographs: job.photographs, twins: job.twins, regions: job.regions
      ) { done, all in
        inbox.put(.news(.readingProgress(fragment: job.fragment, done: done, of: all)))
        return !isStopped
      }
      if !isStopped { inbox.put(.reading(reading)) }
    } catch {
      inbox.put(.news(.readingFailed(fragment: job.fragment, "\(error)")))
    }
  }

  // MARK: Photographs

  /// The photographs opened last.
  let opened = PhotographShelf()

  /// How many photographs are being opened, which may build their tiles.
  private let opening = Mutex(0)

  /// Has a photograph opened that may have to be tiled.
  private func detachOpening(_ work: @escaping @Sendable () -> Void) {
    opening.withLock { $0 += 1 }
    Threads.detach { [self] in
      defer { opening.withLock { $0 -= 1 } }
      work()
    }
  }

  /// Waits until nothing is written into the corpus any more: for whoever removes it. A photograph whose tiles take longer than some seconds is not waited for.
  func waitForTiles() {
    let end = Clock.monotonic() + 10
    while opening.withLock({ $0 > 0 }), Clock.monotonic() < end { Clock.sleep(0.005) }
  }

  /// Opens a photograph before it is looked at and cuts its lines. Nobody is told: they are found on the shelves.
  func prepare(
    _ paths: PhotographPaths, _ keys: [StripImage.Key], for shelf: StripShelf,
    with opener: @escaping @Sendable (PhotographPaths) throws -> any ViewablePhotograph
  ) {
    detachOpening { [self] in
      // What cannot be opened says so when it is looked at.
      guard let photograph = try? opened.photograph(paths, with: opener) else { return shelf.giveUp(keys) }
      for key in keys { shelf.cutAhead(key, of: photograph) }
    }
  }

  /// Cuts lines before they are looked at. Nobody is told: they are found on the shelf.
  func cut(_ keys: [StripImage.Key], of photograph: any ViewablePhotograph, for shelf: StripShelf) {
    Threads.detach { for key in keys { shelf.cutAhead(key, of: photograph) } }
  }

  /// Makes views ready before they are looked at; of those that come while others are made, only the last.
  func prepare(_ views: ViewsAhead) {
    let isIdle = ahead.withLock { ahead in
      defer { ahead = (next: views, isBusy: true) }
      return !ahead.isBusy
    }
    guard isIdle else { return }
    Threads.detach { [self] in
      while let views = ahead.withLock({ ahead in
        defer { ahead = (next: nil, isBusy: ahead.next != nil) }
        return ahead.next
      }) { views.prepare() }
    }
  }

  /// Opens a photograph's tiles, building them where they are missing.
  func open(
    _ paths: PhotographPaths, fragment: String, photograph: Int,
    with opener: @escaping @Sendable (PhotographPaths) throws -> any ViewablePhotograph
  ) {
    detachOpening { [self] in
      let result = Result { try opened.photograph(paths, with: opener) }
      inbox.put(.news(.photograph(fragment: fragment, photograph: photograph, result)))
    }
  }

  /// Cuts a letter's forms out of a fragment's photographs.
  ///
  /// - Parameters:
  ///   - lines: the fragment's, with their names.
  ///   - paths: of its photographs.
  func findForms(
    _ question: FormsQuestion, _ lines: [(line: LineState, name: String)], _ paths: [PhotographPaths],
    with opener: @escaping @Sendable (PhotographPaths) throws -> any ViewablePhotograph
  ) {
    detachOpening { [self] in
      let forms = LetterForm.all(of: question.letter, on: question.fragment, lines) { index in
        guard paths.indices.contains(index) else {
          throw CorpusError(.damaged, path: question.fragment, "has no photograph \(index + 1)")
        }
        // Thirty that nobody looks at again would push out those that are looked at.
        return try opened.photograph(paths[index]) ?? opener(paths[index])
      }
      inbox.put(.news(.forms(question, forms)))
    }
  }

  // MARK: Known texts

  /// Asks the known texts, after what they were asked before.
  func ask(_ texts: TextDesk, _ question: TextQuestion) {
    texts.isNext(question)
    Threads.detach { [self] in
      let answer = texts.answer(question) { [self] words in inbox.put(.news(.consulting(question, words))) }
      guard let answer else { return }
      let name = (try? answer.get().name) ?? ""
      inbox.put(.news(.consulted(question, answer.map(\.offers), by: name)))
    }
  }
}

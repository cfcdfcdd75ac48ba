import Corpus
import Glibc
import Platform
import Raster
import Terminal
import Workbench

/// `grapheion bench screen`: how soon the first screen stands, and how long a frame of panning and zooming takes.
let benchScreen = Bench(
  name: "screen", summary: "first screen of 30 fragments; frames of 200 x 60 cells on 6000 x 8000 pixels (medians)"
) { _ in
  let folder = try TemporaryFolder("bench")
  defer { folder.remove() }
  let corpus = try screenCorpus(folder.path + "/corpus", fragments: 30)

  // The whole program, from the call to the table on a terminal of its own.
  var starts: [Double] = []
  for _ in 0..<7 { starts.append(try secondsToFirstScreen(corpus.path)) }
  Bench.figure("program start to first screen", milliseconds(starts.sorted()[3]), goal: "100 ms")

  for (name, depth, blocks) in [
    ("24 bits, half blocks", ColourDepth.direct, CellBlocks.half), ("24 bits, the nearest blocks", .direct, .fine),
    ("256 colours, the nearest blocks", .palette, .fine), ("no colours, Braille", .none, .braille),
  ] {
    let screen = FrameClock(depth: depth)
    _ = try Workbench.run(
      desk: CorpusDesk(corpus), screen: screen, reader: { throw Failure(.unreadable, "no reader is measured here.") },
      options: Workbench.Options(scholar: "bench", blocks: blocks))
    let frames = screen.frames.sorted()
    guard !frames.isEmpty else { throw Failure(.unreadable, "bench: no frame was drawn.") }
    Bench.figure("pan and zoom, \(name)", milliseconds(frames[frames.count / 2]), goal: "33 ms")
    Bench.figure("  the slowest of \(frames.count)", milliseconds(frames[frames.count - 1]))
  }
}

/// A corpus of one large photograph with 40 lines, and small ones beside it.
func screenCorpus(_ path: String, fragments: Int) throws -> CorpusStore {
  let store = try CorpusStore.create(at: path)
  for number in 0..<fragments {
    let id = "bench-" + String(1000 + number)
    let (width, height) = number == 0 ? (6000, 8000) : (300, 400)
    try Files.makeFolder(try store.folder(of: id))
    try SyntheticPhotograph(width: width, height: height).write(to: try store.folder(of: id) + "/recto.png")
    try store.add(
      Fragment(
        id: id, title: "Measured fragment \(number)", date: DateRange(notBefore: -100 + number, notAfter: number),
        place: "Tebtynis", photographs: [Photograph(file: "recto.png", width: width, height: height)]))
    let lines = (0..<(number == 0 ? 40 : 8)).map { index in
      let y = Double(height) * (Double(index) + 0.7) / (number == 0 ? 40.0 : 8.0)
      let (left, right, high) = (Double(width) * 0.1, Double(width) * 0.9, Double(height) / 60)
      return LineReading(
        region: LineRegion(
          id: "0-\(index)", photograph: 0, column: 0, baseline: [Point(x: left, y: y), Point(x: right, y: y)],
          polygon: Polygon([
            Point(x: left, y: y - high), Point(x: right, y: y - high), Point(x: right, y: y + high / 3),
            Point(x: left, y: y + high / 3),
          ])),
        candidates: [Candidate(text: "ΚΑΙ", leiden: "και", probability: 0.9, letters: [])])
    }
    try store.record(FragmentReading(fragment: id, model: "bench@0", settings: "", seconds: 0, lines: lines))
  }
  return store
}

/// A screen of 200 x 60 that presses keys as soon as it is waited on, and times each from the key to the finished grid.
private final class FrameClock: Screen {
  let size = Size(width: 200, height: 60)
  let depth: ColourDepth
  private(set) var frames: [Double] = []
  private var pictures = PictureCells()
  private var pressed: Double?
  private var isOpen = false
  /// Once round the photograph, near and far.
  private var keys = Array("zfLLLLJJJJ+++LLLLJJJJHHHHKKKK---W+++++++LLJJwJJJJKKKKjjjjjjkkk++JJKKLLHH").map {
    String($0)
  }

  init(depth: ColourDepth) { self.depth = depth }

  func wait(wake: Int32?, milliseconds: Int?) -> [ScreenEvent] {
    if !isOpen {
      isOpen = true
      return [.input(.key(Key(.enter)))]
    }
    if let wake {
      // Only the photograph is waited for; after that no worker has anything to say.
      var request = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
      if poll(&request, 1, frames.isEmpty ? 2000 : 0) > 0 { return [.woken] }
    }
    guard !keys.isEmpty, let key = Key(keys.removeFirst()) else { return [.ended(signal: 0)] }
    pressed = Clock.monotonic()
    return [.input(.key(key))]
  }

  func show(_ grid: Grid) {
    _ = pictures.flatten(grid)
    if let start = pressed { frames.append(Clock.monotonic() - start) }
    pressed = nil
  }

  func redraw() {}
  func suspend() {}
}

/// Starts this program on a pseudo-terminal and waits for the bottom line of the corpus view.
func secondsToFirstScreen(_ corpus: String) throws -> Double { try firstScreen(corpus).seconds }

/// The same, and the memory that is resident then.
func firstScreen(_ corpus: String) throws -> (seconds: Double, resident: Int) {
  let terminal = try BenchTerminal([corpus])
  // The help's hint is the last thing on the screen.
  guard terminal.wait(for: "quit") else { throw Failure(.unreadable, "bench: no first screen came.") }
  return (Clock.monotonic() - terminal.start, terminal.residentBytes)
}

func milliseconds(_ value: Double) -> String { "\((value * 10000).rounded() / 10) ms" }

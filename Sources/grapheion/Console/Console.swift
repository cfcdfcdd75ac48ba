import Glibc
import JSON
import Platform
import Synchronization
import Text

/// Results go to standard output, everything else to standard error.
enum Console {
  /// One line of results. Whatever stands in it, nothing of it commands a terminal.
  static func print(_ line: String) { write(ConsoleText.clean(line) + "\n") }

  /// One line of results with colours of our own in it; what comes from files in it was cleaned before.
  static func printStyled(_ line: String) { write(line + "\n") }

  /// Results that are data, to the byte; cleaned where they go to a terminal.
  static func data(_ text: String, terminator: String = "\n") {
    write((outputIsTerminal ? ConsoleText.clean(text) : text) + terminator)
  }

  /// One JSON object for scripts, at once: also where standard output is a pipe.
  static func event(_ value: JSONValue) {
    print(value.text)
    flush()
  }

  /// Results on their way to standard output, and why they cannot get there; 0 for nothing.
  private static let output = Mutex<(waiting: [UInt8], failure: Int32)>(([], 0))

  private static func write(_ text: String) {
    let isFull = output.withLock { output in
      output.waiting += Array(text.utf8)
      return output.waiting.count >= 1 << 16
    }
    if isFull || outputIsTerminal { flush() }
  }

  /// Sends all results to standard output. The errno of the first failure there was, 0 for none: what was not written was not said.
  @discardableResult static func flush() -> Int32 {
    output.withLock { output in
      var sent = 0
      while sent < output.waiting.count, output.failure == 0 {
        let count = output.waiting.withUnsafeBytes {
          Glibc.write(STDOUT_FILENO, $0.baseAddress! + sent, $0.count - sent)
        }
        if count < 0 && errno != EINTR { output.failure = errno }
        sent += max(count, 0)
      }
      output.waiting.removeAll(keepingCapacity: true)
      return output.failure
    }
  }

  /// One line for the person: progress notes and warnings.
  static func note(_ line: String) { raw(ConsoleText.clean(line) + "\n") }

  static func error(_ message: String) {
    flush()
    raw("grapheion: " + ConsoleText.clean(message) + "\n")
  }

  /// Bytes to standard error as they are, unbuffered.
  static func raw(_ text: String) {
    StandardStreams.write(Array(text.utf8), toError: true)
  }

  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// The last guard before a terminal: what names and texts from files should have been cleaned of already.
enum ConsoleText {
  /// Line feeds and tabs stay; every other character that commands a terminal or turns the direction of writing is made visible.
  static func clean(_ text: String) -> String {
    // Nearly always there is nothing to do.
    guard !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }) else { return text }
    var isFirst = true
    var clean = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !isFirst { clean += "\n" }
      isFirst = false
      clean += line.split(separator: "\t", omittingEmptySubsequences: false).map { displayText(String($0)) }
        .joined(separator: "\t")
    }
    return clean
  }
}

/// Progress on standard error: a bar with rate and time left on a terminal, else a plain line now and then.
final class Progress {
  private let label: String
  private let total: Int
  private let start = Clock.monotonic()
  private var last = 0.0
  /// How many were done when it was last drawn.
  private var shown = 0
  /// How much was done when, over the last minute: the rate that counts for the rest is the present one.
  private var recent: [(time: Double, done: Int)] = []
  private let isTerminal = Console.errorIsTerminal

  init(_ label: String, of total: Int) {
    self.label = label
    self.total = total
  }

  /// Tells how many are done; draws at most ten times a second on a terminal, every ten seconds elsewhere.
  func update(_ done: Int, detail: String = "") {
    let time = Clock.monotonic()
    if recent.isEmpty { recent = [(start, 0)] }
    if time - recent[recent.count - 1].time >= 1 {
      recent.append((time, done))
      if recent.count > 60 { recent.removeFirst() }
    }
    guard done > shown, time - last >= (isTerminal ? 0.1 : 10) || done == total && last > 0 else { return }
    last = time
    shown = done
    let seconds = max(time - start, 1e-6)
    let rate = Double(done - recent[0].done) / max(time - recent[0].time, 1e-6)
    let left = rate > 0 ? Double(total - done) / rate : 0
    let figures =
      "\(done)/\(total)  \(Progress.short(rate))/s"
      + (done < total && rate > 0 ? "  \(Progress.clock(left)) left" : "  \(Progress.clock(seconds))")
      + (detail.isEmpty ? "" : "  \(detail)")
    if isTerminal {
      let filled = total > 0 ? 24 * done / total : 24
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
      Console.raw("\r\(label) \(bar) \(figures)\u{1B}[K")
    } else {
      Console.note("\(label): \(figures)")
    }
  }

  /// Ends the bar so that what follows starts on a line of its own.
  func finish() {
    if isTerminal && last > 0 { Console.raw("\n") }
  }

  static func short(_ rate: Double) -> String {
    rate >= 100 ? "\(Int(rate))" : "\((rate * 10).rounded() / 10)"
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    if hours > 0 { return "\(hours)h\(minutes < 10 ? "0" : "")\(minutes)m" }
    return minutes > 0 ? "\(minutes)m\(rest < 10 ? "0" : "")\(rest)s" : "\(rest)s"
  }
}

/// A bar that many threads advance.
final class SharedProgress: Sendable {
  private struct Drawn: @unchecked Sendable { let progress: Progress }
  private let bar: Mutex<Drawn>

  init(_ label: String, of total: Int) { bar = Mutex(Drawn(progress: Progress(label, of: total))) }

  func update(_ done: Int) { bar.withLock { $0.progress.update(done) } }
  func finish() { bar.withLock { $0.progress.finish() } }
}

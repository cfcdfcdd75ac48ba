import Glibc
import Platform
import Text

/// Fetches what stands at addresses, by the program `curl` that is installed: Grapheion itself opens no connection.
///
/// One request at a time, with a pause between them, under a name that says who asks. Time, size and redirections are bounded; nothing but `http` and
/// `https` is followed, no cookie kept, no settings file read. A server that does not answer, breaks off or is busy is asked again, later each time, as it says
/// itself where it does.
public struct WebFetch: Sendable {
  /// How the program names itself.
  public static let agent = "Grapheion/0.1 (workbench for papyrologists; one request at a time)"

  /// Seconds before each request, and before a second one where the first failed (then twice as long each time).
  public var pause = 0.5
  public var retryPause = 2.0
  /// How often a request is made in all.
  public var tries = 4
  /// Seconds a request may take.
  public var seconds = 600

  private static let (documentLimit, fileLimit) = (64 << 20, 2 << 30)
  /// Longest wait that a server may ask for.
  private static let longestWait = 120.0

  public init() {}

  /// A document, of at most 64 MiB.
  public func document(_ address: WebAddress) throws(ExchangeError) -> [UInt8] {
    try fetch(address, limit: Self.documentLimit, to: nil)
  }

  /// A file, whole or not at all, of at most 2 GiB.
  public func file(_ address: WebAddress, to path: String) throws(ExchangeError) {
    _ = try fetch(address, limit: Self.fileLimit, to: path)
  }

  private func fetch(_ address: WebAddress, limit: Int, to path: String?) throws(ExchangeError) -> [UInt8] {
    guard let curl = ChildProcess.find("curl") else {
      throw ExchangeError(
        .unreadable, path: address.text, "fetching needs the program curl (apt-get install curl); or give a file")
    }
    var wait = retryPause
    for attempt in 1... {
      Clock.sleep(pause)
      let answer = try ask(curl, address, limit: limit, to: path)
      guard let fault = answer.fault else { return answer.bytes }
      guard fault.isPassing, attempt < tries else {
        let often = attempt > 1 ? " (asked \(attempt) times)" : ""
        throw ExchangeError(.unreadable, path: address.text, fault.reason + often)
      }
      Clock.sleep(min(Self.longestWait, answer.wait ?? wait))
      wait *= 2
    }
    throw ExchangeError(.unreadable, path: address.text, "was not asked")
  }

  private struct Answer {
    var bytes: [UInt8] = []
    var fault: (reason: String, isPassing: Bool)?
    /// Seconds, where the server says when it wants to be asked again.
    var wait: Double?
  }

  private func ask(
    _ curl: String, _ address: WebAddress, limit: Int, to path: String?
  ) throws(ExchangeError) -> Answer {
    // `-q` first: no settings file. What is written for us goes to standard error, behind curl's own words.
    let words = [
      "-q", "--silent", "--show-error", "--location", "--max-redirs", "5", "--proto", "=http,https", "--proto-redir",
      "=http,https", "--globoff", "--connect-timeout", "20", "--max-time", String(seconds), "--speed-limit", "200",
      "--speed-time", "30", "--max-filesize", String(limit), "--user-agent", Self.agent, "--header",
      "Accept: application/ld+json, application/json, image/*, */*;q=0.5", "--write-out",
      "%{stderr}\nstatus %{http_code} retry %header{retry-after}\n", "--url", address.text,
    ]
    let outcome: ChildProcess.Outcome
    var answer = Answer()
    do throws(SystemError) {
      let output = try path.map { path throws(SystemError) in try ReplacementFile(path: path) }
      let bounds = ChildProcess.Bounds(seconds: seconds + 60, memory: 4 << 30, fileSize: limit)
      outcome = try ChildProcess.run(curl, words, output: output, bounds: bounds, limit: limit + 1)
      answer = Self.answer(outcome, limit: limit)
      if answer.fault == nil { try output?.commit() }
    } catch { throw ExchangeError(.unwritable, error) }
    return answer
  }

  private static func answer(_ outcome: ChildProcess.Outcome, limit: Int) -> Answer {
    let said = String(decoding: outcome.errors, as: UTF8.self)
    var answer = Answer(bytes: outcome.output)
    let told = said.split(separator: "\n").last { $0.hasPrefix("status ") }?.split(separator: " ") ?? []
    let status = told.count > 1 ? Int(told[1]) ?? 0 : 0
    if told.count > 3, let seconds = Double(told[3]), seconds > 0 { answer.wait = seconds }
    let reason = said.split(separator: "\n").first { $0.hasPrefix("curl: ") }.map(String.init)
    switch outcome.status {
    case 0 where (200..<300).contains(status): break
    case 0:
      answer.fault = ("the server answers \(status)", status == 429 || (500..<600).contains(status))
    case 63: answer.fault = ("is larger than \(limit >> 20) MiB", false)
    // No such host, no connection, cut short, too slow, nothing sent, broken off.
    case 6, 7, 18, 28, 52, 55, 56, 92: answer.fault = (reason ?? "the connection failed", true)
    case _ where outcome.ranOutOfTime: answer.fault = ("did not end in time", true)
    default: answer.fault = (reason ?? "curl failed with status \(outcome.status)", false)
    }
    if answer.fault == nil, answer.bytes.count > limit { answer.fault = ("is larger than \(limit >> 20) MiB", false) }
    return answer
  }
}

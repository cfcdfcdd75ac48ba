import Glibc
import Inference
import JSON
import Leiden
import Platform
import Text
import Texts

/// `grapheion restore`.
let restoreCommand = Command(
  name: "restore",
  summary: "Propose what stood in gaps, with probabilities and with the parallels that speak for it",
  operands: "[FILE]",
  count: 0...1,
  options: [
    Option("--candidates", "N", "proposals for a gap (default 5; 20 with --json)"),
    Option(
      "--model", "FILE.gguf",
      "a language model of the Mistral family (Codestral, fine-tuned) instead of Grapheion's own restorer; docs/models.md"
    ),
    Option(
      "--server", "ADDRESS",
      "the same on a llama-server or vLLM of your own network, http://host:8080; the text around each gap goes there"),
    Arguments.libraryOption,
    Option("--json", nil, "each line of input is a gap: {\"id\":…,\"before\":…,\"after\":…,\"letters\":N}"),
  ],
  example: """
    grapheion restore text.leiden          Leiden+: a proposal for each [.n], [.n-m] and [.?]
      grapheion restore text.leiden --model codestral-papyri-Q4_K_M.gguf
      echo '{"before":"ετουσ τεταρτου αυτοκρατοροσ ","after":"ροσ","letters":5}' | grapheion restore --json
    """
) { arguments in
  let asJSON = arguments.has("--json")
  let limit = try arguments.int("--candidates", in: 1...100) ?? (asJSON ? 20 : 5)
  let input = try LeidenFilter.read(arguments.operands.first)
  let library = try TextLibrary(at: arguments.libraryFolder())
  guard !(arguments.has("--model") && arguments.has("--server")) else {
    throw Failure(.usage, "restore: --model and --server are two ways to the same; give one of them.")
  }
  let telling: (String) -> Void = { Console.note("restore: \($0)") }
  // Parallels where there are known texts; language models do without.
  func indexes() throws -> [TextIndex] { library.sources.isEmpty ? [] : try library.indexes(telling: telling) }
  let restorer: any GapRestorer
  if let path = arguments.value("--model") {
    restorer = DecoderRestorer(try DecoderModel(path: path), indexes: try indexes()) { Interruption.happened }
  } else if let address = arguments.value("--server") {
    let server = try CompletionServer(address)
    telling("asks \(displayText("\(server.model) at \(server.address)")): the text around each gap goes there")
    restorer = ServerRestorer(server, indexes: try indexes()) { Interruption.happened }
  } else {
    restorer = try library.restorer(weights: library.weights(), telling: telling)
  }
  Interruption.watch()
  return asJSON ? try restoreItems(input, restorer, limit: limit) : try restoreText(input, restorer, limit: limit)
}

extension TextLibrary {
  /// The weights that were fitted for this library, else those that ship.
  func weights() throws -> RestorerWeights {
    let own = folder + "/restorer.json"
    return try RestorerWeights(path: Files.exists(own) ? own : Installation.part("models") + "/apollo-restorer.json")
  }
}

// MARK: Items

/// Objects as JSON, one a line, with the numbers of their lines; empty lines are passed over.
struct ItemLines {
  let lines: [(number: Int, bytes: ArraySlice<UInt8>)]

  init(_ input: [UInt8], for command: String) throws(Failure) {
    let bytes: [UInt8]
    do throws(TextEncoding.Fault) { bytes = try TextEncoding.utf8(input) } catch {
      throw Failure(.unreadable, "\(command): \(error)")
    }
    lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
      .filter { !$0.element.allSatisfy { $0 <= 0x20 } }.map { ($0.offset + 1, $0.element) }
  }

  static func value(_ line: ArraySlice<UInt8>) throws(Failure) -> JSONValue {
    do throws(JSONError) { return try JSONValue.parse(Array(line)) } catch {
      throw Failure(.unreadable, "it is no JSON object: \(error)")
    }
  }
}

/// One gap as a line of JSON tells it.
struct RestoreItem {
  let gap: Gap

  init(_ value: JSONValue) throws(Failure) {
    for name in ["before", "after", "fixed"] {
      guard let member = value[name], member.string == nil, member != .null else { continue }
      throw Failure(.unreadable, "\"\(name)\" is no text")
    }
    guard value["before"] != nil || value["after"] != nil else {
      throw Failure(.unreadable, "neither \"before\" nor \"after\" says what stands around the gap")
    }
    let range: ClosedRange<Int>
    switch value["letters"] {
    case .some(.int(let count)) where count > 0: range = count...count
    case .some(.array(let ends)):
      guard ends.count == 2, let least = ends[0].int, let most = ends[1].int, least > 0, least <= most else {
        throw Failure(.unreadable, "\"letters\" needs a number, or the least and the most")
      }
      range = least...most
    default: throw Failure(.unreadable, "\"letters\" must say how many letters are lost")
    }
    guard range.upperBound <= Gap.longest else {
      throw Failure(.unreadable, "the gap has more than \(Gap.longest) letters")
    }
    var fixed: [UInt8] = []
    if let pattern = value["fixed"]?.string {
      let letters = Greek.stripped(pattern).unicodeScalars
      if let strange = letters.first(where: { $0 != "?" && TextLetters.number(of: $0) == 0 }) {
        throw Failure(.unreadable, "\"fixed\": '\(strange)' is neither a Greek letter nor '?'")
      }
      fixed = letters.map(TextLetters.number)
      guard range.count == 1, fixed.count == range.lowerBound else {
        throw Failure(.unreadable, "\"fixed\" needs a letter or '?' for each that is lost")
      }
    }
    gap = Gap(
      before: value["before"]?.string ?? "", after: value["after"]?.string ?? "", letters: range, fixed: fixed)
  }
}

/// A line of answers for each line of input, in order; a line that cannot be read is told of and the rest done.
private func restoreItems(_ input: [UInt8], _ restorer: any GapRestorer, limit: Int) throws -> ExitStatus {
  let lines = try ItemLines(input, for: "restore").lines
  var failed = 0
  // As many at once as keep all cores busy while the answers still come in order.
  let workers = min(Threads.cores, restorer.gapsAtOnce)
  let batch = restorer.gapsAtOnce == 1 ? 1 : 8 * workers
  for start in stride(from: 0, to: lines.count, by: batch) {
    if Interruption.happened { return .interrupted }
    let part = Array(lines[start..<min(lines.count, start + batch)])
    let answers = Threads.map(part.count, workers: workers) { number -> (JSONValue, failure: String?) in
      var id: JSONValue?
      do throws(Failure) {
        let value = try ItemLines.value(part[number].bytes)
        id = value["id"]
        let item = try RestoreItem(value)
        let proposals: [Restorer.Proposal]
        do { proposals = try restorer.fillings(of: item.gap, limit: limit) } catch { throw Failure(wording: error) }
        return (
          JSONValue.object([
            "id": id, "candidates": .array(proposals.map { candidate($0, restorer, parallels: 3) }),
          ]), nil
        )
      } catch {
        return (JSONValue.object(["id": id, "error": .string(error.message), "candidates": .array([])]), error.message)
      }
    }
    // What was stopped is no answer.
    if Interruption.happened { return .interrupted }
    for (number, answer) in answers.enumerated() {
      Console.print(answer.0.text)
      if let failure = answer.failure {
        failed += 1
        Console.error("line \(part[number].number): \(displayText(failure))")
      }
    }
  }
  fflush(nil)
  return failed == 0 ? .done : failed == lines.count ? .unreadable : .someFailed
}

private func candidate(_ proposal: Restorer.Proposal, _ restorer: any GapRestorer, parallels: Int) -> JSONValue {
  .object([
    "text": .string(TextLetters.text(proposal.letters)),
    "probability": .double((proposal.probability * 1e4).rounded() / 1e4),
    "parallels": .array(
      proposal.parallels.prefix(parallels).compactMap { parallel in
        restorer.quotation(parallel).map {
          .object(["text": .string($0.line.text), "line": .string($0.line.label), "quote": .string($0.quote)])
        }
      }),
  ])
}

// MARK: Texts

/// Proposals for each gap of a text in Leiden+ or EpiDoc.
private func restoreText(_ input: [UInt8], _ restorer: any GapRestorer, limit: Int) throws -> ExitStatus {
  let text: LeidenText
  if EpiDocDocument.isXML(input) {
    text = try EpiDocDocument.edition(in: input)
  } else {
    let (parsed, errors) = LeidenText.parse(leidenBytes: LeidenText.withoutFileMarks(input))
    for error in errors { Console.note(error.compilerLine(file: "restore")) }
    guard errors.isEmpty else { return .unreadable }
    text = parsed
  }
  let gaps = TextGap.gaps(of: text)
  if gaps.isEmpty { Console.note("restore: there is no gap to restore ([.3], [.2-5], [.?]).") }
  for gap in gaps {
    if Interruption.happened { return .interrupted }
    let place = gap.line.isEmpty ? "" : "line \(gap.line), "
    let proposals: [Restorer.Proposal]
    do { proposals = try restorer.fillings(of: gap.gap, limit: limit) } catch let error as ModelError
      where error.code == .stopped
    {
      return .interrupted
    }
    Console.print(displayText("\(place)\(gap.around)"))
    if proposals.isEmpty { Console.print("     nothing to propose") }
    for proposal in proposals {
      let percent = Int((100 * proposal.probability).rounded())
      Console.print("  " + (percent < 10 ? " " : "") + "\(percent)%  \(TextLetters.text(proposal.letters))")
      for parallel in proposal.parallels.prefix(2) {
        guard let (line, quote) = restorer.quotation(parallel) else { continue }
        Console.print(displayText("         \(line.text) \(line.label): \(quote)"))
      }
    }
  }
  return .done
}

import Corpus
import Leiden
import Platform
import Text

/// `grapheion leiden`: Leiden+ and EpiDoc as a filter, and the check of many files.
let leidenCommand = Command(
  name: "leiden",
  summary: "Turn Leiden+ into EpiDoc and back, print a layer, check files",
  operands: "to-epidoc|to-leiden|layer diplomatic|edited|regularised|letters [FILE...]",
  count: 0...1_000_000,
  options: [
    Option("--lines", nil, "take each line of input as a fragment of its own"),
    Option("--check", nil, "only tell the faults, a line for each, of any number of files"),
  ],
  example: "grapheion leiden to-epidoc --lines < lines.txt"
) { arguments in
  var words = arguments.operands[...]
  let verb: LeidenFilter.Verb
  switch words.first {
  case "to-epidoc":
    verb = .toEpiDoc
    words.removeFirst()
  case "to-leiden":
    verb = .toLeiden
    words.removeFirst()
  case "layer":
    words.removeFirst()
    let name = words.popFirst() ?? ""
    if name == "letters" {
      verb = .letters
    } else if let layer = Layer(rawValue: name) {
      verb = .layer(layer)
    } else {
      let nearest = Spelling.nearest(to: name, among: Layer.allCases.map(\.rawValue) + ["letters"])
      throw Failure(
        .usage,
        "leiden layer: there is no layer '\(displayText(name))'."
          + (nearest.map { " Did you mean '\($0)'?" } ?? " There are diplomatic, edited, regularised and letters."))
    }
  default:
    guard arguments.has("--check") else {
      throw Failure(.usage, "leiden: say to-epidoc, to-leiden or layer first, or --check with files.")
    }
    verb = .guess
  }
  let filter = LeidenFilter(verb: verb, byLines: arguments.has("--lines"))
  if arguments.has("--check") { return try filter.check(Array(words)) }
  guard words.count <= 1 else { throw Failure(.usage, "leiden: one file at a time; --check takes many.") }
  return try filter.convert(words.first)
}

/// One conversion and how its input is cut.
struct LeidenFilter {
  enum Verb: Equatable {
    case toEpiDoc, toLeiden, letters, guess
    case layer(Layer)
  }

  let verb: Verb
  let byLines: Bool

  // MARK: Converting

  func convert(_ file: String?) throws -> ExitStatus {
    let name = file.map { displayText($0) } ?? "standard input"
    var bytes = try LeidenFilter.read(file)
    if !byLines {
      // The line end that closes the file is the file's, not the text's.
      if bytes.last == 0x0A { bytes.removeLast() }
      if bytes.last == 0x0D { bytes.removeLast() }
      let (output, errors) = result(bytes, of: file)
      for error in errors { Console.note(error.compilerLine(file: name)) }
      guard let output else { return .unreadable }
      LeidenFilter.write(output)
      return .done
    }
    var failed = false
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var collected: [UInt8] = []
    for (index, line) in lines.enumerated() {
      let (output, errors) = result(Array(line.last == 0x0D ? line.dropLast() : line), of: file)
      for error in errors {
        Console.note(told(error, name, line: index + 1))
      }
      if output == nil { failed = true }
      // A line stays a line: a text with line ends in it has them as spaces.
      collected += (output ?? "").utf8.map { $0 == 0x0A ? 0x20 : $0 }
      collected.append(0x0A)
      if collected.count > 1 << 20 {
        LeidenFilter.send(collected)
        collected = []
      }
    }
    LeidenFilter.send(collected)
    return failed ? .someFailed : .done
  }

  /// An error of a line that was read alone; its place is told once, with the number that the line has in the input.
  private func told(_ error: LeidenError, _ name: String, line: Int) -> String {
    let message = error.message.replacing(" opened in line 1 column \(error.column)", with: "")
    return "\(name):\(line):\(error.column): error: \(message); \(error.expected)"
  }

  /// The converted text, or nil and what is wrong.
  ///
  /// - Parameter file: where they stand; a name in `.xml` says what they are.
  func result(_ bytes: [UInt8], of file: String? = nil) -> (output: String?, errors: [LeidenError]) {
    do throws(LeidenError) {
      let isXML =
        verb == .toLeiden
        || (verb != .toEpiDoc && (file?.lowercased().hasSuffix(".xml") ?? false || EpiDocDocument.isXML(bytes)))
      let bytes = isXML ? bytes : LeidenText.withoutFileMarks(bytes)
      let text: LeidenText
      if isXML {
        text = try EpiDocDocument.edition(in: bytes)
      } else {
        let (parsed, errors) = LeidenText.parse(leidenBytes: bytes)
        if !errors.isEmpty { return (nil, errors) }
        text = parsed
      }
      switch verb {
      case .toEpiDoc: return (text.epidoc, [])
      case .toLeiden: return (text.leiden, [])
      case .layer(let layer): return (text.layer(layer).text, [])
      case .letters: return (text.letterStream, [])
      case .guess: return ("", text.slips(in: bytes))
      }
    } catch {
      return (nil, [error])
    }
  }

  // MARK: Checking

  /// A line for each fault of each file, as compilers print them; all files are read, whatever is wrong with one.
  func check(_ files: [String]) throws -> ExitStatus {
    var failed = false
    for file in files.isEmpty ? [nil] : files.map(Optional.some) {
      let name = file.map { displayText($0) } ?? "standard input"
      do {
        let bytes = try LeidenFilter.read(file)
        let pieces = byLines ? bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init) : [bytes]
        for (index, piece) in pieces.enumerated() {
          for error in result(piece, of: file).errors {
            failed = true
            Console.print(byLines ? told(error, name, line: index + 1) : error.compilerLine(file: name))
          }
        }
      } catch {
        failed = true
        Console.print("\(name): error: \(Failure(wording: error).message)")
      }
    }
    return failed ? .someFailed : .done
  }

  // MARK: Files

  /// A file, or standard input.
  static func read(_ file: String?) throws -> [UInt8] {
    if let file, file != "-" { return try Files.read(file, limit: 1 << 30) }
    var bytes: [UInt8] = []
    while true {
      guard let more = StandardStreams.read() else {
        throw Failure(.unreadable, "standard input cannot be read.")
      }
      if more.isEmpty { return bytes }
      bytes += more
      guard bytes.count <= 1 << 30 else { throw Failure(.unreadable, "the input has more than 1 GiB.") }
    }
  }

  private static func write(_ text: String) { Console.data(text) }

  private static func send(_ bytes: [UInt8]) {
    Console.data(String(decoding: bytes, as: UTF8.self), terminator: "")
  }
}

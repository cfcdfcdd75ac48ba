// What is asked of a server, and what it may answer (llama-server of llama.cpp, vLLM, and others of this form):
//
//   GET  /v1/models       {"data":[{"id":"NAME",…}]}
//   POST /tokenize        {"content":T,"prompt":T,"model":NAME,…} -> {"tokens":[…]}       whether it has a word for filling the middle;
//                         the token of a letter, which is what it is made to write: of an end, or a part of a letter, llama-server tells nothing
//   POST /v1/completions  {"model":NAME,"prompt":T,"max_tokens":1,"temperature":0,"logprobs":N,"logit_bias":{"T":100}}
//        -> {"choices":[{"logprobs":{"content":[{"top_logprobs":[{"token":"κα","logprob":-0.1},…]}]}}]}      llama-server
//        or {"choices":[{"logprobs":{"top_logprobs":[{"κα":-0.1,…}]}}]}                                      vLLM
import JSON
import Platform
import Text

/// A language model on a server that the user named. Whatever is asked goes there: the text around each gap.
///
/// Asked by the program `curl`, no settings file of it read, no proxy used, no redirection followed; time and size of an answer are bounded.
public struct CompletionServer: Sendable {
  public let address: String
  public private(set) var model = ""
  /// How it wants to be asked to fill the middle: what stands before prefix, suffix and middle; nil where it has no words for that.
  private(set) var infilling: (prefix: String, suffix: String, middle: String?)?

  /// Seconds an answer may take.
  private let seconds: Int
  /// Bytes it may have.
  static let sizeLimit = 1 << 20
  /// What ends of texts are called.
  private static let endNames = ["</s>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "[EOT]", "<EOT>"]
  private var ends: Set<Int> = []
  /// A token that it is made to write; the probabilities are those of before.
  private var written: Int?
  /// Likeliest tokens that are asked for: vLLM gives 20.
  private var tokensAsked = 200

  /// Names a server and asks what it has.
  /// - Parameter address: `http://host:port`.
  public init(_ address: String, seconds: Int = 120) throws(TextsError) {
    self.seconds = seconds
    var address = address
    if !address.contains("://") { address = "http://" + address }
    while address.hasSuffix("/") { address.removeLast() }
    let isPlain = address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    guard isPlain, address.hasPrefix("http://") || address.hasPrefix("https://"), !address.contains("@") else {
      throw TextsError(.usage, "'\(address)' is no address of a server; http://host:8080 would be one")
    }
    self.address = address
    let models = try ask("/v1/models", nil)
    guard let name = models["data"]?.array?.first?["id"]?.string else { throw nonsense("/v1/models", "names no model") }
    model = name
    for name in Self.endNames {
      let found = try tokens(of: name)
      if found.count == 1, let number = found[0].int { ends.insert(number) }
    }
    for letter in ["α", "a"] { written = try tokens(of: letter).last?.int ?? written }
    let forms: [(String, String, String?)] = [
      ("[PREFIX]", "[SUFFIX]", nil), ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
      ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
    ]
    for form in forms {
      guard try isToken(form.0), try isToken(form.1) else { continue }
      infilling = form
      break
    }
    if try ask("/v1/completions", question("α"), mayRefuse: true) == .null { tokensAsked = 20 }
  }

  /// Whether the server's model has one token for a word.
  private func isToken(_ word: String) throws(TextsError) -> Bool { try tokens(of: word).count == 1 }

  private func tokens(of word: String) throws(TextsError) -> [JSONValue] {
    let body = JSONValue.object([
      "model": .string(model), "content": .string(word), "prompt": .string(word), "add_special": false,
      "add_special_tokens": false, "parse_special": true,
    ])
    return try ask("/tokenize", body, mayRefuse: true)["tokens"]?.array ?? []
  }

  private func question(_ prompt: String) -> JSONValue {
    .object([
      "model": .string(model), "prompt": .string(prompt), "max_tokens": 1, "temperature": 0,
      "logprobs": .int(tokensAsked), "logit_bias": written.map { .object([JSONValue.Member("\($0)", 100)]) },
    ])
  }

  /// The likeliest tokens behind a prompt, with the logarithms of their probabilities; no text for the end.
  func next(_ prompt: String) throws(TextsError) -> [(text: String, weight: Float)] {
    let path = "/v1/completions"
    let answer = try ask(path, question(prompt))
    guard let told = answer["choices"]?.array?.first?["logprobs"] else {
      throw nonsense(path, "answers without probabilities (logprobs)")
    }
    var tokens: [(text: String, weight: Float)] = []
    if let list = told["content"]?.array?.first?["top_logprobs"]?.array {
      for one in list {
        guard let text = one["token"]?.string, let weight = one["logprob"]?.double else { continue }
        // All tokens that control something have no text here: they are told by their numbers.
        let isEnd = one["id"]?.int.map(ends.contains) ?? text.isEmpty
        if isEnd || !text.isEmpty { tokens.append((isEnd ? "" : text, Float(weight))) }
      }
    } else if let members = told["top_logprobs"]?.array?.first?.members {
      for one in members {
        guard let weight = one.value.double else { continue }
        tokens.append((Self.endNames.contains(one.name) ? "" : one.name, Float(weight)))
      }
    }
    tokens.removeAll { !$0.weight.isFinite || $0.weight > 1e-3 }
    guard !tokens.isEmpty else { throw nonsense(path, "answers without probabilities (logprobs)") }
    return tokens.sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.text < $1.text }
  }

  private func nonsense(_ path: String, _ reason: String) -> TextsError {
    TextsError(.unreadable, "\(address)\(path) \(reason); a llama-server or vLLM is needed there")
  }

  /// One request; a body is posted.
  /// - Parameter mayRefuse: null where the server has no such thing.
  private func ask(_ path: String, _ body: JSONValue?, mayRefuse: Bool = false) throws(TextsError) -> JSONValue {
    guard let curl = ChildProcess.find("curl") else {
      throw TextsError(.unreadable, "asking a server needs the program curl (apt-get install curl)")
    }
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      let folder = try TemporaryFolder("server")
      defer { folder.remove() }
      // `-q` first: no settings file.
      var words = [
        "-q", "--silent", "--show-error", "--proto", "=http,https", "--noproxy", "*", "--globoff", "--connect-timeout",
        "10", "--max-time", String(seconds), "--max-filesize", String(Self.sizeLimit), "--write-out",
        "%{stderr}\nstatus %{http_code}\n", "--url", address + path,
      ]
      if let body {
        try Files.replace(folder.path + "/body", with: Array(body.text.utf8))
        words += ["--header", "Content-Type: application/json", "--data-binary", "@\(folder.path)/body"]
      }
      outcome = try ChildProcess.run(
        curl, words, bounds: .init(seconds: seconds + 10, memory: 1 << 30, fileSize: 0), limit: Self.sizeLimit + 1)
    } catch { throw TextsError(.unreadable, "\(error)") }
    let said = String(decoding: outcome.errors, as: UTF8.self).split(separator: "\n").map(String.init)
    guard outcome.output.count <= Self.sizeLimit else { throw nonsense(path, "answers more than 1 MiB") }
    guard !outcome.ranOutOfTime, outcome.status != 28 else {
      throw TextsError(.unreadable, "\(address) does not answer within \(seconds) s")
    }
    guard outcome.status == 0 else {
      let reason = said.first { $0.hasPrefix("curl:") } ?? "curl ended with \(outcome.status)"
      throw TextsError(.unreadable, "\(address) cannot be asked: \(reason)")
    }
    let status = said.last { $0.hasPrefix("status ") }?.dropFirst(7)
    if mayRefuse, ["400", "404", "405", "501"].contains(status) { return .null }
    guard status == "200" else {
      let said = (try? JSONValue.parse(outcome.output))?["error"]
      guard let words = said?["message"]?.string ?? said?.string else {
        throw nonsense(path, "answers with status \(status ?? "none")")
      }
      throw TextsError(
        .unreadable,
        "\(address)\(path) answers with status \(status ?? "none"): \(CleanText.line(String(words.prefix(300))))")
    }
    do throws(JSONError) { return try JSONValue.parse(outcome.output) } catch {
      throw nonsense(path, "answers something that is no JSON")
    }
  }
}

import Foundation
import Inference
import JSON
import Platform
import Testing

@testable import Texts

@Suite(.serialized, .enabled(if: ChildProcess.find("curl") != nil, "needs curl"))
struct ServerRestorerTests {
  private static let models = CompletionLoopback.Answer.ok(#"{"data":[{"id":"apollo"}]}"#)

  /// Tokens of one and two letters, more likely the earlier; in the form of vLLM or of llama-server.
  private static func completion(isList: Bool) -> String {
    let tokens = ["α", "ι", "κα", " και", "x", "", "τ", "ον", ",", "\u{FFFD}", "ς"]
    let weights = tokens.enumerated().map { ($1, -0.5 - 0.3 * Double($0)) }
    if isList {
      let list = weights.map { #"{"token":"\#($0)","logprob":\#($1)}"# }.joined(separator: ",")
      return #"{"choices":[{"logprobs":{"content":[{"top_logprobs":[\#(list)]}]}}]}"#
    }
    let members = weights.map { #""\#($0)":\#($1)"# }.joined(separator: ",")
    return #"{"choices":[{"logprobs":{"top_logprobs":[{\#(members)}]}}]}"#
  }

  @Test(arguments: [false, true]) func itFillsTheMiddleAndKeepsToTheGap(isList: Bool) throws {
    let loopback = try CompletionLoopback { path, body in
      switch path {
      case "/v1/models": return Self.models
      case "/tokenize": return .ok(body["content"]?.string?.hasPrefix("[") == true ? #"{"tokens":[4]}"# : "{}")
      default:
        // vLLM gives no more than twenty.
        if !isList, body["logprobs"]?.int ?? 0 > 20 { return .status(400) }
        return .ok(Self.completion(isList: isList))
      }
    }
    defer { loopback.stop() }
    let server = try CompletionServer(loopback.address + "/")
    #expect(server.model == "apollo" && server.infilling?.prefix == "[PREFIX]")
    let gap = Gap(before: "ετουσ", after: "του σεβαστου", letters: 3...3, fixed: TextLetters.numbers("κα") + [0])
    let proposals = try ServerRestorer(server).fillings(of: gap, limit: 10)
    #expect(proposals.first.map { TextLetters.text($0.letters) } == "και")
    #expect(proposals.allSatisfy { gap.allows($0.letters) } && proposals.count >= 3)
    #expect(loopback.prompts.contains("[SUFFIX]του σεβαστου[PREFIX]ετουσκα"))
    let open = Gap(before: "ετουσ ", after: " του", letters: 2...4)
    let more = try ServerRestorer(server).fillings(of: open, limit: 10)
    #expect(more.count >= 4 && more.allSatisfy { open.allows($0.letters) })
    #expect(more.reduce(0) { $0 + $1.probability } <= 1 + 1e-5)
    // A word begins there: nothing but words with their spaces can be said first.
    #expect(loopback.prompts.contains("[SUFFIX] του[PREFIX]ετουσ και"))
  }

  private static let llamaServer = Environment.value("GRAPHEION_LLAMA").map { $0 + "/llama-server" }

  /// A server with a model, and the model itself, propose the same.
  @Test(.enabled(if: llamaServer != nil, "GRAPHEION_LLAMA does not name the folder of llama-server"))
  func aServerRestoresAsItsModelDoes() throws {
    let folder = try TemporaryFolder("server")
    defer { folder.remove() }
    let path = folder.path + "/tiny.gguf"
    try TinyDecoder.write(.letters, to: path, seed: 3)
    let port = Int.random(in: 20_000..<60_000)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.llamaServer!)
    process.arguments = ["-m", path, "--host", "127.0.0.1", "--port", "\(port)", "-c", "512", "-t", "1"]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    // Asked politely it would not go while a connection stands open.
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    var server = try? CompletionServer("127.0.0.1:\(port)")
    for _ in 0..<100 where server == nil {
      Thread.sleep(forTimeInterval: 0.1)
      server = try? CompletionServer("127.0.0.1:\(port)")
    }
    let restorer = ServerRestorer(try #require(server))
    #expect(restorer.server.infilling?.suffix == "[SUFFIX]")
    let gap = Gap(before: "ετουσ", after: "αρτου", letters: 2...2)
    let asked = try restorer.fillings(of: gap, limit: 20)
    let own = try DecoderRestorer(try DecoderModel(path: path)).fillings(of: gap, limit: 20)
    // Shares are among what was found, which is more here: what is the same is how they stand to the first.
    #expect(asked.count >= 5 && asked[0].letters == own[0].letters)
    for one in asked.prefix(5) {
      let other = try #require(own.first { $0.letters == one.letters })
      let (share, ownShare) = (one.probability / asked[0].probability, other.probability / own[0].probability)
      #expect(abs(share - ownShare) < 0.1 * ownShare, "\(TextLetters.text(one.letters))")
    }
  }

  @Test func whatIsWrongWithAServerIsTold() throws {
    func refusal(_ answer: CompletionLoopback.Answer, at path: String = "/v1/completions", seconds: Int = 20) throws
      -> String
    {
      let loopback = try CompletionLoopback { asked, _ in
        if asked == path { return answer }
        return asked == "/v1/models" ? Self.models : .ok(#"{"tokens":[1,2]}"#)
      }
      defer { loopback.stop() }
      do {
        let server = try CompletionServer(loopback.address, seconds: seconds)
        _ = try ServerRestorer(server).fillings(of: Gap(before: "και", after: "τον", letters: 1...1), limit: 5)
        return "taken"
      } catch let error as TextsError {
        #expect(error.description.contains(loopback.address))
        return error.description
      }
    }
    #expect(try refusal(.stall, seconds: 1).contains("does not answer within 1 s"))
    #expect(try refusal(.silence).contains("cannot be asked"))
    #expect(try refusal(.flood, seconds: 2).contains("more than 1 MiB"))
    #expect(try refusal(.status(503)).contains("status 503"))
    #expect(try refusal(.ok("<html>")).contains("no JSON"))
    #expect(try refusal(.ok("{}")).contains("without probabilities"))
    #expect(
      try refusal(.ok(#"{"choices":[{"logprobs":{"top_logprobs":[{"α":7}]}}]}"#)).contains("without probabilities"))
    #expect(try refusal(.ok("[]"), at: "/v1/models").contains("names no model"))
    for address in ["ftp://localhost", "http://a b", "http://me@host:80"] {
      let error = #expect(throws: TextsError.self) { try CompletionServer(address) }
      #expect(error?.code == .usage)
    }
    let nobody = #expect(throws: TextsError.self) { try CompletionServer("127.0.0.1:1") }
    #expect(nobody?.description.contains("http://127.0.0.1:1 cannot be asked") == true)
  }
}

import Inference
import Platform
import Synchronization

/// Proposes what stood in gaps with a language model on a server that the user named.
///
/// The server tells some of the likeliest tokens behind a text and no more (`CompletionServer`), so that what it holds for unlikely is not found; and
/// it is asked once for each beam. Constraints are kept here.
public struct ServerRestorer: GapRestorer {
  public let server: CompletionServer
  public let indexes: [TextIndex]
  private let isStopped: @Sendable () -> Bool

  /// A server is not asked by more than one.
  public var gapsAtOnce: Int { 1 }

  /// Letters of the text before and behind a gap that the server is told.
  static let lettersBefore = 1200
  static let lettersBehind = 400
  /// Requests for one gap, at most.
  static let requestLimit = 400

  public init(
    _ server: CompletionServer, indexes: [TextIndex] = [], isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.server = server
    self.indexes = indexes
    self.isStopped = isStopped
  }

  public func fillings(of gap: Gap, limit: Int) throws -> [Restorer.Proposal] {
    guard gap.isRestorable else { return [] }
    let gap = gap.boundedLengths
    let before = gap.textBefore(Self.lettersBefore)
    let behind = gap.textBehind(Self.lettersBehind)
    var prompt = before
    if let form = server.infilling {
      prompt =
        form.middle.map { "\(form.prefix)\(before)\(form.suffix)\(behind)\($0)" }
        ?? "\(form.suffix)\(behind)\(form.prefix)\(before)"
    }
    let filling = ServerFilling(server: server, prompt: prompt, limit: Self.requestLimit, isStopped: isStopped)
    let found = try FillingBeams(model: filling, rule: FillingState.Rule(gap), width: min(limit, 20)).search()
    return EvidenceSearch(indexes: indexes).proposals(found.map { ($0.letters, $0.weight) }, gap, limit: limit)
  }
}

/// A server, asked for fillings: a beam stands where its text ends.
private final class ServerFilling: FillingModel {
  private let server: CompletionServer
  private let prompt: String
  private let isStopped: () -> Bool
  private(set) var room: Int
  private var rows: [[(text: String, weight: Float)]] = []

  init(server: CompletionServer, prompt: String, limit: Int, isStopped: @escaping () -> Bool) {
    self.server = server
    self.prompt = prompt
    self.isStopped = isStopped
    room = limit
  }

  func begin() throws { rows = [try ask("")] }

  func lookUp(_ beams: [(from: String?, token: FillingToken)]) throws -> [String] {
    let texts = beams.map { ($0.from ?? "") + String(decoding: $0.token.bytes, as: UTF8.self) }
    rows = try texts.map(ask)
    return texts
  }

  private func ask(_ filling: String) throws -> [(text: String, weight: Float)] {
    if isStopped() { throw ModelError(.stopped, path: server.address, "was stopped") }
    room -= 1
    return try server.next(prompt + filling)
  }

  func tokens(_ row: Int) -> [FillingToken] {
    // A part of a letter cannot be sent back.
    rows[row].filter { !$0.text.unicodeScalars.contains("\u{FFFD}") && !$0.text.isEmpty }.enumerated().map {
      FillingToken(number: $0, bytes: Array($1.text.utf8)[...], weight: $1.weight)
    }
  }

  /// Where the end is not among the likeliest it is less likely than all of them.
  func end(_ row: Int) -> Float {
    rows[row].first { $0.text.isEmpty }?.weight ?? (rows[row].last?.weight ?? 0) - 1
  }
}

import Corpus
import Foundation
import Platform
import Raster
import Synchronization
import Testing

@testable import Exchange

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

private func manifest3(_ root: String, pages: Int = 2, id: String = "m") -> String {
  let canvases = (1...pages).map { page in
    """
    {"id":"\(root)/c\(page)","type":"Canvas","label":{"none":["\(page == 1 ? "recto" : "verso")"]},"width":400,"height":200,
     "items":[{"type":"AnnotationPage","items":[{"type":"Annotation","motivation":"painting","body":
      {"id":"\(root)/i\(page)/full/max/0/default.jpg","type":"Image","width":4000,"height":2000,
       "service":[{"id":"\(root)/i\(page)","type":"ImageService3","profile":"level1"}]}}]}]}
    """
  }
  return """
    {"@context":"http://iiif.io/api/presentation/3/context.json","id":"\(root)/\(id)","type":"Manifest",
     "label":{"en":["P.Ex. inv. 5 \\u001b[31m"]},"rights":"http://example.org/cc0","metadata":[
      {"label":{"en":["Inventory number"]},"value":{"none":["P.Ex. 5"]}},{"label":{"en":["Date"]},"value":{"none":["2nd century CE"]}},
      {"label":{"en":["TM"]},"value":{"none":["7001"]}},{"label":{"en":["Weather"]},"value":{"none":["dry"]}}],
     "items":[\(canvases.joined(separator: ","))]}
    """
}

/// Manifests, as both versions write them.
struct IIIFDocumentTests {
  private func manifest(_ text: String) throws -> IIIFManifest {
    guard case .manifest(let manifest) = try IIIFDocument.parse(bytes(text), path: "m.json") else {
      throw ExchangeError(.damaged, path: "m.json", "is a collection")
    }
    return manifest
  }

  @Test func versionThree() throws {
    let found = try manifest(manifest3("https://example.org"))
    #expect(found.pages.count == 2 && found.pages[1].label == "verso")
    #expect(found.record.inventory == "P.Ex. 5" && found.record.tm == ["7001"])
    #expect(
      found.record.date == DateRange(notBefore: 101, notAfter: 200) && found.record.rights == "http://example.org/cc0")
    #expect(found.pages[0].address(size: nil)?.text == "https://example.org/i1/full/max/0/default.jpg")
    #expect(found.pages[0].address(size: 1000)?.text == "https://example.org/i1/full/1000,/0/default.jpg")
    // Nothing is made larger than it is.
    #expect(found.pages[0].address(size: 9000)?.text == "https://example.org/i1/full/max/0/default.jpg")
  }

  @Test func versionTwoWithAChoice() throws {
    let found = try manifest(
      """
      {"@context":"http://iiif.io/api/presentation/2/context.json","@id":"https://e.org/m","@type":"sc:Manifest","label":[{"@value":"Pap. <b>1</b>","@language":"en"}],
       "license":"https://e.org/by","attribution":"Library","metadata":[{"label":"Shelfmark","value":"A 1"},{"label":"Provenance","value":"Tebtynis"}],
       "sequences":[{"canvases":[{"@id":"https://e.org/c","label":"1r","width":10,"height":30,"images":[{"resource":{"@type":"oa:Choice",
        "default":{"@id":"https://e.org/x.jpg","width":1000,"height":3000,"service":{"@context":"http://iiif.io/api/image/2/context.json","@id":"https://e.org/x/","profile":"http://iiif.io/api/image/2/level2.json"}},
        "item":[{"@id":"https://e.org/infrared.jpg"}]}}]},
        {"label":"2","images":[{"resource":{"@id":"https://e.org/plain.jpg"}}]},{"label":"empty","images":[]}]}]}
      """)
    #expect(found.label == "Pap. 1" && found.record.place == "Tebtynis" && found.record.inventory == "A 1")
    #expect(found.record.rights == "https://e.org/by; Library")
    #expect(found.pages.count == 2 && found.pages[0].others == 1)
    #expect(found.pages[0].address(size: nil)?.text == "https://e.org/x/full/full/0/default.jpg")
    #expect(found.pages[0].address(size: 600)?.text == "https://e.org/x/full/200,/0/default.jpg")
    #expect(found.pages[1].address(size: 600)?.text == "https://e.org/plain.jpg")
  }

  /// Services as they are written in the field: behind one to log in, by their description, with a slash too many, without a protocol, with ready-made
  /// sizes alone, with letters and blanks that addresses must not have.
  @Test(arguments: [
    (
      #"{"@id":"https://e.org/x/info.json","profile":"http://iiif.io/api/image/2/level1.json"}"#,
      "https://e.org/x/full/500,/0/default.jpg"
    ),
    (
      #"{"@id":"https://e.org/x//","profile":"http://iiif.io/api/image/2/level2.json"}"#,
      "https://e.org/x/full/500,/0/default.jpg"
    ),
    (
      #"{"@id":"//e.org/x","profile":"http://iiif.io/api/image/2/level2.json"}"#,
      "https://e.org/x/full/500,/0/default.jpg"
    ),
    (#"{"@id":"https://e.org/x","profile":"http://iiif.io/api/image/2/level0.json"}"#, "https://e.org/f.jpg"),
    (#"{"id":"https://e.org/x","type":"ImageService3","profile":"level0"}"#, "https://e.org/f.jpg"),
    (
      #"[{"@id":"https://e.org/login","profile":"http://iiif.io/api/auth/1/login"},{"@id":"https://e.org/x","profile":["http://iiif.io/api/image/2/level2.json",{}]}]"#,
      "https://e.org/x/full/500,/0/default.jpg"
    ),
    (#"{"@id":"https://e.org/P. Ελ 1"}"#, "https://e.org/P.%20%CE%95%CE%BB%201/full/500,/0/default.jpg"),
    ("[]", "https://e.org/f.jpg"), ("null", "https://e.org/f.jpg"),
  ]) func servicesAsTheyAreWritten(service: String, address: String) throws {
    let found = try manifest(
      """
      {"@type":"sc:Manifest","label":"m","sequences":[{"canvases":[{"label":"1","images":[{"resource":{"@id":"https://e.org/f.jpg",
       "width":1000,"height":400,"service":\(service)}}]},{"label":"2","images":[]}]}]}
      """)
    #expect(found.pages[0].address(size: 500)?.text == address && found.emptyPages == 1)
  }

  /// A page that is a part of a picture, or a turned one, is asked for as that, and known by it.
  @Test(
    arguments: [
      (
        #""@id":"https://e.org/x/1,2,300,400/full/0/default.jpg","@type":"oa:SpecificResource","default":PICTURE,"selector":{"region":"1,2,300,400"}"#,
        "1,2,300,400/150,/0", "1,2,300,400/max/0"
      ),
      (
        #""@type":"oa:SpecificResource","full":PICTURE,"selector":{"@type":"iiif:ImageApiSelector","region":"pct:0,0,50,100"}"#,
        "pct:0,0,50,100/200,/0", "pct:0,0,50,100/max/0"
      ),
      (
        #""id":"https://e.org/body/1","type":"SpecificResource","source":PICTURE,"selector":{"type":"ImageApiSelector","region":"square"}"#,
        "square/!200,200/0", "square/max/0"
      ),
      (
        #""type":"SpecificResource","source":PICTURE,"selector":{"type":"ImageApiSelector","rotation":"90"}"#,
        "full/200,/90", "full/max/90"
      ),
      (
        #""type":"SpecificResource","source":PICTURE,"selector":[{"type":"FragmentSelector","value":"xywh=pixel:0,0,400,100"}]"#,
        "0,0,400,100/200,/0", "0,0,400,100/max/0"
      ),
      (
        #""type":"SpecificResource","source":{"type":"Choice","items":[PICTURE]},"selector":{"rotation":"!180"}"#,
        "full/200,/!180", "full/max/!180"
      ),
      (#""type":"SpecificResource","source":PICTURE"#, "full/200,/0", nil),
      (#""type":"SpecificResource","source":PICTURE,"selector":{"region":"full","rotation":0}"#, "full/200,/0", nil),
    ] as [(String, String, String?)])
  func partsOfPictures(body: String, asked: String, known: String?) throws {
    let picture = #"""
      {"id":"https://e.org/x/full/max/0/default.jpg","type":"Image","width":2000,"height":1000,"service":[{"id":"https://e.org/x","type":"ImageService3","profile":"level2"}]}
      """#
    func page(_ body: String, _ picture: String) throws -> IIIFManifest.Page {
      try manifest(
        """
        {"type":"Manifest","label":"m","items":[{"type":"Canvas","items":[{"items":[{"motivation":"painting","body":{\(body.replacing("PICTURE", with: picture))}}]}]}]}
        """
      ).pages[0]
    }
    let found = try page(body, picture)
    #expect(found.address(size: 200)?.text == "https://e.org/x/\(asked)/default.jpg")
    #expect(found.identity == known.map { "https://e.org/x/\($0)/default.jpg" } ?? "https://e.org/x")
    guard known != nil else { return }
    // Without a service that cuts it out nobody gives the whole for the part.
    let named: [String?] = [nil, "https://e.org/x/1,2,300,400/full/0/default.jpg"]
    let ready = picture.replacing("level2", with: "level0")
    #expect(try named.contains(page(body, ready).address(size: nil)?.text))
    for wrong in ["../../y", "1,2", "1,2,x,4", "full/full/0/a.jpg?"] {
      let changed = body.replacing(#""selector":"#, with: #""selector":{"region":"\#(wrong)"},"unused":"#)
      #expect(try named.contains(page(changed, picture).address(size: nil)?.text), "\(wrong)")
    }
  }

  @Test func documentsWithAByteOrderMark() throws {
    let text = "\u{FEFF}" + manifest3("https://e.org")
    #expect(try manifest(text).pages.count == 2)
    let units = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    guard case .manifest(let found) = try IIIFDocument.parse(units, path: "m.json") else { return #expect(Bool(false)) }
    #expect(found.pages.count == 2)
  }

  @Test func aNumberOfTrismegistosThatIsNone() throws {
    let record = try manifest(manifest3("https://e.org").replacing("7001", with: "none yet")).record
    #expect(record.tm.isEmpty)
    #expect(record.leftOut.sentences == ["Trismegistos numbers that are none: 1 (the first: TM: none yet)"])
  }

  @Test func addressesAsPeopleTypeThem() {
    #expect(
      WebAddress(meant: " https://e.org/m \n")?.text == "https://e.org/m" && WebAddress.isMeant(by: " HTTPS://e.org"))
    #expect(WebAddress(meant: "//e.org/\u{1B}[31m")?.text == "https://e.org/%1B[31m")
    for text in ["file:///etc/passwd", "//", "http://ε.org/", "https://user:pass@e.org/", "javascript://e.org/"] {
      #expect(WebAddress(meant: text) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    "", "[]", "{\"type\":\"Canvas\"}", "<html>", "{\"type\":\"Manifest\",\"items\":[]}",
    "{\"type\":\"Collection\",\"items\":[{\"id\":\"file:///etc/passwd\",\"type\":\"Manifest\"}]}",
  ])
  func whatIsNoManifestIsRefused(_ text: String) {
    #expect(throws: ExchangeError.self) { _ = try IIIFDocument.parse(bytes(text), path: "m.json") }
  }

  @Test(arguments: [
    "file:///etc/passwd", "ftp://e.org/", "http://", "http://a b/", "https://user:pass@e.org/",
    "http://e.org/\u{1B}[31m", "http://-e.org/x",
    "http://e.org/\"", "gopher://e.org", "//e.org/x", "http://ε.org/",
  ])
  func addressesThatAreNotFetched(_ text: String) { #expect(WebAddress(text) == nil) }
}

/// A server that answers well, and others.
@Suite(.enabled(if: ChildProcess.find("curl") != nil, "curl is not installed"), .serialized) struct IIIFImportTests {
  private static let picture = PNG.encode(Bitmap(width: 40, height: 20, filledWith: 200))
  private static let other = PNG.encode(Bitmap(width: 40, height: 20, filledWith: 100))

  private struct Outcome {
    var added: [String] = []
    var present = 0
    var refused: [String] = []
    var leftOut: [String] = []
  }

  private func corpus() throws -> CorpusStore {
    try CorpusStore.create(at: NSTemporaryDirectory() + "grapheion-iiif-" + UUID().uuidString)
  }

  private func run(_ store: CorpusStore, _ source: String, tries: Int = 3, seconds: Int = 20) throws -> Outcome {
    var fetch = WebFetch()
    (fetch.pause, fetch.retryPause, fetch.tries, fetch.seconds) = (0, 0.01, tries, seconds)
    var outcome = Outcome()
    try store.importIIIF(source, size: nil, fetch: fetch, scholar: "t") { told in
      switch told {
      case .added(let id, _): outcome.added.append(id)
      case .present: outcome.present += 1
      case .refused(_, let reason): outcome.refused.append(reason)
      case .leftOut(_, let reason): outcome.leftOut.append(reason)
      default: break
      }
    }
    return outcome
  }

  private func good(_ path: String, _ root: String) -> LoopbackServer.Answer {
    if path == "/m" { return .ok(bytes(manifest3(root))) }
    return .ok(path.contains("i1") ? Self.picture : Self.other, type: "image/jpeg")
  }

  /// A server whose answers may name itself.
  private func server(
    _ answer: @escaping @Sendable (_ path: String, _ times: Int, _ root: String) -> LoopbackServer.Answer
  ) throws -> LoopbackServer {
    let root = RootBox()
    let server = try LoopbackServer { path, times in answer(path, times, root.text) }
    root.text = server.root
    return server
  }

  private final class RootBox: Sendable {
    private let value = Mutex("")
    var text: String {
      get { value.withLock { $0 } }
      set { value.withLock { $0 = newValue } }
    }
  }

  @Test func pagesComeInOnceAndAreNotFetchedAgain() throws {
    let server = try server { path, _, root in good(path, root) }
    defer { server.stop() }
    let store = try corpus()
    let first = try run(store, server.root + "/m")
    #expect(first.added == ["P.Ex.-5", "P.Ex.-5"] && first.refused.isEmpty)
    let fragment = try store.fragment("P.Ex.-5")
    #expect(fragment.photographs.map(\.side) == ["recto", "verso"] && fragment.identifiers.tm == "7001")
    #expect(fragment.date == DateRange(notBefore: 101, notAfter: 200) && !fragment.title.contains("\u{1B}"))
    #expect(fragment.photographs[1].source?.address == server.root + "/i2")
    #expect(server.requests.allSatisfy { $0.agent.hasPrefix("Grapheion/") })
    let asked = server.requests.count
    let second = try run(store, server.root + "/m")
    #expect(second.added.isEmpty && second.present == 2 && server.requests.count == asked + 1)
    #expect(!(try Files.list(store.path + "/cache")).contains { $0.hasPrefix("iiif") })
  }

  @Test func whatFailedComesInTheNextTime() throws {
    let server = try server { path, times, root in
      path.contains("i2") && times < 3 ? .silence : good(path, root)
    }
    defer { server.stop() }
    let store = try corpus()
    let first = try run(store, server.root + "/m")
    #expect(first.added.count == 1 && first.refused.count == 1 && first.refused[0].contains("asked 3 times"))
    let second = try run(store, server.root + "/m")
    #expect(second.added == ["P.Ex.-5"] && second.present == 1)
    #expect(try store.fragment("P.Ex.-5").photographs.count == 2)
  }

  @Test func aBusyServerIsAskedAgain() throws {
    let server = try server { path, times, root in times == 0 ? .status(503, retryAfter: 1) : good(path, root) }
    defer { server.stop() }
    #expect(try run(try corpus(), server.root + "/m").added.count == 2)
  }

  @Test func whatIsNotThereIsAskedForOnce() throws {
    let server = try server { path, _, root in path.contains("i1") ? .status(404) : good(path, root) }
    defer { server.stop() }
    let outcome = try run(try corpus(), server.root + "/m")
    #expect(outcome.added.count == 1 && outcome.refused == ["the server answers 404"])
    #expect(server.requests.count { $0.path.contains("i1") } == 1)
  }

  @Test func cutShortAndStalledAndLies() throws {
    let server = try server { path, _, root in
      if path.contains("i1") { return .cut(Self.picture) }
      if path.contains("i2") { return .ok(bytes("<html>Please log in</html>"), type: "image/jpeg") }
      if path.contains("i3") { return .stall }
      // A picture that says it is whole and is not.
      if path.contains("i4") { return .ok(Array(Self.picture.dropLast(20)), type: "image/png") }
      return path == "/m" ? .ok(bytes(manifest3(root, pages: 4))) : .status(404)
    }
    defer { server.stop() }
    let store = try corpus()
    let outcome = try run(store, server.root + "/m", tries: 1, seconds: 2)
    #expect(outcome.added.isEmpty && outcome.refused.count == 4)
    #expect(outcome.refused[1].contains("no image"))
    #expect(store.fragmentIDs.isEmpty)
  }

  @Test func redirectionsLeadNowhereElse() throws {
    let server = try server { path, _, root in
      if path.contains("i1") { return .redirect("file:///etc/passwd") }
      if path.contains("i2") { return .redirect(root + path) }
      if path.contains("i3") { return .redirect(root + "/moved") }
      if path == "/moved" { return .ok(Self.picture) }
      return .ok(bytes(manifest3(root, pages: 3)))
    }
    defer { server.stop() }
    let outcome = try run(try corpus(), server.root + "/m")
    #expect(outcome.added.count == 1 && outcome.refused.count == 2)
    #expect(server.requests.count { $0.path.contains("i2") } <= 7)
  }

  @Test func aCollectionThatHoldsItselfEnds() throws {
    let server = try server { path, _, root in
      if path == "/top" {
        return .ok(
          bytes(
            """
            {"type":"Collection","id":"\(root)/top","items":[{"type":"Collection","id":"\(root)/top"},{"type":"Manifest","id":"\(root)/m"},
             {"type":"Manifest","id":"\(root)/gone"}]}
            """))
      }
      return path == "/gone" ? .status(410) : good(path, root)
    }
    defer { server.stop() }
    let outcome = try run(try corpus(), server.root + "/top")
    #expect(outcome.added.count == 2 && outcome.refused == ["the server answers 410"])
  }

  /// Version 2 gives large collections page by page; what holds nothing says so.
  @Test func aCollectionInPages() throws {
    let server = try server { path, _, root in
      func collection(_ members: String) -> LoopbackServer.Answer {
        .ok(
          bytes("{\"@type\":\"sc:Collection\",\"label\":\"c\",\(members)}".replacing("ROOT", with: root)))
      }
      switch path {
      case "/top": return collection(#""total":2,"first":"ROOT/p1""#)
      case "/p1": return collection(#""manifests":[{"@id":"ROOT/gone"}],"next":{"@id":"ROOT/p2"}"#)
      case "/p2": return collection(#""manifests":[{"@id":"ROOT/m"}],"next":"ROOT/p3","prev":"ROOT/p1""#)
      case "/p3": return collection(#""manifests":[],"next":"ROOT/p1""#)
      case "/empty": return collection(#""manifests":[]"#)
      case "/gone": return .status(410)
      default: return good(path, root)
      }
    }
    defer { server.stop() }
    let outcome = try run(try corpus(), server.root + "/top")
    #expect(outcome.added.count == 2 && outcome.refused == ["the server answers 410"])
    let none = try run(try corpus(), server.root + "/empty")
    #expect(none.added.isEmpty && none.leftOut == ["is a collection that holds nothing"])
  }

  @Test func aManifestFromAFileIsFetchedFromWhereItSays() throws {
    let server = try server { path, _, root in good(path, root) }
    defer { server.stop() }
    let store = try corpus()
    let file = store.path + ".json"
    try Files.replace(file, with: bytes(manifest3(server.root)))
    defer { try? Files.remove(file) }
    #expect(try run(store, file).added.count == 2)
    #expect(throws: ExchangeError.self) { _ = try run(store, "https://") }
    #expect(throws: ExchangeError.self) { _ = try run(store, store.path + "/none.json") }
  }
}

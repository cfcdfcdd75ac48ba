import Corpus
import JSON
import Platform
import Raster
import Text

extension CorpusStore {
  /// Adds the objects of a IIIF manifest or collection, each as a fragment with its pages.
  ///
  /// A page that came in before is known by its address (`Photograph.Source`) and not fetched again, so that an import that was stopped goes on where it
  /// stood. What cannot be had is told and the rest goes on. Nothing is fetched but the documents and pictures that are named.
  /// - Parameters:
  ///   - source: a file, or an address.
  ///   - size: pixels of the pictures' longer side; nil for the largest.
  ///   - goesOn: asked before each page.
  public func importIIIF(
    _ source: String, size: Int?, fetch: WebFetch = WebFetch(), scholar: String, tell: (ImportOutcome) -> Void,
    goesOn: () -> Bool = { true }
  ) throws {
    try writable()
    var run = try IIIFImport(self, size: size, fetch: fetch, scholar: scholar)
    defer { try? Files.removeFolder(run.folder) }
    if WebAddress.isMeant(by: source) {
      guard let address = WebAddress(meant: source) else {
        throw ExchangeError(.usage, path: source, "is no address that can be fetched: http or https, a host, no spaces")
      }
      try run.add(.address(address), from: source, tell, goesOn)
    } else {
      let bytes: [UInt8]
      do throws(SystemError) { bytes = try Files.read(source, limit: 64 << 20) } catch {
        throw ExchangeError(.unreadable, error)
      }
      try run.add(.document(try IIIFDocument.parse(bytes, path: source)), from: source, tell, goesOn)
    }
  }
}

/// One import of manifests.
private struct IIIFImport {
  let store: CorpusStore
  let size: Int?
  let fetch: WebFetch
  /// Where pictures lie until they are in the corpus.
  let folder: String
  private var photographs: PhotographImport
  /// Documents that were opened: a collection may hold itself.
  private var seen: Set<String> = []
  private static let mostDocuments = 100_000
  /// Fragments by the addresses of their pages.
  private var homes: [String: String] = [:]

  init(_ store: CorpusStore, size: Int?, fetch: WebFetch, scholar: String) throws {
    (self.store, self.size, self.fetch) = (store, size, fetch)
    folder = store.path + "/cache/iiif-\(Environment.process)"
    try Files.makeFolder(folder)
    photographs = PhotographImport(store, scholar: scholar, sidecar: { _, _ in nil })
    for id in store.fragmentIDs {
      guard let fragment = try? store.fragment(id) else { continue }
      for photograph in fragment.photographs {
        if let address = photograph.source?.address { homes[IIIFManifest.base(address)] = id }
      }
    }
  }

  /// Goes through a document and all it leads to; what fails below the first is told, and the rest goes on.
  mutating func add(
    _ first: IIIFDocument.Entry, from source: String, _ tell: (ImportOutcome) -> Void, _ goesOn: () -> Bool
  ) throws {
    // The next one last: collections within collections, and their pages, may be as many as a server likes.
    var (waiting, isFirst) = ([first], true)
    while let entry = waiting.popLast(), isFirst || goesOn() {
      defer { isFirst = false }
      do {
        switch try document(entry) {
        case .manifest(let manifest)?: try add(manifest, tell, goesOn)
        case .collection(let entries)?:
          waiting += entries.reversed()
          if entries.isEmpty {
            let path = if case .address(let address) = entry { address.text } else { source }
            tell(.leftOut(path: path, reason: "is a collection that holds nothing"))
          }
        case nil: break
        }
      } catch let error as ExchangeError where !isFirst && error.code != .unwritable {
        tell(.refused(path: error.path, reason: error.reason))
      }
    }
  }

  /// nil for one that was opened before.
  private mutating func document(_ entry: IIIFDocument.Entry) throws -> IIIFDocument? {
    switch entry {
    case .document(let whole): return whole
    case .address(let address):
      guard seen.insert(address.text).inserted else { return nil }
      guard seen.count <= Self.mostDocuments else {
        throw ExchangeError(
          .unsupported, path: address.text, "is not opened: more than \(Self.mostDocuments) documents were before it")
      }
      return try IIIFDocument.parse(try fetch.document(address), path: address.text)
    }
  }

  private mutating func add(
    _ manifest: IIIFManifest, _ tell: (ImportOutcome) -> Void, _ goesOn: () -> Bool
  ) throws {
    var fragment = Fragment(id: "")
    _ = fragment.fill(from: manifest.record)
    let addresses = manifest.pages.map { $0.address(size: size) }
    // Whatever the size: the same page at another size is the same page.
    let own = manifest.pages.map(\.identity)
    fragment.id = try own.compactMap { homes[$0] }.first ?? freeID(manifest)
    var missed = manifest.record.leftOut
    missed.add("pages without a picture", manifest.label, count: manifest.emptyPages)
    if !missed.isEmpty { tell(.missed(path: manifest.label, missed)) }
    for (number, page) in manifest.pages.enumerated() where goesOn() {
      if let id = homes[own[number]] {
        tell(.present(fragment: id, path: own[number]))
        continue
      }
      guard let address = addresses[number] else {
        let reason =
          page.part == nil
          ? "is no address that can be fetched" : "is a part of a picture that no image service offers to cut out"
        tell(.refused(path: own[number], reason: reason))
        continue
      }
      do {
        let outcome = try add(page, number, address, as: own[number], of: fragment, tell)
        tell(outcome)
        if case .added(let id, _) = outcome { homes[own[number]] = id }
      } catch let error as ExchangeError where error.code != .unwritable {
        tell(.refused(path: address.text, reason: error.reason))
      } catch let error as RasterError {
        tell(.refused(path: address.text, reason: error.reason))
      }
      if page.others > 0 {
        var missed = LeftOut()
        missed.add("other pictures of a page", page.label, count: page.others)
        tell(.missed(path: address.text, missed))
      }
    }
  }

  /// Fetches a page and brings it in.
  private mutating func add(
    _ page: IIIFManifest.Page, _ number: Int, _ address: WebAddress, as name: String, of fragment: Fragment,
    _ tell: (ImportOutcome) -> Void
  ) throws -> ImportOutcome {
    // Numbered so that no label can be taken for another name.
    let file = folder + "/p\(number + 1)-page"
    try fetch.file(address, to: file)
    defer { for ending in ["", ".json"] { try? Files.remove(file + ending) } }
    guard try ImageType.of(file) != nil else {
      throw ExchangeError(.damaged, path: address.text, "the server sent something that is no image")
    }
    var described = fragment
    described.photographs = [
      Photograph(
        file: "p.png", width: 1, height: 1, side: PictureName("p " + page.label).words)
    ]
    try Files.replace(file + ".json", with: described.json.pretty())
    return try photographs.add(file, address: name, tell)
  }

  /// An id that is nobody's: by the inventory number, else the label.
  private func freeID(_ manifest: IIIFManifest) throws -> String {
    let wanted = CorpusStore.identifier(from: manifest.record.inventory ?? manifest.label)
    var (id, number) = (wanted, 2)
    while Files.exists(try store.folder(of: id)) {
      id = "\(wanted)-\(number)"
      number += 1
    }
    return id
  }
}

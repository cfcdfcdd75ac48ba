import Corpus
import JSON
import Text

// IIIF Presentation API 2.0, 2.1 and 3.0: what is taken of them.
//
// 2: { "@type": "sc:Manifest", "label", "metadata": [{label, value}], "license", "attribution",
//      "sequences": [{ "canvases": [{ "label", "images": [{ "resource": { "@id", "width", "height", "service": {"@id", "profile"} } }] }] }] }
//    { "@type": "sc:Collection", "manifests": [{"@id"}], "collections": [{"@id"}], "members": [{"@id", "@type"}] }
// 3: { "type": "Manifest", "label": {"en": ["…"]}, "metadata", "rights", "requiredStatement",
//      "items": [{ "type": "Canvas", "label", "items": [{ "items": [{ "motivation": "painting", "body": { "id", "type": "Image", "service": [{"id"}] } }] }] }] }
//    { "type": "Collection", "items": [{"id", "type"}] }
//
// A resource may be a choice of pictures of one page (other light, other side of the spectrum): the first is taken, the rest counted. It may be a part
// of a picture, or a turned one (`IIIFPart`). A collection of version 2 may come in pages: "first", and in each "next".

/// A manifest or a collection of them.
public enum IIIFDocument: Sendable {
  case manifest(IIIFManifest)
  /// Addresses of what it holds, in order, and manifests that stand in it whole.
  case collection([Entry])

  public enum Entry: Sendable {
    case address(WebAddress)
    case document(IIIFDocument)
  }

  private static let depthLimit = 8

  public static func parse(_ bytes: [UInt8], path: String) throws(ExchangeError) -> IIIFDocument {
    let json: JSONValue
    do throws(ExchangeError) { json = try JSONValue.read(bytes, path: path) } catch {
      throw ExchangeError(error.code, path: path, "is no IIIF manifest: \(error.reason)")
    }
    return try read(json, path: path, depth: 0)
  }

  private static func read(_ json: JSONValue, path: String, depth: Int) throws(ExchangeError) -> IIIFDocument {
    guard depth < depthLimit else {
      throw ExchangeError(.damaged, path: path, "has collections within collections without end")
    }
    switch json.kind {
    case "Manifest": return .manifest(try IIIFManifest(json, path: path))
    case "Collection":
      let parts =
        ["items", "manifests", "collections", "members"].flatMap { json[$0]?.array ?? [] }
        + ["first", "next"].compactMap { json[$0] }
      var entries: [Entry] = []
      for part in parts {
        if part["sequences"] != nil || (part["items"]?.array?.isEmpty == false) {
          entries.append(.document(try read(part, path: path, depth: depth + 1)))
        } else if let address = (part.id ?? part.string).flatMap(WebAddress.init(meant:)) {
          entries.append(.address(address))
        } else {
          throw ExchangeError(.damaged, path: path, "names something in the collection that has no address")
        }
      }
      return .collection(entries)
    default:
      throw ExchangeError(
        .unsupported, path: path, "is neither a manifest nor a collection of the IIIF Presentation API, 2 or 3")
    }
  }
}

extension JSONValue {
  var id: String? { (self["id"] ?? self["@id"])?.string }

  /// `Manifest` of `sc:Manifest`, the form of version 2, and of `Manifest`.
  var kind: String? {
    (self["type"] ?? self["@type"])?.one?.string.map { String($0.split(separator: ":").last ?? "") }
  }

  /// One of a list, or itself.
  var one: JSONValue? { if case .array(let values) = self { values.first } else { self } }

  /// A text as either version has it: plain, with a language, a list, a map of languages. Without markup.
  fileprivate var label: String {
    switch self {
    case .string(let text): return text.withoutTags
    case .array(let values): return values.map(\.label).filter { !$0.isEmpty }.joined(separator: "; ")
    case .object(let members):
      if let value = self["@value"] { return value.label }
      // Of several languages one.
      let chosen = ["none", "@none", "en", "grc", "de"].lazy.compactMap { self[$0] }.first ?? members.first?.value
      return chosen?.label ?? ""
    default: return ""
    }
  }
}

extension String {
  /// Labels may hold a little HTML.
  fileprivate var withoutTags: String {
    var (text, isTag) = ("", false)
    for character in self {
      if character == "<" {
        isTag = true
      } else if character == ">" {
        isTag = false
      } else if !isTag {
        text.append(character)
      }
    }
    return (text.isEmpty ? self : text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// One object: what is said of it, and its pages.
public struct IIIFManifest: Sendable {
  public struct Page: Sendable {
    public var label: String
    /// Where the Image API serves the picture; nil where it is only a file.
    public var service: String?
    /// Version 2 calls the largest size `full`, version 3 `max`.
    public var isVersion3: Bool
    /// Whether the service has ready-made sizes alone (level 0): then the picture is fetched as the manifest names it.
    public var isReadyMade: Bool
    /// The picture as the manifest names it.
    public var file: String?
    public var width: Int?
    public var height: Int?
    /// Other pictures of the same page, which are not taken.
    public var others: Int
    /// What of the picture the page is, where it is not the whole as it lies.
    var part: IIIFPart?

    /// Where to fetch it.
    ///
    /// - Parameter size: pixels of the longer side; nil for the largest there is.
    /// - Returns: nil for what is no address, or for a part of a picture that can only be had whole.
    public func address(size: Int?) -> WebAddress? {
      let isAsked = part.map { $0.isUnderstood && !isReadyMade } ?? (!isReadyMade || file == nil)
      guard let service, isAsked else { return file.flatMap { WebAddress(meant: $0) } }
      var wanted = isVersion3 ? "max" : "full"
      if let size, !isReadyMade {
        // By width: level 1 of the Image API must know no more.
        let shown = part.map { $0.size(width, height) } ?? (width, height)
        if let width = shown.0, let height = shown.1, width > 0, height > 0 {
          let longer = max(width, height)
          if longer > size { wanted = "\(max(1, Int((Double(width) * Double(size) / Double(longer)).rounded())))," }
        } else {
          wanted = "!\(size),\(size)"
        }
      }
      return WebAddress(meant: "\(service)/\(part?.region ?? "full")/\(wanted)/\(part?.rotation ?? "0")/default.jpg")
    }

    /// What it is known by when it comes again, whatever its size: its service or file; a part of a picture by the address of that part.
    var identity: String {
      guard part != nil else { return service ?? file ?? "" }
      return address(size: nil)?.text ?? file ?? "\(service ?? ""), a part"
    }
  }

  public var label: String
  /// By the names that tables use, too.
  public var record: FragmentRecord
  public var pages: [Page]
  /// How many more have no picture.
  public var emptyPages: Int

  private static let mostPages = 5000

  init(_ json: JSONValue, path: String) throws(ExchangeError) {
    label = json["label"]?.label ?? ""
    record = FragmentRecord(source: path)
    record.title = label.isEmpty ? nil : label
    let said = json["rights"] ?? json["license"]
    let statement = (json["requiredStatement"]?["value"] ?? json["attribution"])?.label
    let rights = [said?.one?.string ?? said?.one?.id, statement].compactMap(\.self).filter { !$0.isEmpty }
    record.rights = rights.isEmpty ? nil : rights.joined(separator: "; ")
    for entry in json["metadata"]?.array ?? [] {
      if let name = entry["label"]?.label, let value = entry["value"]?.label { record.take(name, value) }
    }
    let canvases =
      json["sequences"]?.array.map { $0.first?["canvases"]?.array ?? [] }
      ?? (json["items"]?.array ?? [])
    pages = canvases.prefix(Self.mostPages).compactMap(Self.page)
    emptyPages = canvases.prefix(Self.mostPages).count - pages.count
    guard !pages.isEmpty else { throw ExchangeError(.damaged, path: path, "has no page with a picture") }
  }

  /// What is painted on a canvas, in either version.
  private static func paintings(of canvas: JSONValue) -> [JSONValue] {
    if let images = canvas["images"]?.array { return images.compactMap { $0["resource"] } }
    let annotations = (canvas["items"]?.array ?? []).flatMap { page -> [JSONValue] in page["items"]?.array ?? [] }
    let painting = annotations.filter { annotation in
      guard let motivation = annotation["motivation"]?.one?.string else { return true }
      return motivation.hasSuffix("painting")
    }
    return painting.compactMap { $0["body"]?.one }
  }

  /// Words by which a service tells what it is.
  private static func kinds(of service: JSONValue) -> [String] {
    [service["type"], service["@type"], service["profile"]?.one, service["@context"]?.one].compactMap { $0?.string }
  }

  /// The service that serves a picture: of several (to log in, to search) the one that says it is of the Image API, else the only one.
  private static func imageService(of picture: JSONValue) -> JSONValue? {
    guard let named = picture["service"] else { return nil }
    let services = named.array ?? [named]
    let said = services.first { service in
      kinds(of: service).contains { $0.contains("ImageService") || $0.contains("/image/") || $0.hasPrefix("level") }
    }
    return said ?? services.first { !kinds(of: $0).contains { $0.lowercased().contains("auth") } }
  }

  /// The address sizes are put behind: some name the service by its description, or with a slash too many.
  static func base(_ id: String) -> String {
    var base = Substring(id)
    if base.hasSuffix("/info.json") { base = base.dropLast("/info.json".count) }
    while base.hasSuffix("/") { base = base.dropLast() }
    return String(base)
  }

  private static func page(_ canvas: JSONValue) -> Page? {
    let choices = Self.paintings(of: canvas).flatMap { IIIFPart.pictures(of: $0) }
    guard let (picture, part) = choices.first(where: { $0.picture.id != nil || $0.picture["service"] != nil }) else {
      return nil
    }
    let service = imageService(of: picture)
    let kinds = service.map(Self.kinds) ?? []
    return Page(
      label: canvas["label"]?.label ?? "", service: service?.id.map(base),
      isVersion3: kinds.contains {
        $0.contains("ImageService3") || $0.contains("/image/3") || $0 == "level2" || $0 == "level1"
      }
        && !kinds.contains { $0.contains("ImageService2") || $0.contains("/image/2") },
      isReadyMade: kinds.contains { $0.hasSuffix("level0") || $0.hasSuffix("level0.json") },
      file: part == nil ? picture.id : part?.file, width: picture["width"]?.int ?? canvas["width"]?.int,
      height: picture["height"]?.int ?? canvas["height"]?.int, others: choices.count - 1, part: part)
  }
}

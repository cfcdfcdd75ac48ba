import JSON
import Raster

// PART-000000.tar, PART-000001.tar …: POSIX tar (ustar), each about 1 GB. Of each line three members that differ in their suffix: NAME.png, NAME.txt,
// NAME.json. webdataset takes everything up to the first dot for the name, so names have none.

/// Writes tars for streaming loaders.
final class WebDatasetWriter: ExportWriter {
  static let shardSize = 1 << 30
  private let run: ExportRun
  private var shards: [String: (tar: TarStream, number: Int)] = [:]

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let part = part ?? "train"
    return try fragment.eachStrip(&run.leftOut) { line, strip throws(ExchangeError) in
      let key = Self.key(line.name)
      let tar = try shard(part)
      try tar.add(key + ".png", PNG.encode(strip))
      try tar.add(key + ".txt", Array(line.text.utf8))
      try tar.add(key + ".json", JSONValue.object(fragment.json(line)).serialised())
    }
  }

  /// Names that differ stay different.
  private static func key(_ name: String) -> String {
    guard name.contains(".") || name.utf8.count > 80 else { return name }
    return ExportFolder.name(from: name.replacing(".", with: "\u{B7}"))
  }

  private func shard(_ part: String) throws(ExchangeError) -> TarStream {
    if let (tar, number) = shards[part] {
      guard tar.size >= Self.shardSize else { return tar }
      try tar.finish()
      return try open(part, number + 1)
    }
    return try open(part, 0)
  }

  private func open(_ part: String, _ number: Int) throws(ExchangeError) -> TarStream {
    let digits = String(number)
    let name = "\(part)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).tar"
    let tar = TarStream(try run.root.open(name))
    shards[part] = (tar, number)
    return tar
  }

  func finish() throws(ExchangeError) {
    for part in run.parts where shards[part] == nil { _ = try open(part, 0) }
    for part in shards.keys.sorted() { try shards[part]!.tar.finish() }
    shards = [:]
  }
}

/// A tar that grows member by member. The same members give the same bytes.
final class TarStream {
  private var file: ExportFile
  var size: Int { file.size }

  init(_ file: consuming ExportFile) { self.file = file }

  func add(_ name: String, _ content: [UInt8]) throws(ExchangeError) {
    // A header of 512 bytes: name, mode, owner, group, size, time, checksum, kind, magic; numbers in octal.
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) { header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8) }
    func octal(_ number: Int, _ digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    put(String(name.prefix(99)), at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(content.count, 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
    try file.write(header)
    try file.write(content)
    try file.write([UInt8](repeating: 0, count: (512 - content.count % 512) % 512))
  }

  func finish() throws(ExchangeError) {
    try file.write([UInt8](repeating: 0, count: 1024))
    try file.finish()
  }
}

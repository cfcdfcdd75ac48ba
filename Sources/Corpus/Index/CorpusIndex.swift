import Platform

// cache/index: everything lists, filters and searches need, derived from the files of the corpus; may be deleted at any time.
// Numbers are little endian, texts as `IndexWriter` puts them.
//
//   "GRPHINDX"   8 bytes
//   version      u32; another one than this program's is no index
//   checksum     u32, CRC-32C of the head
//   length       u64, bytes of the head
//   head         listed i64 (time of change of fragments/), count u32, and for every fragment in the order of ids:
//                id, offset u64 from the end of the head, length u32, checksum u32 (CRC-32C of the entry)
//   entries      `IndexEntry`
//
// The head is verified when the index is opened, an entry when it is read. An index that is missing, of another version or damaged is made
// anew; an entry that is damaged, or older than what it was made from, is made anew alone. The file is replaced by rename, so a mapped one
// stays whole.

/// The index of a corpus as it was when the file was written; whether an entry still holds, the store decides by its stamp.
final class CorpusIndex: Sendable {
  static let version: UInt32 = 1
  private static let magic = Array("GRPHINDX".utf8)
  private static let headStart = 24

  private struct Place {
    var offset: Int
    var length: Int
    var checksum: UInt32
  }

  /// Time of change of `fragments/` when it was written.
  let listed: Int
  /// Sorted by bytes.
  let ids: [String]
  private let places: [Place]
  private let file: MappedFile

  /// nil where there is no such file, or it is not an index of this version, whole.
  init?(path: String) {
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path: path) } catch { return nil }
    let head = file.withBytes { bytes -> (listed: Int, ids: [String], places: [Place])? in
      guard bytes.count >= Self.headStart, bytes[..<8].elementsEqual(Self.magic) else { return nil }
      var reader = IndexReader(UnsafeRawBufferPointer(rebasing: bytes[8...]))
      let (version, checksum, length) = (reader.number(UInt32.self), reader.number(UInt32.self), reader.int())
      guard version == Self.version, length >= 0, length <= bytes.count - Self.headStart else { return nil }
      let head = UnsafeRawBufferPointer(rebasing: bytes[Self.headStart..<Self.headStart + length])
      guard Checksum.crc32c(head) == checksum else { return nil }
      reader = IndexReader(head)
      let listed = reader.int()
      let count = Int(reader.number(UInt32.self))
      let room = bytes.count - Self.headStart - length
      guard count <= length / 16 else { return nil }
      var (ids, places): ([String], [Place]) = ([], [])
      ids.reserveCapacity(count)
      places.reserveCapacity(count)
      for _ in 0..<count {
        ids.append(reader.text())
        let place = Place(offset: reader.int(), length: Int(reader.number(UInt32.self)), checksum: reader.number())
        guard reader.isSound, place.offset >= 0, place.offset <= room, place.length <= room - place.offset
        else { return nil }
        places.append(
          Place(offset: Self.headStart + length + place.offset, length: place.length, checksum: place.checksum))
      }
      return (listed, ids, places)
    }
    guard let head else { return nil }
    self.file = file
    listed = head.listed
    ids = head.ids
    places = head.places
  }

  /// Writes an index of `entries`, which are in the order of ids.
  static func write(_ entries: [(id: String, bytes: [UInt8])], listed: Int, to path: String) throws(SystemError) {
    var head = IndexWriter()
    head.put(listed)
    head.put(UInt32(entries.count))
    var offset = 0
    for entry in entries {
      head.put(entry.id)
      head.put(offset)
      head.put(UInt32(entry.bytes.count))
      head.put(Checksum.crc32c(entry.bytes))
      offset += entry.bytes.count
    }
    var all = IndexWriter()
    all.put(version)
    all.put(Checksum.crc32c(head.bytes))
    all.put(head.bytes.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headStart + head.bytes.count + offset)
    bytes += magic
    bytes += all.bytes
    bytes += head.bytes
    for entry in entries { bytes += entry.bytes }
    try Files.makeFolder(Files.parent(path))
    try Files.replace(path, with: bytes)
  }

  /// Where a fragment's entry is, by binary search.
  func place(of id: String) -> Int? {
    var (low, high) = (0, ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ids[middle].utf8.lexicographicallyPrecedes(id.utf8) { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id ? low : nil
  }

  /// Lends the bytes of an entry; nil where they are damaged.
  func withEntry<T>(_ place: Int, _ body: (UnsafeRawBufferPointer) -> T?) -> T? {
    let place = places[place]
    return file.withBytes { bytes -> T? in
      let entry = UnsafeRawBufferPointer(rebasing: bytes[place.offset..<place.offset + place.length])
      return Checksum.crc32c(entry) == place.checksum ? body(entry) : nil
    }
  }

  func entry(of id: String) -> IndexEntry? {
    place(of: id).flatMap { withEntry($0) { IndexEntry($0) } }.flatMap { $0.fragment.id == id ? $0 : nil }
  }

  /// Whether an entry's checksum is right and it is of its fragment.
  func isSound(_ id: String) -> Bool { entry(of: id) != nil }
}

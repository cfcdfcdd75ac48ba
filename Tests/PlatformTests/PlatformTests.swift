import CKernels
import Foundation
import Synchronization
import Testing

@testable import Platform

private func scratch() throws -> String {
  let path = NSTemporaryDirectory() + "/grapheion-platform-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return path
}

@Suite(.serialized) struct FileTests {
  /// A place that says of everything that it is not there.
  @Test(.enabled(if: Files.exists("/proc/self"))) func aFolderThatCannotBeMadeIsSaidToBe() {
    #expect(throws: SystemError.self) { try Files.makeFolder("/proc/nothing/in/it") }
  }

  @Test func replacementIsWholeOrNotAtAll() throws {
    let path = try scratch() + "/a.json"
    try Files.replace(path, with: Array("old".utf8))
    for call in [Faults.Call.open, .write, .fsync, .rename] {
      let rule: @Sendable (Faults.Call, String) -> Int32? = { asked, name in
        asked == call && name.hasPrefix(path) ? ENOSPC : nil
      }
      let error = Faults.inject(rule) { () -> SystemError? in
        do throws(SystemError) {
          try Files.replace(path, with: Array("new".utf8))
          return nil
        } catch {
          return error
        }
      }
      #expect(error?.errno == ENOSPC)
      #expect(error?.description.hasSuffix("no space left on the disk") == true)
      #expect(try Files.read(path) == Array("old".utf8))
      #expect(try Files.list(Files.parent(path)) == ["a.json"])
    }
    try Files.replace(path, with: Array("new".utf8))
    #expect(try Files.read(path) == Array("new".utf8))
  }

  /// Where a mapped file shrinks, zeros stand in its place and it is told; the process lives.
  @Test func aMapOutlivesItsFile() throws {
    let path = try scratch() + "/map"
    try Data(repeating: 7, count: 64 << 10).write(to: URL(fileURLWithPath: path))
    let map = try MappedFile(path: path)
    #expect(map.isIntact && map.withBytes { $0[60 << 10] } == 7)
    #expect(truncate(path, 4096) == 0)
    #expect(map.withBytes { $0[60 << 10] } == 0)
    #expect(!map.isIntact)
    let other = try MappedFile(path: path)
    #expect(other.isIntact && other.count == 4096)
  }

  @Test func onlyPlainFilesAreOpened() throws {
    let folder = try scratch()
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    for path in [folder + "/pipe", folder, "/dev/zero"] {
      #expect(throws: SystemError.self) { try Files.read(path) }
      #expect(throws: SystemError.self) { try MappedFile(path: path) }
      #expect(throws: SystemError.self) { try Files.copy(path, to: folder + "/copy") }
    }
    #expect(try Files.read("/proc/self/cmdline").count > 0)
    #expect(try Files.list(folder) == ["pipe"])
  }

  @Test func sharedFoldersShareWhatIsMadeInThem() throws {
    let folder = try scratch() + "/shared"
    try Files.makeFolder(folder)
    try Files.shareFolder(folder)
    let old = umask(0o077)
    defer { umask(old) }
    try Files.makeFolder(folder + "/a/b")
    try Files.replace(folder + "/a/b/file", with: [1])
    try AppendFile(path: folder + "/a/journal").append([1])
    func mode(_ path: String) -> mode_t {
      var status = stat()
      _ = stat(path, &status)
      return status.st_mode & 0o7777
    }
    #expect(mode(folder + "/a/b") == 0o2775)
    #expect(mode(folder + "/a/b/file") == 0o664 && mode(folder + "/a/journal") == 0o664)
    let own = try scratch() + "/own"
    try Files.makeFolder(own)
    try Files.replace(own + "/file", with: [1])
    #expect(mode(own) == 0o700 && mode(own + "/file") == 0o600)
  }

  @Test func failedAppendLeavesNoHalfRecord() throws {
    let path = try scratch() + "/j.jsonl"
    let file = try AppendFile(path: path)
    try file.append(Array("one\n".utf8))
    for call in [Faults.Call.write, .fsync] {
      let rule: @Sendable (Faults.Call, String) -> Int32? = { asked, name in
        asked == call && name == path ? EIO : nil
      }
      #expect(throws: SystemError.self) {
        try Faults.inject(rule) { try file.append(Array("two\n".utf8)) }
      }
    }
    try file.append(Array("three\n".utf8))
    #expect(try Files.read(path) == Array("one\nthree\n".utf8))
  }

  @Test func whatWasAppendedUnflushedWaitsForAFlushThatSucceeds() throws {
    let path = try scratch() + "/j.jsonl"
    let file = try AppendFile(path: path)
    try file.append(Array("one\n".utf8), flushed: false)
    #expect(try Files.read(path) == Array("one\n".utf8))
    let rule: @Sendable (Faults.Call, String) -> Int32? = { asked, name in
      asked == .fsync && name == path ? EIO : nil
    }
    for _ in 0..<2 { #expect(throws: SystemError.self) { try Faults.inject(rule) { try file.flush() } } }
    try file.flush()
    // Nothing waits now, so nothing can fail.
    try Faults.inject(rule) { try file.flush() }
  }

  @Test func sizesAndKindsAreChecked() throws {
    let folder = try scratch()
    try Files.replace(folder + "/x", with: [UInt8](repeating: 7, count: 100))
    #expect(try Files.read(folder + "/x", limit: 100).count == 100)
    #expect(throws: SystemError.self) { try Files.read(folder + "/x", limit: 99) }
    #expect(throws: SystemError.self) { try Files.read(folder) }
    #expect(throws: SystemError.self) { try MappedFile(path: folder) }
    #expect(try MappedFile(path: folder + "/x").withBytes { $0.count } == 100)
  }

  @Test func foldersAreMadeWithThoseAbove() throws {
    let folder = try scratch()
    try Files.makeFolder(folder + "/a/b/c")
    try Files.makeFolder(folder + "/a/b/c")
    #expect(Files.status(folder + "/a/b/c")?.kind == .folder)
    try Files.replace(folder + "/f", with: [])
    #expect(throws: SystemError.self) { try Files.makeFolder(folder + "/f/g") }
  }
}

@Suite struct HashTests {
  @Test func knownSHA256() {
    #expect(
      SHA256.hash(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(SHA256.hash([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func streamingEqualsWhole() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 37) }
    for step in [1, 13, 63, 64, 65, 200] {
      var hash = SHA256()
      for start in stride(from: 0, to: bytes.count, by: step) {
        hash.update(Array(bytes[start..<min(start + step, bytes.count)]))
      }
      #expect(hash.finish() == SHA256.hash(bytes))
    }
  }

  /// The processor's instructions, where it has them, against plain C; also a known hash of many blocks.
  @Test func nativeBlocksArePlainBlocks() {
    for count in [1, 2, 7] {
      let blocks = (0..<64 * count).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ count) }
      var native = (0..<8).map { UInt32(truncatingIfNeeded: $0 &* 0x9E37_79B1) }
      var plain = native
      grapheion_sha256(blocks, count, &native)
      grapheion_sha256_plain(blocks, count, &plain)
      #expect(native == plain)
    }
    #expect(
      SHA256.hash([UInt8](repeating: 0x61, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func knownCRC() { #expect(Checksum.crc32c(Array("123456789".utf8)) == 0xE306_9283) }
}

@Suite struct ThreadTests {
  @Test func inboxWakesOnceAndKeepsOrder() throws {
    let inbox = try Inbox<Int>()
    for number in 0..<1000 { inbox.put(number) }
    var wait = pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&wait, 1, 0) == 1)
    #expect(inbox.take() == Array(0..<1000))
    #expect(poll(&wait, 1, 0) == 0)
    inbox.put(7)
    #expect(poll(&wait, 1, 0) == 1)
    #expect(inbox.take() == [7])
  }

  /// A worker that hears nothing any more is ended, and not waited for.
  @Test func aWorkerThatCannotBeToldIsEnded() throws {
    let worker = try ChildWorker("/bin/sh", ["-c", "exec 0<&-; echo ready; exec sleep 600"])
    func wait(for isThere: (_ lines: [String], _ hasEnded: Bool) -> Bool) -> Bool {
      for _ in 0..<3000 {
        let (lines, hasEnded) = worker.lines()
        if isThere(lines, hasEnded) { return true }
        Clock.sleep(0.01)
      }
      return false
    }
    #expect(wait { lines, _ in lines == ["ready"] })
    worker.send("p1")
    #expect(wait { _, hasEnded in hasEnded })
  }

  /// A thread of the pool that still holds what it worked on when the call returns ends the process.
  @Test func nothingIsHeldWhenTheWorkIsDone() {
    let seen = Mutex(0)
    func work(_ count: Int, tell: @Sendable (Int) -> Void) {
      withoutActuallyEscaping(tell) { tell in
        Threads.forEach(count, workers: 4) { tell($0) }
        #expect(
          Threads.map(count, workers: 3) { number -> Int in
            tell(number)
            return number
          } == Array(0..<count))
      }
    }
    for _ in 0..<2000 { work(4) { _ in seen.withLock { $0 += 1 } } }
    #expect(seen.withLock { $0 } == 16_000)
  }

  @Test func everyNumberIsVisitedOnce() {
    let seen = Mutex([Int](repeating: 0, count: 500))
    Threads.forEach(500, workers: 4) { number in seen.withLock { $0[number] += 1 } }
    #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
  }

  /// Every name goes to the system as it came from it, and no two have the same text.
  @Test func namesThatAreNotUTF8ComeBackAsTheyWere() {
    var texts: Set<String> = []
    let names: [[UInt8]] =
      (1...255).map { [0x61, UInt8($0)] } + (128...255).map { [UInt8($0)] }
      + [
        Array("ὦ \u{323}".utf8), [0xCE], [0xCE, 0xB1, 0xCE], [0xF0, 0xDE, 0xF0], Array("x\u{10F7E1}".utf8),
        [0xE1, 0x80],
        [0xED, 0xA0, 0x80], Array("\u{10F6FF}\u{10F800}".utf8), [0xF4, 0x8F, 0x9F], [0x2F, 0xCC, 0x81, 0x62],
      ]
    for name in names {
      let text = FileName.text(of: name)
      #expect(text.systemName.map { UInt8(bitPattern: $0) } == name + [0])
      texts.insert(text)
    }
    // [0xCE] comes twice.
    #expect(texts.count == names.count - 1)
    #expect(FileName.text(of: Array("κ/α".utf8)) == "κ/α")
    // A mark behind a slash makes no letter of both.
    #expect(Files.parent("/a/b/\u{301}c") == "/a/b" && Files.name("/a/b/\u{301}c").unicodeScalars.first == "\u{301}")
  }

  @Test func filesInAnOldEncodingAreListedAndRead() throws {
    let folder = try scratch()
    let path = folder + "/" + FileName.text(of: [0xF0, 0xDE, 0xF0])
    try Files.makeFolder(path)
    try Files.replace(path + "/x", with: [1, 2])
    #expect(try Files.list(folder).map { folder + "/" + $0 } == [path])
    #expect(try Files.read(path + "/x") == [1, 2])
    try Files.rename(path, to: folder + "/y")
    #expect(Files.isMissing(path) && !Files.isMissing(folder + "/y/x") && Files.isMissing(folder + "/y/x/z"))
    try Files.removeFolder(folder + "/y")
  }

  @Test func childrenRunWithoutAShell() throws {
    let echo = try #require(ChildProcess.find("echo"))
    let outcome = try ChildProcess.run(echo, ["$HOME", "a b"])
    #expect(outcome.status == 0)
    #expect(String(decoding: outcome.output, as: UTF8.self) == "$HOME a b\n")
    #expect(ChildProcess.find("no-such-program-here") == nil)
    let shell = try #require(ChildProcess.find("sh"))
    // As where workers run, or under a parent that ignores it.
    signal(SIGPIPE, SIG_IGN)
    let loud = try ChildProcess.run(shell, ["-c", "echo heard >&2; yes | head -c 200000; exit 3"], limit: 1000)
    #expect(loud.status == 3 && loud.output.count == 1000 && loud.errors == Array("heard\n".utf8))
    let bounds = ChildProcess.Bounds(seconds: 1, memory: 1 << 30, fileSize: 1 << 20)
    let slow = try ChildProcess.run(shell, ["-c", "sleep 20"], bounds: bounds)
    #expect(slow.ranOutOfTime && slow.status == 128 + SIGKILL)
    let file = try scratch() + "/large"
    let large = try ChildProcess.run(shell, ["-c", "yes > \"$1\"", "sh", file], bounds: bounds)
    #expect(large.status != 0 && Files.status(file)?.size ?? 0 <= 2 << 20)
  }

  /// What a person wrote in his editor comes back; where the editor ends badly it stays in the file that the error names.
  @Test func anEditorThatEndsBadlyLosesNothing() throws {
    setenv("VISUAL", "printf μῆνιν > \"$1\"; :", 1)
    defer { unsetenv("VISUAL") }
    #expect(try TextEditor.edit("α", name: "f1.leiden") == "μῆνιν")
    setenv("VISUAL", "printf ἄειδε > \"$1\"; exit 3; :", 1)
    let error = #expect(throws: SystemError.self) { try TextEditor.edit("α", name: "f1.leiden") }
    let file = try #require(error?.path)
    #expect(try String(decoding: Files.read(file), as: UTF8.self) == "ἄειδε")
    try Files.removeFolder(Files.parent(file))
    setenv("VISUAL", "exit 3; :", 1)
    let untouched = #expect(throws: SystemError.self) { try TextEditor.edit("α", name: "f1.leiden") }
    #expect(untouched.map { Files.isMissing($0.path) } == true)
  }

  @Test func timesAreWordedInUTC() {
    #expect(Clock.iso8601(0) == "1970-01-01T00:00:00.000000Z")
    #expect(Clock.iso8601(1_700_000_000_123_456) == "2023-11-14T22:13:20.123456Z")
    #expect(Clock.iso8601(-1) == "1969-12-31T23:59:59.999999Z")
  }
}

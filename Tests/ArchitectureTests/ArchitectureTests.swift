import Foundation
import Testing

/// The target graph stands three times: in `Package.swift`, in `docs/architecture.md`, and in what each file imports. They say the same.
@Suite struct ArchitectureTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Targets under `Sources` with what they declare to stand on.
  private static func declared() throws -> [String: Set<String>] {
    let package = try text("Package.swift")
    var graph: [String: Set<String>] = [:]
    func names(_ list: Substring) -> Set<String> { Set(list.matches(of: #/"([A-Za-z]+)"/#).map { String($0.1) }) }
    for match in package.matches(of: #/\n\s+target\(\s*"([A-Za-z]+)"(?:,\s*\[([^\]]*)\])?\s*\)/#) {
      graph[String(match.1)] = match.2.map(names) ?? []
    }
    for match in package.matches(
      of: #/\.(?:executableTarget|target)\(\s*name: "([A-Za-z]+)"(?:,\s*dependencies: \[([^\]]*)\])?/#)
    {
      graph[String(match.1)] = match.2.map(names) ?? []
    }
    for match in package.matches(of: #/systemLibrary\(name: "([A-Za-z]+)"/#) { graph[String(match.1)] = [] }
    return graph
  }

  /// Every Swift file of a target, with its path below the root.
  private static func files(of target: String) throws -> [(path: String, text: String)] {
    let folder = root.appendingPathComponent("Sources/\(target)")
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
    return try found.filter { $0.pathExtension == "swift" }.map {
      (String($0.path.dropFirst(root.path.count + 1)), try String(contentsOf: $0, encoding: .utf8))
    }
  }

  @Test func importsAreWhatIsDeclared() throws {
    let graph = try Self.declared()
    #expect(graph.count > 15)
    for (target, dependencies) in graph {
      let sources = try Self.files(of: target)
      guard !sources.isEmpty else { continue }
      var imported: Set<String> = []
      for file in sources {
        for match in file.text.matches(of: #/(?:^|\n)(?:@testable |public )?import ([A-Za-z]+)/#) {
          imported.insert(String(match.1))
        }
      }
      #expect(imported.intersection(graph.keys) == dependencies, "\(target): imports and Package.swift differ")
    }
  }

  @Test func thePageSaysWhatIsDeclared() throws {
    let graph = try Self.declared()
    var told: [String: Set<String>] = [:]
    for match in try Self.text("docs/architecture.md").matches(of: #/\n\| (`[^|]*`) \| [^|]* \| ([^|]*) \|/#) {
      let on = match.2 == "-" ? [] : Set(match.2.split(separator: ", ").map { $0.trimmingCharacters(in: .whitespaces) })
      for name in match.1.matches(of: #/`([A-Za-z]+)`/#) { told[String(name.1)] = on }
    }
    #expect(Set(told.keys) == Set(graph.keys), "docs/architecture.md names other targets than Package.swift")
    for (target, dependencies) in graph where told[target] != nil {
      #expect(told[target] == dependencies, "\(target): docs/architecture.md and Package.swift differ")
    }
  }

  /// Only these may call the system: every other target asks `Platform`, whose calls can be made to fail in tests.
  private static let doors: Set<String> = ["Platform", "Terminal", "grapheion"]

  @Test func onlyTheDoorsCallTheSystem() throws {
    let call =
      #/(?:^|[^.A-Za-z_"`])(?:Glibc\.)?(open|pread|pwrite|mmap|rename|unlink|mkdir|rmdir|fsync|fopen|fwrite|opendir|fstat|poll|posix_spawn|getenv|getpid|getpwuid|gethostname|clock_gettime|usleep|access|realpath|ftruncate|mkstemp|strerror|isatty|fork|socket|connect|pthread_create|system)\((?![A-Za-z]+:)/#
    var count = 0
    for target in try Self.declared().keys where !Self.doors.contains(target) {
      for file in try Self.files(of: target)
      where file.text.contains("import Glibc") {
        count += 1
        for line in file.text.split(separator: "\n") {
          let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
          if code.contains("func ") { continue }
          let found = code.firstMatch(of: call).map { String($0.1) }
          #expect(found == nil, "\(file.path): \(code)")
        }
      }
    }
    #expect(count > 10)
  }

  /// Documents and sources name files that are there.
  @Test func filesThatDocumentsNameExist() throws {
    let folder = Self.root.appendingPathComponent("docs")
    var names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }.map {
      "docs/" + $0
    }
    names += ["README.md", "CONTRIBUTING.md"]
    var count = 0
    for name in names {
      for match in try Self.text(name).matches(of: #/`((?:Sources|Tests|docs)/[A-Za-z0-9_+\/.-]+)`/#) {
        count += 1
        let path = Self.root.appendingPathComponent(String(match.1)).path
        #expect(FileManager.default.fileExists(atPath: path), "\(name) names \(match.1)")
      }
    }
    #expect(count > 10)
  }
}

import Platform

/// Writes PAGE as kraken takes it, and where `ketos` is installed has it compile each part into one `.arrow` file.
final class KrakenWriter: ExportWriter {
  private let run: ExportRun
  private let pages: PageXMLWriter
  private var parts: Set<String?> = []

  init(_ run: ExportRun) {
    self.run = run
    pages = PageXMLWriter(run, readings: .first)
  }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    parts.insert(part)
    return try pages.write(fragment, part: part)
  }

  func finish() throws(ExchangeError) {
    try pages.finish()
    guard let ketos = ChildProcess.find("ketos") else {
      return run.leftOut.add(
        "compiled datasets, for want of ketos (pip install kraken)", "", count: max(1, run.parts.count))
    }
    for part in parts {
      let folder = try run.folder(part)
      do throws(SystemError) {
        let files = try Files.list(folder.path).filter { $0.hasSuffix(".xml") }.map { folder.path + "/" + $0 }
        guard !files.isEmpty else { continue }
        let target = folder.path + "/lines.arrow"
        let outcome = try ChildProcess.run(ketos, ["compile", "-f", "page", "-o", target] + files)
        if outcome.status != 0 { run.leftOut.add("compiled datasets, because ketos failed", part ?? "") }
      } catch {
        throw ExchangeError(.unwritable, error)
      }
    }
  }
}

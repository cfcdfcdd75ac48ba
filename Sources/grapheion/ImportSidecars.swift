import Corpus
import Exchange

/// PAGE or ALTO beside a photograph, brought into the corpus with it.
enum ImportSidecars {
  static func find(_ photograph: String) throws -> Sidecar? {
    try Sidecars.read(beside: photograph)
  }
}

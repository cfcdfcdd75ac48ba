/// Pages to train the line finder on; a page depends on its number alone.
public protocol TrainingPages: Sendable {
  func page(_ number: UInt64) -> TrainingPage
  /// Crops taken from one page before the next: as many as its drawing is dear.
  var cropsPerPage: Int { get }
}

/// Real photographs with their lines, one after the other.
public struct GivenPages: TrainingPages {
  public let pages: [TrainingPage]
  public var cropsPerPage: Int { 1 }

  public init(_ pages: [TrainingPage]) { self.pages = pages }

  public func page(_ number: UInt64) -> TrainingPage { pages[Int(number % UInt64(pages.count))] }
}

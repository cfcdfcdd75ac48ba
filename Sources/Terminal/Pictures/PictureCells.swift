/// Makes cells of a grid's pictures, for screens that show nothing finer. A picture that was there the last time is not
/// made again.
public struct PictureCells {
  private var made: [(picture: Picture, cells: [Cell])] = []

  public init() {}

  /// The same grid without pictures: where one shows through, the cells that come nearest to it.
  public mutating func flatten(_ grid: Grid) -> Grid {
    guard !grid.pictures.isEmpty else {
      made = []
      return grid
    }
    made = grid.pictures.map { picture in
      made.first { $0.picture == picture } ?? (picture, picture.encoding.cells(of: picture.pixels))
    }
    return grid.showing(made.map(\.cells))
  }
}

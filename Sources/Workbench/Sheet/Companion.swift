import Corpus
import Raster
import Terminal

/// Another photograph of the fragment that is looked at: the other side of the sheet, the same side in infra-red.
struct Companion: Sendable {
  /// Index of the photograph.
  var photograph: Int
  var image = FragmentDesk.ImageState.opening
  /// Beside the first, else in its place.
  var isBeside: Bool
}

extension FragmentDesk {
  /// The fragment's other photographs, those first that show what is looked at in another light.
  var otherPhotographs: [Int] {
    let all = fragment.photographs
    let others = all.indices.filter { $0 != photograph }
    func isTwin(_ index: Int) -> Bool {
      all.indices.contains(photograph) && all[index].light != all[photograph].light
        && all[index].face == all[photograph].face
    }
    return others.filter(isTwin) + others.filter { !isTwin($0) }
  }

  /// Turns to another photograph of the fragment. Where two lie side by side they change places.
  mutating func turn(to next: Int) {
    let before = Companion(photograph: photograph, image: image, isBeside: true)
    if let companion, companion.photograph == next {
      image = companion.image
      self.companion = companion.isBeside ? before : nil
    } else {
      image = .opening
      if companion?.isBeside != true { companion = nil }
    }
    photograph = next
    light = .all
  }

  /// How a photograph is turned, as it is shown.
  func turn(of photograph: Int, _ image: any ViewablePhotograph) -> Turn {
    Turn(degrees[photograph] ?? 0, width: image.width, height: image.height)
  }

  /// The photograph looked at, turned; nil as long as its size is not known.
  var turn: Turn? {
    photographSize.map { Turn(degrees[photograph] ?? 0, width: $0.width, height: $0.height) }
  }

  /// Where a line of the photograph looked at is shown.
  func shownBounds(of region: LineRegion) -> Rect { (turn?.shown(region) ?? region).polygon.bounds }

  /// Whether two photographs lie on each other: of one side of the sheet, and of one shape within a hundredth. Where a museum photographs in another light
  /// the camera stays where it is.
  private func liesOn(_ other: Int, _ size: Size, _ ownSize: Size) -> Bool {
    let all = fragment.photographs
    guard all.indices.contains(other), all.indices.contains(photograph), all[other].showsSide(of: all[photograph]),
      all[other].light != all[photograph].light, size.width > 0, size.height > 0, ownSize.height > 0
    else { return false }
    let shapes = Double(ownSize.width) / Double(ownSize.height) * Double(size.height) / Double(size.width)
    return abs(shapes - 1) < 0.01
  }

  /// One photograph as a pane shows it.
  struct Sight: Sendable {
    /// Index of the photograph whose pixels are seen, and of that whose lines are.
    var pixels: Int
    var lines: Int
    /// Not turned.
    var image: any ViewablePhotograph
    var turn: Turn
    var viewport: Viewport
    var light: Light
  }

  /// The photograph looked at; nil as long as it is not open.
  var sight: Sight? {
    guard case .ready(let image) = image else { return nil }
    return Sight(
      pixels: photograph, lines: photograph, image: image, turn: turn(of: photograph, image), viewport: viewport,
      light: light)
  }

  /// The other one at the same place of the sheet and as large; nil as long as one of them is not open.
  ///
  /// Photographs that lie on each other share views and lines. Of others the same share of the picture is seen (of the other side, left and right changed),
  /// as large as their resolutions say, else as their widths.
  var companionSight: Sight? {
    guard let companion, let own = sight, case .ready(let other) = companion.image else { return nil }
    let size = Size(width: other.width, height: other.height)
    let ownSize = Size(width: own.image.width, height: own.image.height)
    // Components are those of the photograph they were found in.
    let light = light.isComponent ? Light.all : light
    if liesOn(companion.photograph, size, ownSize) {
      return Sight(
        pixels: companion.photograph, lines: photograph,
        image: PlacedPhotograph(base: other, width: ownSize.width, height: ownSize.height), turn: own.turn,
        viewport: viewport, light: light)
    }
    let turn = turn(of: companion.photograph, other)
    var view = viewport
    let centre = own.turn.photographed(viewport.centre)
    let across = centre.x / Double(max(1, ownSize.width))
    let all = fragment.photographs
    let isTurnedOver = !(all[companion.photograph].showsSide(of: all[photograph]))
    view.centre = turn.shown(
      Point(
        x: (isTurnedOver ? 1 - across : across) * Double(size.width),
        y: centre.y / Double(max(1, ownSize.height)) * Double(size.height)))
    view.fit = .free
    if let measure = other.pixelsPerMillimetre, let ownMeasure = own.image.pixelsPerMillimetre {
      view.scale *= measure / ownMeasure
    } else {
      view.scale *= Double(size.width) / Double(max(1, ownSize.width))
    }
    return Sight(
      pixels: companion.photograph, lines: companion.photograph, image: other, turn: turn, viewport: view, light: light)
  }

  /// The photograph whose ink the strips show: another one in the place of the first, where it lies on it.
  var ink: Sight? {
    if let companion, !companion.isBeside, let other = companionSight, other.lines == photograph { return other }
    return sight
  }

  /// `recto 1/3`, and what lies beside it or in its place.
  var photographWords: String? {
    let all = fragment.photographs
    guard all.count > 1, all.indices.contains(photograph) else { return nil }
    func words(_ index: Int) -> String {
      let side = all[index].side
      let light = all[index].light?.rawValue
      let name = side ?? (light == nil ? "photograph" : "")
      let lit = side.flatMap { LightName("x " + $0) } == nil ? light : nil
      return [name, lit ?? "", "\(index + 1)/\(all.count)"].filter { !$0.isEmpty }.joined(separator: " ")
    }
    guard let companion, all.indices.contains(companion.photograph) else { return words(photograph) }
    return companion.isBeside
      ? words(photograph) + " | " + words(companion.photograph)
      : words(companion.photograph) + " for " + words(photograph)
  }
}

extension WorkbenchCommand {
  static let companionCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "picture-in-place", ["I"], in: [.fragment, .drawing], "Photograph",
      "the sheet's next picture in the place of this one: infra-red, the other side; then this one again"
    ) { space, _ in
      space.showNextCompanion()
    },
    WorkbenchCommand(
      "side-by-side", ["T"], in: [.fragment, .drawing], "Photograph",
      "two pictures side by side, moved as one (I: another beside it); again: one"
    ) { space, _ in
      space.toggleSideBySide()
    },
  ]
}

extension Workspace {
  private mutating func open(_ photograph: Int, beside: Bool) -> [Effect] {
    guard let desk else { return [] }
    self.desk?.companion = Companion(photograph: photograph, isBeside: beside)
    return [.openPhotograph(fragment: desk.fragment.id, photograph: photograph)]
  }

  mutating func showNextCompanion() -> [Effect] {
    guard let desk, let first = desk.otherPhotographs.first else {
      message = .note("The fragment has no other photograph.")
      return []
    }
    guard let companion = desk.companion else { return open(first, beside: false) }
    let others = desk.otherPhotographs
    let place = others.firstIndex(of: companion.photograph) ?? 0
    if place + 1 < others.count { return open(others[place + 1], beside: companion.isBeside) }
    if companion.isBeside { return others.count > 1 ? open(first, beside: true) : [] }
    self.desk?.companion = nil
    return []
  }

  mutating func toggleSideBySide() -> [Effect] {
    guard let desk, let first = desk.otherPhotographs.first else {
      message = .note("The fragment has no other photograph.")
      return []
    }
    defer { followLine() }
    guard let companion = desk.companion else {
      if desk.arrangement == .line { self.desk?.arrangement = .both }
      return open(first, beside: true)
    }
    if companion.isBeside { self.desk?.companion = nil } else { self.desk?.companion?.isBeside = true }
    return []
  }
}

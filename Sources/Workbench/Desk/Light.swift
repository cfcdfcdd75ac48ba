import Raster

/// Which part of a photograph's colours is looked at. What parts ink from papyrus is often in one of them: brown ink on a brown sheet, red ink,
/// stains.
struct Light: Hashable, Sendable {
  enum Kind: String, CaseIterable, Hashable, Sendable {
    case all, red, green, blue
    /// The directions in which the photograph's colours differ most, and next to most (principal components).
    case first, second
  }

  private(set) var kind = Kind.all
  /// For the components: the mean colour and the direction, of unit length times what brings the photograph's range to that of a picture.
  private var mean = SIMD3<Float>(repeating: 0)
  private var axis = SIMD3<Float>(repeating: 0)

  static let all = Light()

  /// Whether it is of one photograph's colours alone.
  var isComponent: Bool { kind == .first || kind == .second }

  private init() {}

  /// - Parameter sample: a small view of the whole photograph, in colour: the components are the photograph's, not those of what is seen.
  init(_ kind: Kind, of sample: Bitmap) {
    self.kind = kind
    guard sample.channels == 3, kind == .first || kind == .second else { return }
    let components = ColourComponents(sample)
    let component = kind == .first ? components.first : components.second
    mean = components.mean
    // Two and a half deviations either way fill the range; where nothing differs nothing is seen.
    axis = component.direction * (component.deviation > 0.5 ? 127 / (2.5 * component.deviation) : 0)
  }

  var words: String {
    switch kind {
    case .all: "All colours."
    case .red: "Red alone."
    case .green: "Green alone."
    case .blue: "Blue alone."
    case .first: "The first component: the direction in which the colours differ most."
    case .second: "The second component: how the colours differ besides."
    }
  }

  /// The bitmap in this light: grey, or as it is where all is seen or there are no colours. Linear.
  func seen(_ bitmap: Bitmap) -> Bitmap {
    guard kind != .all, bitmap.channels == 3 else { return bitmap }
    var grey = Bitmap(width: bitmap.width, height: bitmap.height, channels: 1, filledWith: 0)
    bitmap.pixels.withUnsafeBufferPointer { source in
      grey.pixels.withUnsafeMutableBufferPointer { out in
        switch kind {
        case .all: break
        case .red: for at in out.indices { out[at] = source[3 * at] }
        case .green: for at in out.indices { out[at] = source[3 * at + 1] }
        case .blue: for at in out.indices { out[at] = source[3 * at + 2] }
        case .first, .second:
          for at in out.indices {
            let colour = SIMD3<Float>(Float(source[3 * at]), Float(source[3 * at + 1]), Float(source[3 * at + 2]))
            out[at] = UInt8(max(0, min(255, 128 + ((colour - mean) * axis).sum())))
          }
        }
      }
    }
    return grey
  }
}

/// The principal components of a bitmap's colours: eigenvectors of their covariance, by power iteration and deflation.
struct ColourComponents {
  struct Component {
    /// Of unit length, turned so that what is brighter is more of it.
    var direction: SIMD3<Float>
    var deviation: Float
  }

  let mean: SIMD3<Float>
  let first: Component
  let second: Component

  /// - Precondition: three channels, at least one pixel.
  init(_ bitmap: Bitmap) {
    precondition(bitmap.channels == 3 && !bitmap.pixels.isEmpty)
    let count = bitmap.width * bitmap.height
    func colour(_ at: Int) -> SIMD3<Double> {
      SIMD3(Double(bitmap.pixels[3 * at]), Double(bitmap.pixels[3 * at + 1]), Double(bitmap.pixels[3 * at + 2]))
    }
    let mean = (0..<count).reduce(SIMD3<Double>(repeating: 0)) { $0 + colour($1) } / Double(count)
    var rows = [SIMD3<Double>](repeating: SIMD3(repeating: 0), count: 3)
    for at in 0..<count {
      let off = colour(at) - mean
      for row in 0..<3 { rows[row] += off[row] * off / Double(count) }
    }
    func strongest() -> (direction: SIMD3<Double>, variance: Double) {
      // No symmetric start: it could lie across what is looked for.
      var direction = SIMD3<Double>(0.62, 0.55, 0.56)
      var variance = 0.0
      for _ in 0..<100 {
        let next = SIMD3((rows[0] * direction).sum(), (rows[1] * direction).sum(), (rows[2] * direction).sum())
        variance = (next * next).sum().squareRoot()
        guard variance > 1e-9 else { return (direction, 0) }
        direction = next / variance
      }
      return (direction.sum() < 0 ? -direction : direction, variance)
    }
    func component(_ found: (direction: SIMD3<Double>, variance: Double)) -> Component {
      Component(direction: SIMD3<Float>(found.direction), deviation: Float(found.variance.squareRoot()))
    }
    let strong = strongest()
    for row in 0..<3 { rows[row] -= strong.variance * strong.direction[row] * strong.direction }
    self.mean = SIMD3<Float>(mean)
    first = component(strong)
    second = component(strongest())
  }
}

extension Workspace {
  /// So many pixels of a side tell the colours of a photograph.
  private static let sampleSide = 160

  mutating func nextLight() -> [Effect] {
    guard let desk, case .ready(let image) = desk.image else {
      message = .note("There is no photograph yet.")
      return []
    }
    do {
      let whole = Rect(x: 0, y: 0, width: image.width, height: image.height)
      let sample = try image.view(of: whole, width: Self.sampleSide, height: Self.sampleSide)
      guard sample.channels == 3 else {
        message = .note("The photograph is grey: it has no colours to part.")
        return []
      }
      let light = Light(desk.light.kind.next, of: sample)
      self.desk?.light = light
      message = .note(light.words)
    } catch {
      message = .warning(Wording.error(error))
    }
    return []
  }
}

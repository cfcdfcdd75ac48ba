/// The light that a photograph was taken in, where that is not what eyes see by: carbon ink that nobody sees any more stands out in infra-red.
public enum PhotographLight: String, CaseIterable, Hashable, Sendable {
  case infrared = "infra-red"
  case ultraviolet = "ultra-violet"

  /// As names of files and museums' records have it, in small letters.
  fileprivate var words: [String] {
    switch self {
    case .infrared:
      ["infra-red", "infra_red", "infra red", "infrared", "infrarot", "infrarouge", "infrarosso", "nir", "ir"]
    case .ultraviolet: ["ultra-violet", "ultraviolet", "ultraviolett", "uv"]
    }
  }
}

/// The light in a name: `P.Tebt.5_r_IR`, `inv 12 infrared`.
public struct LightName: Hashable, Sendable {
  /// What comes before, without the sign between them.
  public var stem: String
  public var light: PhotographLight

  private static let signs: Set<Character> = ["_", "-", ".", " ", ","]

  /// nil for a name that tells no light. The word stands behind a sign, at the end.
  public init?(_ name: String) {
    let lower = name.lowercased()
    for light in PhotographLight.allCases {
      for word in light.words where lower.hasSuffix(word) {
        var start = name.dropLast(word.count)
        guard let last = start.last, Self.signs.contains(last) else { continue }
        while let last = start.last, Self.signs.contains(last) { start.removeLast() }
        guard !start.isEmpty else { continue }
        (stem, self.light) = (String(start), light)
        return
      }
    }
    return nil
  }
}

extension Photograph {
  /// As the museum's word for its side says (`infrared`, `recto, IR`), else the name of its file; nil for the light of day.
  public var light: PhotographLight? {
    if let side, let light = LightName("x " + side)?.light { return light }
    return LightName(file.hasSuffix(".png") ? String(file.dropLast(4)) : file)?.light
  }

  /// The side of the sheet it shows, where that is told: which of the two, whatever else is said of it.
  public var face: LineRegion.Part? {
    let word = side?.lowercased().prefix { $0.isLetter }
    switch word {
    case "recto", "r": return .recto
    case "verso", "v": return .verso
    default: return nil
    }
  }

  /// Whether it shows the same side of the sheet as another, as far as is known.
  public func showsSide(of other: Photograph) -> Bool { face == nil || other.face == nil || face == other.face }
}

extension Fragment {
  /// The photographs that show once more, in another light, what one in the light of day shows: nobody reads them a second time.
  public var twins: Set<Int> {
    Set(
      photographs.indices.filter { index in
        photographs[index].light != nil
          && photographs.contains { $0.light == nil && $0.face == photographs[index].face }
      })
  }
}

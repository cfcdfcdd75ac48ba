import Terminal

/// Where things stand in the fragment view. Pure: the mouse and the views ask the same value.
///
/// ```
/// header
/// photograph            | transcription, or another photograph
/// ---- rule: line 5 of 12 ------------
/// strip of the current line
/// its letters, each under its ink
/// text or editor
/// candidates
/// footer
/// ```
/// A window under 50x16 has no room for images: transcription, text and candidates remain.
struct FragmentLayout: Hashable, Sendable {
  var header: Area
  var photograph: Area
  /// Another photograph beside it; empty where one is looked at.
  var beside: Area
  var divider: Area
  var transcription: Area
  var rule: Area
  var strip: Area
  var letters: Area
  var text: Area
  var candidates: Area
  var footer: Area

  /// - Parameter arrangement: nil: the desk's.
  init(_ size: Size, _ desk: FragmentDesk?, arrangement wanted: FragmentDesk.Arrangement? = nil) {
    let none = Area(x: 0, y: 0, width: 0, height: 0)
    (photograph, beside, divider, transcription, strip, letters) = (none, none, none, none, none, none)
    var rest = Area(x: 0, y: 0, width: size.width, height: size.height)
    header = rest.takeTop(1)
    footer = rest.takeBottom(1)
    let arrangement = wanted ?? desk?.arrangement ?? .both
    guard size.width >= 50, size.height >= 16 else {
      candidates = rest.takeBottom(max(2, rest.height / 3))
      text = rest.takeBottom(1)
      rule = rest.takeBottom(1)
      transcription = rest
      return
    }
    switch arrangement {
    case .photograph:
      candidates = none
      text = rest.takeBottom(1)
      rule = rest.takeBottom(1)
      photograph = rest
      if desk?.companion?.isBeside == true { halve() }
    case .both, .line:
      // In a low window the ink has the room: further candidates come by Tab.
      let isLow = size.height < 30
      candidates = rest.takeBottom(
        isLow ? 1 + min(2, desk?.rowsAboveCandidates(of: 3, width: size.width) ?? 0) : max(3, min(9, size.height / 8)))
      text = rest.takeBottom(1)
      letters = rest.takeBottom(1)
      let share =
        arrangement == .line
        ? max(5, rest.height * 2 / 3) : isLow ? max(4, min(9, rest.height - 4)) : max(9, min(16, size.height / 5))
      strip = rest.takeBottom(share)
      rule = rest.takeBottom(1)
      guard arrangement == .both else {
        transcription = rest
        return
      }
      if desk?.companion?.isBeside == true {
        photograph = rest
        halve()
        return
      }
      transcription = rest.takeRight(max(26, min(84, size.width * 42 / 100)))
      divider = rest.takeRight(1)
      photograph = rest
    }
  }

  /// Two photographs, equally wide.
  private mutating func halve() {
    let half = (photograph.width - 1) / 2
    beside = photograph.takeRight(half)
    divider = photograph.takeRight(photograph.width - half)
  }
}

extension Area {
  /// The first row to show of `count` rows so that row `current` is visible, moving as little as possible from `top`.
  public func scrolled(from top: Int, toShow current: Int, of count: Int) -> Int {
    var top = min(top, max(0, count - height))
    if current < top { top = current }
    if current >= top + height { top = current - height + 1 }
    return max(0, top)
  }
}

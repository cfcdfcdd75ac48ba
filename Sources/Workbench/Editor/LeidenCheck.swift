enum LeidenCheck {
  @Sendable static func refusal(_ text: String) -> FragmentDesk.Refusal? { nil }
}

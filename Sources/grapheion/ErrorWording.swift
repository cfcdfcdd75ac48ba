extension Failure {
  /// Words an error of one of the modules below and chooses the exit status; the one place that does.
  init(wording error: any Error) {
    switch error {
    default: self.init(.unreadable, "\(error)")
    }
  }
}

extension Double {
  /// With so many decimals, rounded half away from zero, whatever the language of the machine: `(0.0455).fixed(2)` is `0.05`.
  /// What is not finite or has more than 15 digits is written as Swift writes it.
  public func fixed(_ decimals: Int) -> String {
    guard isFinite else { return "\(self)" }
    let power = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    let scaled = (abs(self) * power).rounded()
    guard scaled < 1e15 else { return "\(self)" }
    let whole = UInt64(scaled)
    let unit = UInt64(power)
    let fraction = String(whole % unit)
    let sign = self < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return sign + "\(whole)" }
    return sign + "\(whole / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}

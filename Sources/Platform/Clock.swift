import Glibc

/// Time, as the journal and the figures need it.
public enum Clock {
  /// Microseconds since 1970, UTC.
  public static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  /// Seconds from an unknown start that never go back.
  public static func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// When the day began where this machine stands, in microseconds since 1970.
  public static func startOfDay() -> Int64 {
    var time = time_t(now() / 1_000_000)
    var parts = tm()
    localtime_r(&time, &parts)
    (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (0, 0, 0, -1)
    return Int64(mktime(&parts)) * 1_000_000
  }

  /// Lets the thread rest for so many seconds.
  public static func sleep(_ seconds: Double) { usleep(UInt32(seconds * 1e6)) }

  /// Seconds that the processors have worked for this process, all threads together.
  public static func processor() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// `2026-11-23T17:40:05.123456Z`.
  public static func iso8601(_ microseconds: Int64) -> String {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let floor = rest < 0 ? seconds - 1 : seconds
    var time = time_t(floor)
    var parts = tm()
    gmtime_r(&time, &parts)
    func pad(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let micros = Int(microseconds - floor * 1_000_000)
    return pad(Int(parts.tm_year) + 1900, 4) + "-" + pad(Int(parts.tm_mon) + 1, 2) + "-" + pad(Int(parts.tm_mday), 2)
      + "T" + pad(Int(parts.tm_hour), 2) + ":" + pad(Int(parts.tm_min), 2) + ":" + pad(Int(parts.tm_sec), 2) + "."
      + pad(micros, 6) + "Z"
  }
}

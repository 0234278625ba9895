import Glibc

/// What differs from message to message.
enum GapText {
  /// The time in UTC: `2026-11-26T09:47:38.123Z`.
  static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    gmtime_r(&time.tv_sec, &parts)
    return "\(digits(Int(parts.tm_year) + 1900, 4))-\(digits(Int(parts.tm_mon) + 1, 2))-"
      + "\(digits(Int(parts.tm_mday), 2))T\(digits(Int(parts.tm_hour), 2)):"
      + "\(digits(Int(parts.tm_min), 2)):\(digits(Int(parts.tm_sec), 2))."
      + "\(digits(time.tv_nsec / 1_000_000, 3))Z"
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  /// A random one, version 4 (RFC 9562 §5.4).
  static func uuid() -> String {
    let high = UInt64.random(in: 0...UInt64.max) & ~0xf000 | 0x4000
    let low = UInt64.random(in: 0...UInt64.max) & ~(0xc << 60) | 0x8 << 60
    let text = hex(high) + hex(low)
    var uuid = ""
    for (place, digit) in text.enumerated() {
      if [8, 12, 16, 20].contains(place) { uuid += "-" }
      uuid.append(digit)
    }
    return uuid
  }

  private static func hex(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}

import Glibc

/// What differs from message to message.
enum GapText {
  /// The time in UTC: `2026-11-26T09:47:38.123Z`.
  static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    gmtime_r(&time.tv_sec, &parts)
    let date = [parts.tm_mon + 1, parts.tm_mday].map { "-" + String($0, width: 2) }.joined()
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { String($0, width: 2) }
    return String(parts.tm_year + 1900, width: 4) + date + "T" + clock.joined(separator: ":")
      + "." + String(time.tv_nsec / 1_000_000, width: 3) + "Z"
  }

  /// A random one, version 4 (RFC 9562 §5.4).
  static func uuid() -> String {
    let high = UInt64.random(in: 0...UInt64.max) & ~0xf000 | 0x4000
    let low = UInt64.random(in: 0...UInt64.max) & ~(0xc << 60) | 0x8 << 60
    let text = String(high, width: 16, radix: 16) + String(low, width: 16, radix: 16)
    var uuid = ""
    for (place, digit) in text.enumerated() {
      if [8, 12, 16, 20].contains(place) { uuid += "-" }
      uuid.append(digit)
    }
    return uuid
  }
}

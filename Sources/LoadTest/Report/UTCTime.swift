import Glibc

/// A moment as `2026-11-26T08:15:04.123Z` (ISO 8601), in UTC.
struct UTCTime {
  let text: String
  /// The same for people, to the second.
  var words: String {
    text.prefix(19).map { $0 == "T" ? " " : String($0) }.joined()
      + (text.utf8.count > 19 ? " UTC" : "")
  }

  /// - Parameter milliseconds: since 1970.
  init(milliseconds: Int64) {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    guard milliseconds >= 0, gmtime_r(&seconds, &parts) != nil else {
      text = "unknown"
      return
    }
    let date = [
      Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
    ].map { Decimals.padded($0, 2) }.joined(separator: "-")
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec]
      .map { Decimals.padded(Int($0), 2) }.joined(separator: ":")
    text = "\(date)T\(time).\(Decimals.padded(Int(milliseconds % 1000), 3))Z"
  }
}

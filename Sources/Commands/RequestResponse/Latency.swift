extension Duration {
  /// `Latency: 1.234567ms`, as mosquitto_rr has it: ns, µs and ms below a second, then seconds with nine
  /// digits and no unit.
  var latencyLine: String {
    let (seconds, attoseconds) = components
    let nanoseconds = attoseconds / 1_000_000_000
    if seconds > 0 { return "Latency: \(seconds).\(String(nanoseconds, width: 9))\n" }
    switch nanoseconds {
    case ..<1000: return "Latency: \(nanoseconds)ns\n"
    case ..<1_000_000:
      return "Latency: \(nanoseconds / 1000).\(String(nanoseconds % 1000 * 1000, width: 6))µs\n"
    default:
      return "Latency: \(nanoseconds / 1_000_000).\(String(nanoseconds % 1_000_000, width: 6))ms\n"
    }
  }

  /// Seconds without zeros at the end: `0.5 s`, `3 s`.
  var shortText: String {
    let (seconds, attoseconds) = components
    var text = "\(seconds).\(String(attoseconds / 1_000_000_000, width: 9))"
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text + " s"
  }
}

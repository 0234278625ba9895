import Transport

/// Writes HdrHistogram's log while a run goes on: a line for each second and kind of latency.
///
/// A second is written once nobody adds to it any more, so that a run which is killed leaves its log behind, and
/// one of days takes no memory.
struct SecondsLog {
  private let put: (String) -> Void
  private var hasHead = false

  init(_ put: @escaping (String) -> Void) { self.put = put }

  /// - Parameter second: of the measured time; this one and those behind are not over.
  mutating func write(_ course: Course, before second: Int) {
    let old = course.secondsOfAll.withLock { seconds in
      let old = seconds.filter { $0.key < second }
      for second in old.keys { seconds[second] = nil }
      return old
    }
    if old.isEmpty { return }
    writeHead(course)
    for (second, latencies) in old.sorted(by: { $0.key < $1.key }) {
      for kind in LatencyKind.allCases where latencies[kind].totalCount > 0 {
        put(HistogramLog.line(kind, start: Double(second), length: 1, latencies[kind]))
      }
    }
  }

  mutating func end(_ course: Course) {
    write(course, before: .max)
    writeHead(course)
  }

  private mutating func writeHead(_ course: Course) {
    if hasHead { return }
    hasHead = true
    let start = course.start.load(ordering: .acquiring)
    let began = start == 0 ? MonotonicClock.nanoseconds() : start + course.plan.uncounted
    put(HistogramLog.head(began: (began + course.wallOffset) / 1_000_000))
  }
}

import Transport

/// Makes the results of what the threads counted.
struct ResultsMaker {
  let plan: LoadPlan
  let course: Course
  /// The main latency by seconds of the measured time.
  let summaries: [Int: LatencySummary]
  /// How long stragglers were waited for, in nanoseconds.
  let drained: Int64

  func fill(_ results: inout Results, _ total: Tally) {
    let start = course.start.load(ordering: .acquiring)
    let countFrom = start + plan.uncounted
    if start == 0 { results.duration = 0 }
    if plan.isEndless, plan.mode != .conn, total.lastEvent > countFrom {
      // The last message counts, not when somebody noticed that it was the last.
      results.duration = total.lastEvent - countFrom
    } else if !plan.isEndless {
      results.duration = min(results.duration, plan.length - plan.uncounted)
    }
    results.duration = max(0, results.duration)
    let began = start == 0 ? MonotonicClock.nanoseconds() : countFrom
    results.began = (began + course.wallOffset) / 1_000_000
    results.messages = total.messages
    results.late = total.late
    results.bytesSent = total.bytesSent
    results.bytesReceived = total.bytesReceived
    results.connections = total.connections
    results.errors = total.errors
    results.brokerValues = total.brokerValues
    results.secondsLost = Double(total.timeLost) / 1e9
    results.latencies = total.latencies
    let seconds = Int((results.duration + 999_999_999) / 1_000_000_000)
    for second in 0..<seconds {
      var interval = second < total.intervals.count ? total.intervals[second] : Interval()
      if let summary = summaries[second] { interval.latency = summary }
      results.intervals.append(interval)
    }
    results.environment = Machine.facts + [Fact("threads", Int64(plan.threads))]
    results.notes += notes(results, total)
  }

  /// What stands between the figures and the broker.
  private func notes(_ results: Results, _ total: Tally) -> [String] {
    var notes: [String] = []
    let cores = min(plan.threads, Machine.cores)
    if let used = results.client?.processorTime, results.seconds > 0.5 {
      let share = used / (results.seconds * Double(cores))
      if share > 0.9 {
        notes.append(
          "the client was the bottleneck: its threads were busy for \(Int(min(1, share) * 100)) % of the "
            + "time")
      }
    }
    let late = total.lateness.valueAtPercentile(99)
    if total.lateness.totalCount > 0, late > 1_000_000 {
      notes.append(
        "the client was late: 1 % of the messages came to their turn \(late / 1_000_000) ms or more after "
          + "they were due, which their latency includes")
    }
    if plan.mode == .pubsub, total.messages.sent > 0, total.expected == 0 {
      notes.append("no subscriber's filter matches what was published: nothing was due to arrive")
    }
    if total.messages.unsent > 0 {
      notes.append(
        "\(total.messages.unsent) messages were due and not sent: there was no connection, or no room in it or in the window"
      )
    }
    let after = max(total.late.acked, total.late.received)
    if after > max(total.messages.acked, total.messages.received) / 100 {
      notes.append(
        "the broker was behind: \(after) messages came through in the \(drained / 1_000_000) ms after the end; "
          + "they count, but not as throughput")
    }
    if total.foreign > 0, plan.mode != .sub {
      notes.append("\(total.foreign) messages of other runs came in and were passed over")
    }
    if total.early > 0 {
      notes.append(
        "\(total.early) messages arrived before they were sent: the clocks of publisher and subscriber differ"
      )
    }
    return notes
  }
}

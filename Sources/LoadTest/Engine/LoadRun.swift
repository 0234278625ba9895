// A run from beginning to end, as the one who coordinates its threads sees it.

import Synchronization
import Transport

/// Runs a plan.
package final class LoadRun {
  private let plan: LoadPlan
  private let stop: StopSignals
  let course: Course
  private var workers: [Worker] = []
  private var gauges: [Gauge] = []
  private var threads: [WorkThreadBox] = []
  private var dials: DialPool?
  private var outcome: Outcome
  /// Summaries of seconds that nobody adds to any more.
  private var summaries: [Int: LatencySummary] = [:]
  private var clientUse: ResourceUse?
  private var brokerUse: ResourceUse?
  private var isCounting = false
  /// When everybody was there.
  private var heldSince: Int64?
  /// How long stragglers were waited for.
  private var drained: Int64 = 0
  private var progress = Progress()
  private let show: (Progress) -> Void
  private var secondsLog: SecondsLog?

  /// - Parameters:
  ///   - log: takes the text of HdrHistogram's log as it grows, if the plan keeps seconds.
  ///   - show: is called several times a second.
  package init(
    _ plan: LoadPlan, stop: StopSignals, log: ((_ text: String) -> Void)? = nil,
    show: @escaping (Progress) -> Void
  ) {
    secondsLog = log.map { SecondsLog($0) }
    self.plan = plan
    self.stop = stop
    self.show = show
    course = Course(plan)
    outcome = Outcome(results: Results(mode: plan.mode.rawValue))
    progress.clients = plan.crowd.count + plan.audience.count
    progress.mainLatency = plan.mainLatency
  }

  /// - Throws: what keeps the run from beginning; all later ends have an outcome.
  package func run() throws(LoadFault) -> Outcome {
    try Preflight.prepare(plan)
    try startThreads()
    if gather() {
      beginPhases()
      untilOver()
      countUse()
      drain()
    }
    end()
    return outcome
  }

  private func startThreads() throws(LoadFault) {
    if case .aside(let count, let dialer) = plan.dialling {
      threads += try Self.system { () throws(TransportError) in
        let pool = try DialPool(dialer, threads: count, patience: plan.connectTimeout)
        dials = pool
        return try pool.start()
      }
    }
    for part in 0..<plan.threads {
      let gauge = Gauge()
      let inbox = try Self.system { () throws(TransportError) in try Inbox() }
      let worker = try Worker(course, gauge, inbox, part: part, of: plan.threads, dials: dials)
      workers.append(worker)
      gauges.append(gauge)
      let handed = Handed(worker: worker)
      threads.append(
        try Self.system { () throws(TransportError) in
          WorkThreadBox(try WorkThread { handed.worker.run() })
        })
    }
  }

  private static func system<Value>(
    _ body: () throws(TransportError) -> Value
  ) throws(LoadFault) -> Value {
    do { return try body() } catch { throw .transport(error) }
  }

  /// Nobody but its thread uses a worker until the thread has ended.
  private struct Handed: @unchecked Sendable { let worker: Worker }

  // MARK: Stages

  /// Waits until everybody is there who is to be there from the beginning.
  ///
  /// - Returns: false when the run is over before it began.
  private func gather() -> Bool {
    while sum(.listeners) < plan.audience.count { if !pause() { return false } }
    enter(.assembling)
    if plan.mode == .conn { return true }
    let first = plan.clients(at: 0)
    while sum(.crowd) < first { if !pause() { return false } }
    return true
  }

  /// The threads learn of it at once: what is due in the first moments must not wait until they look.
  private func enter(_ stage: Course.Stage) {
    course.stage.store(stage, ordering: .releasing)
    for worker in workers { worker.inbox.bell.ring() }
  }

  private func beginPhases() {
    var start = MonotonicClock.nanoseconds() + 2_000_000
    if let startAt = plan.startAt {
      let late = start - (startAt - course.wallOffset)
      if late > 0 {
        outcome.results.notes.append(
          "it began \(late / 1_000_000) ms after the time of --start-at, when everybody was there")
      }
      start = max(start, startAt - course.wallOffset)
    }
    // Who only listens is begun by the first message.
    if plan.mode != .sub || !plan.isEndless { course.start.store(start, ordering: .releasing) }
    enter(.running)
    progress.stage = "running"
    noteUse()
  }

  private func untilOver() {
    while pause() {
      let start = course.start.load(ordering: .acquiring)
      let now = MonotonicClock.nanoseconds()
      if start != 0 {
        progress.elapsed = Double(max(0, now - start)) / 1e9
        progress.measured = Double(max(0, now - start - plan.uncounted)) / 1e9
        if let name = plan.phaseName(at: now - start) { progress.stage = name }
        if !isCounting, now >= start + plan.uncounted { beginCounting() }
        if !plan.isEndless, now >= start + plan.length { return }
      }
      if isDone { return }
      summarize(before: now)
    }
  }

  /// What is used from here on counts.
  private func beginCounting() {
    isCounting = true
    noteUse()
  }

  private func noteUse() {
    clientUse = ProcessUse(process: 0).measure()
    brokerUse = plan.brokerProcess.flatMap { ProcessUse(process: $0).measure() }
  }

  private var isDone: Bool {
    switch plan.mode {
    case .conn:
      let missing = plan.crowd.count - sum(.crowd) - sum(.failed)
      guard plan.isEndless, heldSince != nil || missing <= 0 else { return false }
      let now = MonotonicClock.nanoseconds()
      // Who is lost later and comes back does not begin it anew.
      let since = heldSince ?? now
      heldSince = since
      return plan.hold.map { now - since >= $0 } ?? false
    case .sub: return plan.count.map { Int64(sum(.received)) >= $0 } ?? false
    case .pub, .pubsub, .rr:
      return sum(.isExhausted) == gauges.count
    }
  }

  /// Gives stragglers a second.
  private func drain() {
    let ended = MonotonicClock.nanoseconds()
    let isEarly = outcome.signal != nil || outcome.fault != nil
    if !isEarly { outcome.results.duration = ended - countFrom }
    if isEarly || !plan.isEndless { course.end.store(ended, ordering: .releasing) }
    // A thread may be a little behind; what has piled up would take longer.
    let grace: Int64 = isEarly ? 100_000_000 : 1_000_000_000
    course.lastSend.store(ended + grace, ordering: .releasing)
    if outcome.fault != nil { return }
    enter(.draining)
    progress.stage = "draining"
    // Who ends the run by hand does not want to wait for what has piled up.
    let longest: Int64 = outcome.signal == nil ? 60_000_000_000 : 1_000_000_000
    defer { drained = MonotonicClock.nanoseconds() - ended }
    var last = -1
    var moved = ended
    while true {
      let now = MonotonicClock.nanoseconds()
      let count = sum(.sent) + sum(.acked) + sum(.received)
      if count != last { moved = now }
      last = count
      let isKnown = sum(.isDraining) == gauges.count
      if isKnown, sum(.unfinished) == 0, sum(.distinct) >= sum(.expected) { return }
      if now - moved > 1_000_000_000 || now - ended > longest { return }
      if !pause() { return }
    }
  }

  private var countFrom: Int64 {
    let start = course.start.load(ordering: .acquiring)
    return start == 0 ? MonotonicClock.nanoseconds() : start + plan.uncounted
  }

  /// What was used in the measured time.
  private func countUse() {
    outcome.results.client = ProcessUse(process: 0).measure()?.since(clientUse)
    outcome.results.broker = plan.brokerProcess.flatMap {
      ProcessUse(process: $0).measure()?.since(brokerUse)
    }
  }

  private func end() {
    if outcome.results.client == nil { countUse() }
    enter(.leaving)
    dials?.close()
    // Those that dial may have to wait for a server that says nothing; nobody waits for them.
    for thread in threads.suffix(workers.count) { thread.join() }
    collect()
  }

  // MARK: Looking on

  /// - Returns: false when a signal or a fault ends the run.
  private func pause() -> Bool {
    progress.connected = sum(.listeners) + sum(.crowd)
    progress.sent = sum(.sent)
    progress.acked = sum(.acked)
    progress.received = sum(.received)
    progress.errors = sum(.errors)
    show(progress)
    let isHasty = progress.stage == "connecting" || progress.stage == "draining"
    let limit = MonotonicClock.now() + .milliseconds(isHasty ? 2 : 10)
    if let signal = (try? Watches().wait(until: limit, stop: stop))?.signal {
      if outcome.signal == nil {
        outcome.signal = signal
        outcome.results.duration = MonotonicClock.nanoseconds() - countFrom
      }
      stop.rearm()
      return false
    }
    if let fault = course.fault.withLock({ $0 }) {
      if outcome.fault == nil {
        outcome.fault = fault
        outcome.results.duration = MonotonicClock.nanoseconds() - countFrom
      }
      return false
    }
    return true
  }

  private func sum(_ place: Gauge.Place) -> Int { gauges.reduce(0) { $0 + $1[place] } }

  /// A second's histogram is large, and its figures are few.
  private func summarize(before now: Int64) {
    let current = Int((now - countFrom) / 1_000_000_000)
    let old = course.seconds.withLock { seconds in
      let old = seconds.filter { $0.key + 3 < current }
      for second in old.keys { seconds[second] = nil }
      return old
    }
    for (second, histogram) in old {
      summaries[second] = LatencySummary(histogram)
      progress.latency.add(histogram)
    }
    secondsLog?.write(course, before: current - 3)
  }

  private func collect() {
    summarize(before: .max)
    secondsLog?.end(course)
    var total = Tally(main: plan.mainLatency)
    for worker in workers {
      total.add(worker.tally)
      // Who did not come back.
      for client in worker.clients where client.lostAt > 0 {
        total.timeLost += max(0, countFrom + outcome.results.duration - client.lostAt)
      }
    }
    if plan.mode == .sub {
      total.messages.lost = gaps
    } else {
      total.messages.lost = max(0, total.expected - total.distinct)
    }
    outcome.firstFailure = course.firstFailure.withLock { $0 }
    outcome.refusal = total.refusal
    ResultsMaker(plan: plan, course: course, summaries: summaries, drained: drained).fill(
      &outcome.results, total)
  }

  /// Of numbers that publishers elsewhere must have used.
  private var gaps: Int64 {
    var gaps: Int64 = 0
    for worker in workers {
      for client in worker.crowd where client.filter?.isShared != true {
        gaps += client.sources.values.reduce(0) { $0 + $1.stream.gaps }
      }
    }
    return gaps + course.sharedStreams.withLock { $0.values.reduce(0) { $0 + $1.gaps } }
  }
}

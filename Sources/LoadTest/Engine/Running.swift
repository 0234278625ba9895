// The loop of a thread.

import MQTTSession
import Synchronization
import Transport

extension Worker {
  func run() {
    while true {
      now = MonotonicClock.nanoseconds()
      closeSecond()
      learn()
      if gauge[.isOver] == 1 { return }
      takeArrivals()
      populate()
      sendDue()
      serveQueue()
      sweep()
      show()
      if !wait() { return }
    }
  }

  /// What the coordinator has decided since the last turn.
  private func learn() {
    learnStart()
    if !hasBegun, stage == .running, now >= start {
      hasBegun = true
      for client in crowd where client.state == .ready { enqueue(client) }
    }
    end = min(end, course.end.load(ordering: .relaxed))
    lastSend = course.lastSend.load(ordering: .relaxed)
    if stage == .leaving { leave() }
  }

  func learnStart() {
    if start != .max { return }
    let known = course.start.load(ordering: .acquiring)
    if known == 0 { return }
    start = known
    countFrom = known + plan.uncounted
    end = plan.isEndless ? .max : known + plan.length
  }

  var stage: Course.Stage { course.stage.load(ordering: .acquiring) }

  /// When the run publishes: between start and end.
  var isSending: Bool { stage == .running && now >= start && now < end }

  /// What was due before the end may leave for a while after it.
  var maySend: Bool { stage == .running || stage == .draining && now < lastSend }

  /// - Returns: false when waiting is not possible.
  private func wait() -> Bool {
    var limit = nextSweep
    if !queue.isEmpty { limit = now }
    if isSending, let due = schedule?.next { limit = min(limit, start + due) }
    if stage == .running, now < start { limit = min(limit, start) }
    let pause = limit - MonotonicClock.nanoseconds()
    guard let count = try? poller.wait(nanoseconds: pause) else { return false }
    now = MonotonicClock.nanoseconds()
    for place in 0..<count {
      let token = poller.token(place)
      if token == Self.bell { inbox.bell.silence() } else { serve(clients[token]) }
    }
    return true
  }

  /// Keep-alive, time limits, and those who come back; a few times a second.
  private func sweep() {
    if now < nextSweep { return }
    nextSweep = now + sweepPause
    let instant = Duration.nanoseconds(now)
    for client in clients {
      switch client.state {
      case .off: continue
      case .waiting: if now >= client.until { open(client) }
      case .dialling, .connecting, .subscribing:
        if now >= client.until {
          lose(client, .noAnswer(to: client.awaited, within: plan.connectTimeout))
        }
      case .leaving: if now >= client.until { close(client) }
      case .ready:
        if let due = client.session.nextTimeout, instant >= due {
          do { try client.session.timeout(at: instant) } catch {
            lose(client, .session(error))
            continue
          }
          flush(client)
        }
        unblock(client)
      }
    }
  }

  /// An answer that does not come must not stop a requester for ever.
  private func unblock(_ client: LoadClient) {
    guard client.role == .requester, client.unanswered > 0 else { return }
    if now - client.answeredAt > 1_000_000_000 {
      client.unanswered = 0
      enqueue(client)
    }
  }

  /// Hands the latencies of a second that is over to the run.
  func closeSecond() {
    guard now >= countFrom else { return }
    let current = Int((now - countFrom) / 1_000_000_000)
    if current != second { closeRecent() }
    second = current
  }

  func closeRecent() {
    if let recent = tally.takeRecent() {
      course.seconds.withLock { $0[second, default: recent.emptied].add(recent) }
    }
    if let all = tally.takeRecentOfAll() {
      course.secondsOfAll.withLock { $0[second, default: Latencies()].add(all) }
    }
  }

  func enqueue(_ client: LoadClient) {
    if client.isQueued { return }
    client.isQueued = true
    queue.append(client)
  }

  private func serveQueue() {
    if queue.isEmpty { return }
    let served = queue
    queue.removeAll(keepingCapacity: true)
    for client in served {
      client.isQueued = false
      guard client.state != .off, client.state != .waiting else { continue }
      if client.stream?.hasMore == true { receive(client) }
      refill(client)
      flush(client)
    }
  }

  // MARK: For the others to see

  private func show() {
    gauge[.sent] = Int(tally.messages.sent)
    gauge[.acked] = Int(tally.messages.acked)
    gauge[.received] = Int(tally.messages.received)
    gauge[.errors] = tally.errorCount
    gauge[.distinct] = Int(tally.distinct)
    gauge[.expected] = Int(tally.expected)
    let stage = stage
    gauge[.listeners] = listening
    gauge[.crowd] = standing
    gauge[.failed] = failed
    if plan.sendsFromCrowd, stage.rawValue >= Course.Stage.running.rawValue {
      let isExhausted = isExhausted
      if isExhausted || stage != .running { gauge[.unfinished] = unfinished }
      gauge[.isExhausted] = isExhausted ? 1 : 0
    }
    if stage == .draining { gauge[.isDraining] = 1 }
    if stage == .leaving, clients.allSatisfy({ $0.state == .off }) {
      closeRecent()
      countUnsent()
      gauge[.isOver] = 1
    }
  }

  private var unfinished: Int {
    let maySend = maySend
    var count = maySend && untakenIsDue ? 1 : 0
    for client in clients where client.state != .off && client.state != .leaving {
      count += client.answers.count
      if maySend { count += client.backlog.count }
      if !client.session.isSettled || !client.session.output.isEmpty { count += 1 }
    }
    return count
  }

  /// The schedule has messages from before the end.
  private var untakenIsDue: Bool {
    guard dueLeft > 0, let due = schedule?.next else { return false }
    return start + due < min(now, end)
  }

  /// No publisher of this thread has anything to send any more.
  private var isExhausted: Bool {
    // Without a count it is the time that ends the run, also when nothing is due in the rest of it.
    if now < start || plan.count == nil { return false }
    if plan.pace == .closed { return crowd.allSatisfy { $0.quota == 0 } }
    return (dueLeft == 0 || schedule?.next == nil) && crowd.allSatisfy { $0.backlog.isEmpty }
  }
}

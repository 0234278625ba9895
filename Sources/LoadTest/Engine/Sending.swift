// Messages go out.

import Glibc
import MQTTProtocol
import MQTTSession
import Transport

extension Worker {
  /// Publishes what the schedule says is due, in the clients' turn.
  func sendDue() {
    // What was due just before the end is sent after it.
    guard schedule != nil, stage == .running && now >= start || stage == .draining && now >= end
    else { return }
    let maySend = maySend
    var left = 100_000
    while left > 0, dueLeft > 0, let due = schedule?.next {
      let time = start + due
      if time > now || time >= end { break }
      schedule?.advance(&common)
      left -= 1
      guard let client = sender(at: due) else { continue }
      let late = now - time
      if time >= countFrom { tally.lateness.record(UInt64(max(0, late))) }
      if client.backlog.isEmpty, client.state == .ready, client.session.output.count < burst,
        maySend, publish(client, due: time)
      {
        enqueue(client)
      } else {
        client.backlog.append(time)
      }
    }
  }

  /// Whose turn it is.  All threads go through the same schedule with the same random numbers, and each takes
  /// what is its clients': so the rate is right however many of them are there.
  ///
  /// - Returns: nil for another thread's client.
  private func sender(at due: Int64) -> LoadClient? {
    let active = plan.clients(at: due)
    if active == 0 { return nil }
    if start + due >= countFrom { dueLeft -= 1 }
    let index: Int
    if isPoisson {
      index = Int(common.next() % UInt64(active))
    } else {
      if turn >= active { turn = 0 }
      index = turn
      turn += 1
    }
    return index % parts == part ? crowd[index / parts] : nil
  }

  /// Gives a client that has room what it may send now.
  func refill(_ client: LoadClient) {
    guard client.state == .ready else { return }
    // There may be room for more as soon as this has left.
    defer { client.wasCutShort = client.session.output.count >= burst }
    sendAnswers(client)
    guard client.publishes else { return }
    while let due = client.backlog.first, client.session.output.count < burst {
      guard maySend, publish(client, due: due) else { break }
      client.backlog.removeFirst()
    }
    guard case .closed = plan.pace, isSending else { return }
    var until = 32
    while client.quota > 0, client.session.output.count < burst {
      guard publish(client, due: now) else { return }
      until -= 1
      if until == 0 {
        // Stamps stay true while a block is made.
        now = MonotonicClock.nanoseconds()
        until = 32
        if now >= end { return }
        // Not one of them could be sent: it is others' turn first.
        if client.session.output.isEmpty { return enqueue(client) }
      }
    }
  }

  /// - Returns: false when the window has no room, or nothing more is to be sent.
  func publish(_ client: LoadClient, due: Int64) -> Bool {
    if client.role == .requester, client.unanswered >= window { return false }
    if topicChanges { client.publication = publication(of: client) }
    if qos != .atMostOnce, !client.session.canPublish { return false }
    let isWarmUp = due < countFrom
    let number = isWarmUp ? client.nextOfWarmUp : client.next
    func header() -> MessageHeader {
      MessageHeader(
        due: due + course.wallOffset, delay: UInt32(clamping: (now - due) / 1000),
        isWarmUp: isWarmUp, run: runNumber, publisher: UInt32(truncatingIfNeeded: client.number),
        number: UInt32(truncatingIfNeeded: number))
    }
    let payload = maker.next(client: client.number, message: number, header: header())
    if correlates { client.publication = client.publication?.correlated(by: header()) }
    guard let publication = client.publication else {
      course.end(with: .impossible("the topic of message \(number) is none"), of: client.number)
      return false
    }
    let id: PacketID?
    do throws(Refusal) {
      if let wrapper {
        let wrapped: (publication: Publication, payload: UnsafeRawBufferPointer)
        do { wrapped = try wrapper.wrap(publication.value, payload) } catch {
          lose(client, error)
          return false
        }
        id = try client.session.publish(wrapped.publication, wrapped.payload)
      } else {
        id = try client.session.publish(publication.value, payload)
      }
    } catch {
      switch error {
      case .windowFull, .notConnected: return false
      case .packetTooLarge(_, let limit):
        // The others go on.
        tally.fail("a message was above the server's limit of \(limit) bytes")
        course.goesOnWithout(client.number, .refusal(error))
        if !isWarmUp { client.quota -= 1 }
        return true
      default:
        lose(client, .refusal(error))
        return false
      }
    }
    if let id {
      client.times.insert(
        SendTimes.Entry(id: id.rawValue, due: due, sent: now, isCounted: !isWarmUp))
    }
    if client.role == .requester {
      if client.unanswered == 0 { client.answeredAt = now }
      client.unanswered += 1
    }
    if isWarmUp {
      client.nextOfWarmUp += 1
      return true
    }
    client.next += 1
    client.quota -= 1
    tally.messages.sent += 1
    tally.expected += client.receivers
    tally.bytesSent += Int64(payload.count)
    note {
      $0.sent += 1
    } late: {
      $0.add(sent: payload.count)
    }
    return true
  }

  /// Counts something in the second in which it happens, or among what came too late to count as throughput.
  @inline(__always)
  func note(_ change: (inout Interval) -> Void, late: (inout Throughput) -> Void) {
    if now < countFrom { return }
    if now >= end { return late(&tally.late) }
    tally.lastEvent = now
    tally.interval(Int((now - countFrom) / 1_000_000_000), change)
  }

  func acknowledged(_ client: LoadClient, _ id: PacketID) {
    guard let entry = client.times.remove(id.rawValue) else { return }
    if !entry.isCounted { return }
    tally.messages.acked += 1
    tally.record(.ack, now - entry.due)
    if mode == .pub { tally.record(.service, now - entry.sent) }
    note {
      $0.acked += 1
    } late: {
      $0.acked += 1
    }
  }

  // MARK: Answers

  private func sendAnswers(_ client: LoadClient) {
    while let answer = client.answers.first, client.session.output.count < burst,
      send(client, answer)
    {
      client.answers.removeFirst()
    }
  }

  /// A request goes back to where its sender waits for it.
  func answer(_ client: LoadClient, _ message: ReceivedMessage) {
    let wanted = message.bytes(of: .responseTopic).map { [UInt8]($0) }
    let answer = Answer(
      topic: wanted ?? [UInt8](message.topic) + Array("/answer".utf8),
      correlation: message.bytes(of: .correlationData).map { [UInt8]($0) },
      payload: [UInt8](message.payload))
    if client.answers.isEmpty, send(client, answer) { return }
    client.answers.append(answer)
  }

  private func send(_ client: LoadClient, _ answer: Answer) -> Bool {
    if qos != .atMostOnce, !client.session.canPublish { return false }
    guard let topic = try? TopicName(answer.topic) else { return true }
    var properties = Properties.none
    properties.set(answer.correlation.flatMap { Property(.correlationData, $0) })
    let publication = Publication(
      topic: topic, qos: plan.qos, retain: false, properties: properties, plan.version)
    do throws(Refusal) {
      try answer.payload.withUnsafeBufferPointer { (bytes) throws(Refusal) in
        _ = try client.session.publish(publication, UnsafeRawBufferPointer(bytes))
      }
    } catch {
      return error != .windowFull && error != .notConnected
    }
    return true
  }

  // MARK: Out

  /// Writes what the stream takes.
  func flush(_ client: LoadClient) {
    guard let stream = client.stream, client.state != .dialling else { return }
    if trace != nil { traceOutput(client) }
    var wanted: Readiness = .readable
    while !client.session.output.isEmpty {
      do throws(TransportError) {
        switch try stream.write(client.session.output.bytes) {
        case .bytes(let count):
          transmitted(client, count)
          continue
        case .wouldBlock(let readiness):
          wanted.formUnion(readiness)
        case .end: throw .lost(errno: EPIPE)
        }
      } catch {
        // What the server said before comes first.
        receive(client)
        if client.stream != nil { lose(client, .transport(error)) }
        return
      }
      break
    }
    watch(client, wanted)
    if client.wasCutShort, client.session.output.isEmpty { enqueue(client) }
    finishWriting(client)
  }

  func transmitted(_ client: LoadClient, _ count: Int) {
    client.cut.pass(count, of: client.session.output.bytes)
    client.session.transmitted(count, at: .nanoseconds(now))
    client.isUnconfirmed = false
    client.traced = max(0, client.traced - count)
    // Of what leaves only messages make the measured time longer, not DISCONNECT.
    if client.next > client.written, now < end { tally.lastEvent = now }
    if client.session.output.isEmpty { client.written = client.next }
  }

  func watch(_ client: LoadClient, _ readiness: Readiness) {
    guard let stream = client.stream, client.watched != readiness else { return }
    client.watched = readiness
    try? poller.change(Watch(stream.descriptor, readiness), token: client.token)
  }
}

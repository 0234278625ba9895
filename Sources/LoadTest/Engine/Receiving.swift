// Messages and acknowledgements come in.

import MQTTProtocol
import MQTTSession
import Transport

extension Worker {
  /// There is something to read, or room to write.
  func serve(_ client: LoadClient) {
    switch client.state {
    case .off, .waiting: return
    case .dialling: conclude(client)
    default:
      // What TLS wants to write in order to read shows as either.
      receive(client)
      refill(client)
      flush(client)
      // Or what the server sends next might wait in it until our system does so.
      if client.isUnconfirmed, let stream = client.stream {
        Sockets.confirmAtOnce(stream.descriptor)
        client.isUnconfirmed = false
      }
    }
  }

  /// Reads once and handles what came.
  func receive(_ client: LoadClient) {
    guard let stream = client.stream else { return }
    let rest = client.rest.count
    var place = room
    if rest > 0 {
      if rest > room.count / 2 { return receiveLarge(client) }
      client.rest.withUnsafeBytes { place.copyMemory(from: $0) }
    }
    place = UnsafeMutableRawBufferPointer(rebasing: room[rest...])
    do throws(TransportError) {
      switch try stream.read(into: place) {
      case .bytes(let count):
        client.isUnconfirmed = true
        handle(client, UnsafeRawBufferPointer(rebasing: room[..<(rest + count)]))
        if client.stream?.hasMore == true { enqueue(client) }
      case .wouldBlock(let readiness):
        if readiness.contains(.writable) { watch(client, [.readable, .writable]) }
      case .end: ended(client)
      }
    } catch {
      lose(client, .transport(error))
    }
  }

  /// For packets that do not fit into the common block.
  private func receiveLarge(_ client: LoadClient) {
    guard let stream = client.stream else { return }
    let rest = client.rest.count
    var block = client.rest
    client.rest = []
    block.append(contentsOf: repeatElement(0, count: max(256 << 10, rest)))
    let outcome = block.withUnsafeMutableBytes { bytes in
      Result { () throws(TransportError) in
        try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[rest...]))
      }
    }
    switch outcome {
    case .success(.bytes(let count)):
      block.withUnsafeBytes {
        handle(client, UnsafeRawBufferPointer(rebasing: $0[..<(rest + count)]))
      }
      if client.stream?.hasMore == true { enqueue(client) }
    case .success(.wouldBlock):
      block.removeLast(block.count - rest)
      client.rest = block
    case .success(.end): ended(client)
    case .failure(let error): lose(client, .transport(error))
    }
  }

  private func ended(_ client: LoadClient) {
    lose(client, .closedByServer(beforeConnAck: client.state == .connecting))
  }

  private func handle(_ client: LoadClient, _ bytes: UnsafeRawBufferPointer) {
    now = MonotonicClock.nanoseconds()
    closeSecond()
    if trace != nil { traceInput(client, bytes) }
    let instant = Duration.nanoseconds(now)
    var position = 0
    do throws(SessionFault) {
      while let event = try client.session.nextEvent(in: bytes, from: &position, at: instant) {
        switch event {
        case .message(let message): take(client, message)
        case .acknowledged(let id): acknowledged(client, id)
        case .connected(let connAck, _):
          if let login = client.login {
            do { try login.conclude(connAck.properties.binary(.authenticationData)) } catch {
              return lose(client, error)
            }
          }
          accepted(client, connAck)
        case .subscribed(let answer): subscribed(client, answer)
        case .unmatched(let id): if qos == .atLeastOnce { acknowledged(client, id) }
        case .rejected(let packet):
          _ = client.times.remove(packet.packetID.rawValue)
          tally.fail("the server refused a message: \(packet.reason)")
          tally.refusal = tally.refusal ?? packet.reason.rawValue
        case .challenged(let packet):
          do { try challenged(client, packet) } catch { return lose(client, error) }
        case .received, .unsubscribed: break
        }
        // It may be lost by now.
        if client.stream == nil { return }
      }
    } catch {
      return lose(client, .session(error))
    }
    client.session.releaseAcknowledgements()
    if position == bytes.count {
      if !client.rest.isEmpty { client.rest = [] }
    } else {
      client.rest = [UInt8](bytes[position...])
    }
  }

  // MARK: Messages

  private func take(_ client: LoadClient, _ message: ReceivedMessage) {
    if client.role == .observer { return tally.noteBroker(message.topic, message.payload) }
    guard let unwrapper = client.unwrapper else { return takeOpen(client, message) }
    do { takeOpen(client, try unwrapper.unwrap(message)) } catch {
      begin()
      switch error {
      case .repeated:
        tally.messages.received += 1
        tally.messages.duplicates += 1
      case .spoiled:
        // It is not lost: whose it was, and which one, is in the envelope.  A copy of it is alike.
        tally.messages.corrupted += 1
        if mode == .sub { return }
        var sum = Checksum()
        sum.add(message.payload)
        if client.spoiled.insert(sum.value).inserted { tally.distinct += 1 }
      }
    }
  }

  private func takeOpen(_ client: LoadClient, _ message: ReceivedMessage) {
    if client.role == .responder { return answer(client, message) }
    let isForeignCrowd = mode == .sub
    guard let (header, isWhole) = read(message), isWhole || !isForeignCrowd
    else { return takePlain(message) }
    if !isForeignCrowd {
      if !isWhole { return takeCorrupted(client, header) }
      if header.run != runNumber {
        tally.foreign += 1
        return
      }
    }
    if client.role == .requester {
      // Below MQTT 5 clients with one topic get each other's answers.
      if header.publisher != UInt32(truncatingIfNeeded: client.number) { return }
      answered(client)
    }
    if header.isWarmUp { return }
    begin()
    let (arrival, isFirst) = arrived(client, header)
    tally.messages.received += 1
    tally.bytesReceived += Int64(message.payload.count)
    note {
      $0.received += 1
    } late: {
      $0.add(received: message.payload.count)
    }
    switch arrival {
    case .duplicate:
      tally.messages.duplicates += 1
      return
    case .reordered: tally.messages.reordered += 1
    case .inOrder: break
    }
    if isFirst { tally.distinct += 1 }
    let latency = now + course.wallOffset - header.due
    if latency < 0 { tally.early += 1 }
    tally.record(.delivery, latency)
    tally.record(.service, latency - Int64(header.delay) * 1000)
  }

  /// Of an answer the correlation data tell what it belongs to, whatever its payload is.
  @inline(__always)
  private func read(_ message: ReceivedMessage) -> (header: MessageHeader, isWhole: Bool)? {
    correlates ? readCorrelation(message) : MessageHeader.read(message.payload)
  }

  private func readCorrelation(
    _ message: ReceivedMessage
  ) -> (header: MessageHeader, isWhole: Bool)? {
    let echo = MessageHeader.read(message.payload)
    guard let data = message.bytes(of: .correlationData), data.count == MessageHeader.size,
      let (header, isRight) = MessageHeader.read(data), isRight
    else { return echo }
    // If it is the request itself that comes back, all of it has to.
    if plan.hasHeader, let echo, echo.header.isSameMessage(as: header) {
      return (header, echo.isWhole)
    }
    return (header, true)
  }

  /// A message may come before this thread has learned that the run has begun; where the run has no time of
  /// its own, the first message begins it.
  private func begin() {
    if start != .max { return }
    if mode == .sub {
      _ = course.start.compareExchange(
        expected: 0, desired: now, ordering: .acquiringAndReleasing)
    }
    learnStart()
  }

  /// Without a header, from a publisher that is none of ours.
  private func takePlain(_ message: ReceivedMessage) {
    if mode != .sub {
      // What a broker has kept from before we came was never ours.
      if message.retain { tally.foreign += 1 } else { tally.messages.corrupted += 1 }
      return
    }
    begin()
    tally.foreign += 1
    tally.messages.received += 1
    tally.bytesReceived += Int64(message.payload.count)
    note {
      $0.received += 1
    } late: {
      $0.add(received: message.payload.count)
    }
  }

  /// It is not lost, and of no use; nor is the number to be believed that it has now.
  private func takeCorrupted(_ client: LoadClient, _ header: MessageHeader) {
    tally.messages.corrupted += 1
    if header.run == runNumber, plan.knows(publisher: Int(header.publisher)), !header.isWarmUp,
      source(of: client, header).stream.isNews(damaged: header.number)
    {
      tally.distinct += 1
    }
  }

  private func answered(_ client: LoadClient) {
    client.unanswered = max(0, client.unanswered - 1)
    client.answeredAt = now
  }

  private func arrived(
    _ client: LoadClient, _ header: MessageHeader
  ) -> (arrival: Source.Arrival, isFirst: Bool) {
    let key = UInt32(header.run) << 20 | header.publisher
    if client.sources[key] == nil {
      client.sources[key] = Source(stream(of: client, key, from: header.number))
    }
    return client.sources[key]?.arrived(header.number) ?? (.inOrder, true)
  }

  private func source(of client: LoadClient, _ header: MessageHeader) -> Source {
    let key = UInt32(header.run) << 20 | header.publisher
    let source = client.sources[key] ?? Source(stream(of: client, key, from: header.number))
    client.sources[key] = source
    return source
  }

  private func stream(of client: LoadClient, _ key: UInt32, from number: UInt32) -> Stream {
    // What other publishers sent before we listened was not for us.
    let first = mode == .sub ? Int64(number) : 0
    guard let filter = client.filter, filter.isShared else { return Stream(from: first) }
    return course.sharedStreams.withLock { streams in
      let name = StreamName(filter: filter.bytes, publisher: key)
      if let known = streams[name] { return known }
      let stream = Stream(from: first)
      streams[name] = stream
      return stream
    }
  }
}

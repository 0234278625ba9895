// Connections come.

import MQTTProtocol
import MQTTSession
import Transport

extension LoadClient {
  /// What it waits for.
  var awaited: String {
    switch state {
    case .dialling: "connecting"
    case .subscribing: "SUBSCRIBE"
    default: "CONNECT"
    }
  }
}

extension Worker {
  /// Opens and ends connections as stage and phase want it.
  func populate() {
    let stage = stage
    if stage == .leaving { return }
    let all =
      switch stage {
      case .gathering: 0
      case .assembling: plan.clients(at: 0)
      default: plan.clients(at: now - start)
      }
    // Ten thousand clients that only stand are not looked at each time one of them has a message.
    if all == allWanted, !hasChanged { return }
    hasChanged = false
    allWanted = all
    // Of the whole crowd; this thread has its share of those with the lowest indices.
    wanted = crowd.partitioningIndex { $0.index >= all }
    if let observer { openSome(of: [observer], upTo: 1) }
    openSome(of: audience, upTo: audience.count)
    openSome(of: crowd, upTo: wanted)
    if stage == .running, now >= start {
      for client in crowd[wanted...] where client.state != .off && client.state != .leaving {
        part(client)
      }
    }
  }

  private func openSome(of group: [LoadClient], upTo end: Int) {
    if opening >= mostOpening { return }
    for client in group[..<end] where client.state == .off && !client.hasFailed {
      // Who was there and left on purpose comes back only where a phase wants it.
      open(client)
      if opening >= mostOpening { return }
    }
  }

  func open(_ client: LoadClient) {
    enter(client, .dialling)
    client.until = now + plan.connectTimeout.nanoseconds
    client.addressesTried = 0
    client.address = course.address.load(ordering: .relaxed)
    switch plan.dialling {
    case .aside: dials?.ask(for: client, token: client.token, at: now, tell: inbox)
    case .direct(let targets): begin(client, targets[client.number % targets.count])
    }
  }

  private func begin(_ client: LoadClient, _ target: DialTarget) {
    client.addressesTried += 1
    do throws(TransportError) {
      let stream = try target.begin(client.address, number: client.number)
      client.stream = stream
      client.since = now
      client.watched = .writable
      try poller.add(Watch(stream.descriptor, .writable), token: client.token)
    } catch {
      retry(client, target, error)
    }
  }

  /// Where a name has several addresses, the next one.
  private func retry(_ client: LoadClient, _ target: DialTarget, _ error: TransportError) {
    drop(client)
    if client.addressesTried < target.addressCount {
      client.address += 1
      begin(client, target)
    } else {
      lose(client, .transport(error))
    }
  }

  /// The fate of a connection that was begun is known.
  func conclude(_ client: LoadClient) {
    guard case .direct(let targets) = plan.dialling, let stream = client.stream as? SocketStream
    else { return }
    let target = targets[client.number % targets.count]
    let errno = stream.connectionError
    if errno != 0 { return retry(client, target, .connect(target.endpoint, errno: errno)) }
    course.address.store(client.address, ordering: .relaxed)
    tally.record(.connect, now - client.since)
    sayConnect(client)
  }

  func takeArrivals() {
    if dials == nil { return }
    for arrival in inbox.takeAll() {
      let client = clients[arrival.token]
      guard client.state == .dialling, client.since == arrival.since else {
        if case .success(let dialled) = arrival.result { dialled.stream.close() }
        continue
      }
      switch arrival.result {
      case .failure(let fault): lose(client, fault)
      case .success(let dialled):
        client.stream = dialled.stream
        client.watched = .readable
        do throws(TransportError) {
          try poller.add(Watch(dialled.stream.descriptor, .readable), token: arrival.token)
        } catch {
          lose(client, .transport(error))
          continue
        }
        tally.record(.connect, dialled.connecting)
        if let handshake = dialled.handshake { tally.record(.tls, handshake) }
        if let password = dialled.password { client.session.setPassword(password) }
        sayConnect(client)
      }
    }
  }

  private func sayConnect(_ client: LoadClient) {
    do throws(LoadFault) {
      if let login = plan.login {
        let login = try login(client.number, client.stream?.channelBinding)
        client.login = login
        client.session.setPassword(nil)
        client.session.setAuthenticationData(try login.begin())
      }
    } catch {
      return lose(client, error)
    }
    client.session.connect(at: .nanoseconds(now))
    enter(client, .connecting)
    flush(client)
  }

  /// AUTH: the server's data is answered, or it is done.
  func challenged(_ client: LoadClient, _ packet: Auth) throws(LoadFault) {
    guard let login = client.login else { throw .session(.unexpected(.auth)) }
    let data = packet.properties.binary(.authenticationData)
    if packet.reason == .success { return try login.conclude(data) }
    let answer = try login.answer(data ?? [])
    do { try client.session.authenticate(.continueAuthentication, data: answer) } catch {
      throw .refusal(error)
    }
  }

  /// After CONNACK.
  func accepted(_ client: LoadClient, _ connAck: ConnAck) {
    tally.record(.connack, now - client.since)
    tally.connections += 1
    if let filter = client.filter, !connAck.sessionPresent {
      let subscription = Subscription(
        filter, qos: plan.qos, retainHandling: plan.version == .v5 ? .never : .always)
      do throws(Refusal) {
        _ = try client.session.subscribe([subscription], plan.subscribeProperties)
        enter(client, .subscribing)
      } catch {
        lose(client, .refusal(error))
      }
    } else {
      stand(client)
    }
  }

  func subscribed(_ client: LoadClient, _ answer: SubscriptionAck) {
    tally.record(.suback, now - client.since)
    if let code = answer.codes.first, code.isFailure {
      lose(client, .subscriptionRefused(code.rawValue))
    } else {
      stand(client)
    }
  }

  private func stand(_ client: LoadClient) {
    enter(client, .ready)
    client.hasStood = true
    client.attempt = 0
    if client.lostAt > 0 { tally.timeLost += now - client.lostAt }
    client.lostAt = 0
    readmit(client)
    enqueue(client)
  }

  func enter(_ client: LoadClient, _ state: LoadClient.State) {
    if client.state == .dialling || client.state == .connecting { opening -= 1 }
    if state == .dialling || state == .connecting { opening += 1 }
    let gain = (state == .ready ? 1 : 0) - (client.state == .ready ? 1 : 0)
    if client.role != .observer {
      if client.token < audience.count { listening += gain } else { standing += gain }
    }
    client.state = state
    client.since = now
    hasChanged = true
    if state != .dialling, state != .waiting, state != .leaving {
      client.until = now + plan.connectTimeout.nanoseconds
    }
  }
}

extension Duration {
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}

extension Array {
  /// Where the first element is that meets the condition, as all behind it do.
  func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

// Connections go: they are lost, or left on purpose.

import MQTTProtocol
import MQTTSession
import Synchronization
import Transport

extension Worker {
  /// The connection is gone, or did not come about.
  func lose(_ client: LoadClient, _ fault: LoadFault) {
    // Nobody minds how a connection ends that was to end.
    if client.state == .leaving || client.state == .off { return close(client) }
    tally.fail("\(fault)")
    // What the server ought to be told has its chance.
    if let stream = client.stream, !client.session.output.isEmpty, client.state != .dialling {
      traceOutput(client)
      if case .bytes(let count)? = try? stream.write(client.session.output.bytes) {
        transmitted(client, count)
      }
    }
    if trace != nil { traceEnd(client, fault) }
    drop(client)
    if client.hasStood, case .reconnect(let first, let most, let retries) = plan.loss,
      fault.mayPass, client.attempt < retries
    {
      if client.lostAt == 0 { client.lostAt = now }
      client.attempt += 1
      enter(client, .waiting)
      let limit = min(most, first * Double(1 << min(client.attempt - 1, 20)))
      client.until = now + Int64(limit * random.fraction() * 1e9)
      return
    }
    enter(client, .off)
    client.hasFailed = true
    // The run does without.
    if client.role == .observer { return }
    if client.token >= audience.count { failed += 1 }
    // A storm of connections counts those that fail; elsewhere the load would not be the one asked for.
    if plan.mode != .conn { return course.end(with: fault, of: client.number) }
    course.goesOnWithout(client.number, fault)
  }

  /// Lets the stream go.
  func drop(_ client: LoadClient) {
    withdraw(client)
    client.session.connectionLost()
    if let stream = client.stream {
      poller.remove(stream.descriptor)
      stream.close()
    }
    client.stream = nil
    client.rest = []
    client.watched = []
    client.traced = 0
    client.unanswered = 0
  }

  func close(_ client: LoadClient) {
    drop(client)
    enter(client, .off)
  }

  /// Ends the connection in order.
  func part(_ client: LoadClient) {
    guard client.state == .ready || client.state == .subscribing else { return close(client) }
    try? client.session.disconnect(Disconnect(.normalDisconnection, plan.disconnectProperties))
    enter(client, .leaving)
    client.until = now + 2_000_000_000
    flush(client)
    finishWriting(client)
  }

  /// Once DISCONNECT is out.
  func finishWriting(_ client: LoadClient) {
    if client.state == .leaving, client.session.output.isEmpty { client.stream?.finishWriting() }
  }

  func leave() {
    for client in clients where client.state != .off && client.state != .leaving {
      part(client)
    }
  }
}

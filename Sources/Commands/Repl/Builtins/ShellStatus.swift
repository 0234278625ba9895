// `status`: the connections, one by one.

import MQTTProtocol
import MQTTSession
import Rendering
import Transport

extension Shell {
  func status(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 0, "status")
    if connections.isEmpty { emit("not connected\n") }
    let sheet = FactSheet()
    for connection in connections {
      let mark = connections.count > 1 && connection === current ? " (in use)" : ""
      sheet.heading("Connection", connection.name + mark)
      sheet.add(connection, at: MonotonicClock.now())
    }
    emit(sheet.text)
  }
}

extension FactSheet {
  fileprivate func add(_ connection: ShellConnection, at now: Instant) {
    row("Server", "\(connection.endpoint)")
    row("State", connection.stateText(at: now))
    if connection.isConnected, let connAck = connection.connAck {
      add(connAck, connection.settings.connection, clientID: connection.client.session.clientID)
      let open = connection.client.session.unacknowledged
      let window = connection.client.session.window
      row("Unacknowledged", "\(open) messages on the wire, of at most \(window)")
    }
    if let heldUp = connection.heldUp {
      row(
        "Held up", "by \(heldUp.by), which has taken nothing for \((now - heldUp.since).shownAge)")
    }
    row("Subscriptions", "\(connection.subscriptions.all.count)")
    row("Topics seen", "\(connection.topics.topics.count)")
    let traffic = connection.traffic
    row(
      "Messages in",
      "\(traffic.arrived), \(traffic.arrivals.shown(at: now)), "
        + "\(traffic.arrivingBytes.shown(at: now).dropLast(2)) bytes/s")
    row("Messages out", "\(traffic.published), \(traffic.publishing.shown(at: now))")
  }
}

extension ShellConnection {
  /// In words: connected, offline, reconnecting.
  func stateText(at now: Instant) -> String {
    switch state {
    case .connected: "connected for \((now - since).shownAge)"
    case .dialing where !hasStood, .opening where !hasStood: "connecting"
    case .dialing, .opening: "reconnecting"
    case .waiting(let due): "offline, reconnecting in \(max(.zero, due - now).shownSeconds) s"
    case .closed: "offline for \((now - since).shownAge)"
    }
  }
}

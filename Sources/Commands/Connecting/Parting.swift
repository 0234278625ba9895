import MQTTProtocol
import MQTTSession

extension Connecting {
  /// How a run leaves its server.
  func parting(_ reason: ReasonCode = .normalDisconnection) -> Disconnect {
    Disconnect(reason, settings.properties[.disconnect] ?? .none)
  }
}

extension Session {
  /// Disconnects without a session expiry interval that CONNECT does not allow: a server would have to
  /// take it for a protocol error (MQTT 5 §3.14.2.2.2).
  mutating func disconnectWithoutExpiry(_ packet: Disconnect) {
    var packet = packet
    packet.properties.remove(.sessionExpiryInterval)
    try? disconnect(packet)
  }
}

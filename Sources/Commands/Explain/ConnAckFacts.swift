// What CONNACK says, and what holds where it says nothing.  MQTT 5 §3.2.2.3.

import MQTTProtocol

extension FactSheet {
  func add(_ connAck: ConnAck, _ connection: Settings.Connection, clientID: UTF8String) {
    let version = connection.version
    row("MQTT", "\(version)")
    let name = ConnAck.text(code: connAck.code, version)
    row("CONNACK", connAck.isAccepted ? "accepted" : "refused: \(name) (\(connAck.code))")
    let properties = connAck.properties
    addTexts(properties)
    guard connAck.isAccepted else { return }
    row("Session", connAck.sessionPresent ? "kept from before" : "new")
    let isAssigned = properties.contains(.assignedClientIdentifier)
    row(
      "Client identifier",
      clientID.isEmpty ? "none" : "\(clientID)" + (isAssigned ? " (assigned by the server)" : ""))
    if version < .v5 {
      row("Keep alive", Self.seconds(UInt32(connection.keepAlive)))
      row("Limits", "not told below MQTT 5 (-V 5)")
      return
    }
    let keepAlive = properties.number(.serverKeepAlive)
    row(
      "Keep alive",
      Self.seconds(keepAlive ?? UInt32(connection.keepAlive))
        + (keepAlive == nil ? "" : " (by the server)"))
    row("Session expiry", properties.number(.sessionExpiryInterval).map(Self.expiry) ?? "as asked")
    addLimits(properties)
  }

  private func addTexts(_ properties: Properties) {
    for name in ConnAckName.texts {
      if let text = properties.string(name.id) { row(name.row, "\(text)") }
    }
  }

  private func addLimits(_ properties: Properties) {
    let most = properties.number(.maximumQoS)
    row("Maximum QoS", "\(most ?? 2)")
    row("Receive maximum", "\(properties.number(.receiveMaximum) ?? 65_535)")
    row(
      "Maximum packet size",
      properties.number(.maximumPacketSize).map { "\($0) bytes" } ?? "no limit")
    row("Topic alias maximum", "\(properties.number(.topicAliasMaximum) ?? 0)")
    for name in ConnAckName.services {
      row(name.row, properties.flag(name.id, default: true) ? "available" : "not available")
    }
  }

  private static func seconds(_ number: UInt32) -> String { number == 0 ? "off" : "\(number) s" }

  private static func expiry(_ number: UInt32) -> String {
    number == .max ? "never" : number == 0 ? "at the end of the connection" : "\(number) s"
  }
}

// What CONNECT says.

import Glibc
import MQTTProtocol

extension Settings {
  /// - Parameters:
  ///   - clientID: where each client has its own.
  ///   - receiveMaximum: what is announced in MQTT 5 when no option says.
  func connect(
    clientID: UTF8String? = nil, password: [UInt8]? = nil, receiveMaximum: Int?
  ) -> Connect {
    Connect(
      version: connection.version, clientID: clientID ?? self.clientID,
      cleanStart: connection.cleanStart, keepAlive: connection.keepAlive, will: will,
      userName: connection.userName, password: password,
      properties: connectProperties(receiveMaximum: receiveMaximum))
  }

  /// Seconds that the session outlives its connections in MQTT 5; nil: it does not.  Without a clean start it
  /// is meant to stay, unless -x or -D says for how long.
  var sessionExpiry: UInt32? {
    properties[.connect]?.number(.sessionExpiryInterval) ?? connection.sessionExpiry
      ?? (connection.cleanStart ? nil : .max)
  }

  private func connectProperties(receiveMaximum: Int?) -> Properties {
    var properties = properties[.connect] ?? .none
    if connection.version < .v5 { return properties }
    if let expiry = sessionExpiry, !properties.contains(.sessionExpiryInterval) {
      properties.set(Property(.sessionExpiryInterval, expiry))
    }
    if let method = connection.authentication.method {
      properties.set(Property(.authenticationMethod, method))
    }
    let receiveMaximum = connection.receiveMaximum ?? receiveMaximum
    if let receiveMaximum, !properties.contains(.receiveMaximum) {
      properties.set(Property(.receiveMaximum, UInt32(receiveMaximum)))
    }
    return properties
  }

  private var will: Will? {
    connection.willTopic.map {
      Will(
        topic: $0.string, payload: connection.willPayload ?? [], qos: connection.willQoS,
        retain: connection.willRetain, properties: properties[.will] ?? .none)
    }
  }

  /// As given, or prefix and process id, or made up in MQTT 3.1, which knows no empty one.
  private var clientID: UTF8String {
    if let id = connection.clientID { return id }
    if let prefix = connection.clientIDPrefix {
      return (try? UTF8String(prefix.bytes + Array(String(getpid()).utf8))) ?? prefix
    }
    if connection.version != .v31 { return .empty }
    let head = personality == .apus ? "apus-" : "mosq-"
    return (try? UTF8String(Array(head.utf8) + RandomText.letters(18))) ?? .empty
  }
}

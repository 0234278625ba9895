// The lines of `-d`, in mosquitto's words.

import MQTTProtocol

/// One line for a packet that was sent or received.
package enum PacketTrace {
  /// - Parameters:
  ///   - packet: one whole control packet.
  ///   - clientID: shown as `null` when it is empty.
  package static func line(
    sent: Bool, _ packet: UnsafeRawBufferPointer, clientID: UTF8String, _ version: ProtocolVersion
  ) -> String {
    let client = clientID.isEmpty ? "null" : SafeText.escaped(clientID.bytes)
    let what = describe(packet, version)
    return "Client \(client) \(sent ? "sending" : "received") \(what)"
  }

  private static func describe(
    _ bytes: UnsafeRawBufferPointer, _ version: ProtocolVersion
  ) -> String {
    var position = 0
    let decoded: Packet?
    do { decoded = try Packet(from: bytes, at: &position, version) } catch {
      return "a malformed packet: \(error)"
    }
    guard let packet = decoded else { return "a part of a packet" }
    switch packet {
    case .connect: return "CONNECT"
    case .connAck(let packet): return "CONNACK (\(packet.code))"
    case .publish(let packet):
      return "PUBLISH (d\(packet.duplicate ? 1 : 0), q\(packet.qos.rawValue), "
        + "r\(packet.retain ? 1 : 0), m\(packet.packetID?.rawValue ?? 0), "
        + "'\(SafeText.escaped(packet.topic.bytes))', ... (\(packet.payload.count) bytes))"
    case .acknowledgement(let packet):
      return "\(packet.type) (Mid: \(packet.packetID), RC:\(packet.reason.rawValue))"
    case .subscribe(let packet):
      return packet.subscriptions.map {
        "SUBSCRIBE (Mid: \(packet.packetID), Topic: \(SafeText.escaped($0.filter.bytes)), "
          + "QoS: \($0.qos.rawValue), Options: 0x\(options($0)))"
      }.joined(separator: ", ")
    case .subscriptionAck(let packet):
      let codes = packet.codes.map { String($0.rawValue) }.joined(separator: ", ")
      return "\(packet.type) (Mid: \(packet.packetID)): \(codes)"
    case .unsubscribe(let packet):
      return packet.filters.map {
        "UNSUBSCRIBE (Mid: \(packet.packetID), Topic: \(SafeText.escaped($0.bytes)))"
      }.joined(separator: ", ")
    case .pingReq: return "PINGREQ"
    case .pingResp: return "PINGRESP"
    case .disconnect(let packet):
      return packet.reason == .normalDisconnection
        ? "DISCONNECT" : "DISCONNECT (\(packet.reason.rawValue))"
    case .auth(let packet): return "AUTH (\(packet.reason.rawValue))"
    }
  }

  /// SUBSCRIBE's options but the QoS, in two hexadecimal digits.
  package static func options(_ subscription: Subscription) -> String {
    let bits: UInt32 =
      (subscription.noLocal ? 4 : 0) | (subscription.retainAsPublished ? 8 : 0)
      | UInt32(subscription.retainHandling.rawValue) << 4
    return SafeText.hex(bits, digits: 2)
  }
}

// `-d` as mosquitto's library says it.

import MQTTProtocol
import Rendering

/// Counts packet identifiers as the library does: it gives one to QoS 0 messages too, which does not leave.
struct DropInTrace {
  private let tool: Tool
  private let version: ProtocolVersion
  private var lastID = 0

  init(_ tool: Tool, _ version: ProtocolVersion) {
    self.tool = tool
    self.version = version
  }

  /// - Returns: the lines for one whole packet.
  mutating func lines(
    sent: Bool, _ bytes: UnsafeRawBufferPointer, clientID: UTF8String
  ) -> [String] {
    var position = 0
    guard let packet = try? Packet(from: bytes, at: &position, version) else { return [] }
    var id = clientID
    if case .connAck(let answer) = packet {
      id = answer.properties.string(.assignedClientIdentifier) ?? clientID
    }
    let name = id.isEmpty ? "null" : SafeText.escaped(id.bytes)
    let texts = sent ? describe(sent: packet) : [describe(received: packet)]
    var lines = texts.map { "Client \(name) \(sent ? "sending" : "received") \($0)" }
    if case .disconnect(let packet) = packet, !sent {
      lines = ["Received DISCONNECT (\(packet.reason.rawValue))"]
    }
    if case .subscriptionAck(let answer) = packet, answer.type == .subAck, tool == .sub {
      let codes = answer.codes.map { String($0.rawValue) }.joined(separator: ", ")
      lines.append("Subscribed (mid: \(answer.packetID)): \(codes)")
    }
    return lines
  }

  private mutating func describe(sent packet: Packet) -> [String] {
    switch packet {
    case .publish(let packet):
      if !packet.duplicate { lastID += 1 }
      return [
        Self.text(packet, Int(packet.packetID?.rawValue ?? UInt16(truncatingIfNeeded: lastID)))
      ]
    case .acknowledgement(let packet):
      switch packet.type {
      case .pubRel, .pubComp: return ["\(packet.type) (m\(packet.packetID))"]
      default: return ["\(packet.type) (m\(packet.packetID), rc\(packet.reason.rawValue))"]
      }
    case .subscribe(let packet):
      lastID = Int(packet.packetID.rawValue)
      return packet.subscriptions.map {
        "SUBSCRIBE (Mid: \(packet.packetID), Topic: \(SafeText.escaped($0.filter.bytes)), "
          + "QoS: \($0.qos.rawValue), Options: 0x\(PacketTrace.options($0)))"
      }
    case .unsubscribe(let packet):
      lastID = Int(packet.packetID.rawValue)
      return packet.filters.map {
        "UNSUBSCRIBE (Mid: \(packet.packetID), Topic: \(SafeText.escaped($0.bytes)))"
      }
    case .connect: return ["CONNECT"]
    case .pingReq: return ["PINGREQ"]
    case .disconnect: return ["DISCONNECT"]
    default: return []
    }
  }

  private func describe(received packet: Packet) -> String {
    switch packet {
    case .connAck(let packet): "CONNACK (\(packet.code))"
    case .publish(let packet): Self.text(packet, Int(packet.packetID?.rawValue ?? 0))
    case .acknowledgement(let packet):
      switch packet.type {
      case .pubRec, .pubRel: "\(packet.type) (Mid: \(packet.packetID))"
      default: "\(packet.type) (Mid: \(packet.packetID), RC:\(packet.reason.rawValue))"
      }
    case .subscriptionAck(let packet): "\(packet.type)"
    case .pingResp: "PINGRESP"
    default: "AUTH"
    }
  }

  private static func text(_ packet: Publish, _ id: Int) -> String {
    "PUBLISH (d\(packet.duplicate ? 1 : 0), q\(packet.qos.rawValue), r\(packet.retain ? 1 : 0), "
      + "m\(id), '\(SafeText.escaped(packet.topic.bytes))', ... (\(packet.payload.count) bytes))"
  }
}

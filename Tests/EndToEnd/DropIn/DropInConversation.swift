// What one of the links says to a broker, byte for byte.

import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// A command line, and the packets that a broker gets for it.
struct WireRow: Sendable, CustomTestStringConvertible {
  let line: ToolLine
  /// In hexadecimal; `*` stands for bytes that differ each time.
  let packets: [String]
  let answers: [PacketType: String]
  let input: RunningProgram.Input

  init(
    _ line: ToolLine, answers: [PacketType: String] = [:], input: RunningProgram.Input = .none,
    _ packets: String...
  ) {
    self.line = line
    self.answers = answers
    self.input = input
    self.packets = packets
  }

  var testDescription: String { line.text }

  func check() throws {
    let conversation = try Conversation(line, answers: answers, input: input)
    let result = conversation.result
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.errors.isEmpty)
    #expect(conversation.packets.count == packets.count, "\(conversation.packets)")
    for (heard, wanted) in zip(conversation.packets, packets) {
      #expect(matches(heard, wanted.filter { $0 != " " }), "\(heard)")
    }
  }

  private func matches(_ heard: String, _ wanted: String) -> Bool {
    let parts = wanted.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return heard == wanted }
    return heard.hasPrefix(parts[0]) && heard.hasSuffix(parts[1])
  }
}

/// A run against a broker that takes everything, but for the answers that it is given.
struct Conversation {
  /// What the broker got, in hexadecimal without blanks.
  let packets: [String]
  let result: ToolResult

  /// - Parameter answers: in hexadecimal, in place of what a broker would say to packets of a type;
  ///   an empty one for silence, and `close` at its end for the end of the connection.
  init(
    _ line: ToolLine, answers: [PacketType: String] = [:], input: RunningProgram.Input = .none
  ) throws {
    let heard = Mutex<[String]>([])
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      while let frame = try connection.nextFrame(within: 15) {
        heard.withLock { $0.append(hexadecimal(frame.bytes)) }
        if case .connect(let connect) = frame.packet { connection.version = connect.version }
        switch PacketType(rawValue: frame.bytes[0] >> 4).flatMap({ answers[$0] }) {
        case nil: Self.answer(frame.packet, connection)
        case .some(let text) where text.hasSuffix("close"):
          connection.send(bytes(String(text.dropLast(5))))
          return connection.close()
        case .some(let text): connection.send(bytes(text))
        }
      }
    }
    result = try line.run(port: broker.port, input: input)
    try broker.finish()
    packets = heard.withLock { $0 }
  }

  private static func answer(_ packet: Packet, _ connection: ScriptedConnection) {
    switch packet {
    case .connect: connection.send(.connAck(ConnAck()))
    case .subscribe(let packet):
      let codes = packet.subscriptions.map { ReasonCode(rawValue: $0.qos.rawValue) }
      connection.send(.subscriptionAck(SubscriptionAck(.subAck, packet.packetID, codes)))
    case .unsubscribe(let packet):
      let codes = connection.version == .v5 ? packet.filters.map { _ in ReasonCode.success } : []
      connection.send(.subscriptionAck(SubscriptionAck(.unsubAck, packet.packetID, codes)))
    case .publish(let packet):
      guard let id = packet.packetID else { return }
      connection.send(
        .acknowledgement(
          Acknowledgement(packet.qos == .atLeastOnce ? .pubAck : .pubRec, id)))
    case .acknowledgement(let packet) where packet.type == .pubRel:
      connection.send(.acknowledgement(Acknowledgement(.pubComp, packet.packetID)))
    case .acknowledgement(let packet) where packet.type == .pubRec:
      connection.send(.acknowledgement(Acknowledgement(.pubRel, packet.packetID)))
    default: break
    }
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func bytes(_ hexadecimal: String) -> [UInt8] {
  var digits = hexadecimal.filter { $0 != " " }[...]
  var bytes: [UInt8] = []
  while !digits.isEmpty {
    bytes.append(UInt8(digits.prefix(2), radix: 16) ?? 0)
    digits = digits.dropFirst(2)
  }
  return bytes
}

// What the suites of requests and commands share.

import Foundation
import MQTTProtocol
import TestSupport

extension ScriptedConnection {
  /// The next packet, which must be a PUBLISH.
  func receiveRequest() throws -> Publish {
    guard case .publish(let request) = try receive() else { throw TestFailure("no PUBLISH") }
    return request
  }

  /// Answers a request as MQTT 5 §4.10 wants it.
  func answer(_ request: Publish, _ payload: String, correlation: [UInt8]?? = .none) throws {
    guard let topic = request.properties.string(.responseTopic) else {
      throw TestFailure("no response topic")
    }
    let data = correlation ?? request.properties.binary(.correlationData)
    let properties = Properties([data.flatMap { Property(.correlationData, $0) }].compactMap { $0 })
    send(.publish(Publish(topic: topic, payload: Array(payload.utf8), properties: properties)))
  }

  /// DISCONNECT and the end of the connection.
  func receiveDisconnect() throws {
    guard case .disconnect = try receive() else { throw TestFailure("no DISCONNECT") }
  }

  func receiveAcknowledgement() throws -> Acknowledgement {
    guard case .acknowledgement(let packet) = try receive() else {
      throw TestFailure("no acknowledgement")
    }
    return packet
  }

  /// Sends a request as another client would have made it.
  func ask(
    _ payload: [UInt8] = [], topic: UTF8String = "q", answer: UTF8String? = "r",
    correlation: [UInt8]? = [1, 0, 255], qos: QoS = .atMostOnce, packetID: UInt16 = 1,
    properties: [Property] = []
  ) {
    let all =
      [
        answer.flatMap { Property(.responseTopic, $0) },
        correlation.flatMap { Property(.correlationData, $0) },
      ].compactMap { $0 } + properties
    send(
      .publish(
        Publish(
          topic: topic, payload: payload, qos: qos,
          packetID: qos == .atMostOnce ? nil : PacketID(rawValue: packetID),
          properties: Properties(all))))
  }
}

/// A broker in MQTT 5 for one client, which has connected and subscribed when the script begins.
func subscribedBroker(
  _ version: ProtocolVersion = .v5,
  _ script: @escaping @Sendable (ScriptedConnection) throws -> Void
) throws -> ScriptedBroker {
  try ScriptedBroker { broker in
    let connection = try broker.accept(version)
    try connection.handshake()
    try connection.grant()
    try script(connection)
    while (try? connection.next(within: 5)) ?? nil != nil {}
  }
}

/// Processes whose parent is `pid`, zombies among them.
func children(of pid: pid_t) -> [pid_t] {
  let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return all.compactMap { pid_t($0) }.filter { child in
    let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
    let fields = status?.components(separatedBy: ") ").last?.split(separator: " ")
    return fields?.dropFirst().first == Substring(String(pid))
  }
}

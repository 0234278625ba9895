import Foundation
import MQTTProtocol
import TestSupport

/// The broker's end of an authentication.
extension ScriptedConnection {
  /// Takes CONNECT.
  ///
  /// - Returns: it, and its authentication data.
  func takeConnect() throws -> (connect: Connect, data: [UInt8]) {
    guard case .connect(let connect) = try receive() else {
      throw TimedOut(description: "no CONNECT")
    }
    return (connect, connect.properties.binary(.authenticationData) ?? [])
  }

  /// Sends a challenge.
  func challenge(
    _ data: [UInt8], _ method: UTF8String, _ reason: ReasonCode = .continueAuthentication
  ) {
    send(.auth(Auth(reason, Self.properties(data, method))))
  }

  /// The client's next AUTH.
  func takeAuth(_ reason: ReasonCode = .continueAuthentication) throws -> [UInt8] {
    guard case .auth(let packet) = try receive(), packet.reason == reason else {
      throw TimedOut(description: "no AUTH with \(reason)")
    }
    return packet.properties.binary(.authenticationData) ?? []
  }

  /// CONNACK, with data or without.
  func accept(_ data: [UInt8]?, _ method: UTF8String?) {
    var properties = Self.properties(data, method)
    properties.set(Property(.assignedClientIdentifier, "assigned"))
    send(.connAck(ConnAck(properties: properties)))
  }

  private static func properties(_ data: [UInt8]?, _ method: UTF8String?) -> Properties {
    var properties = Properties()
    properties.set(method.flatMap { Property(.authenticationMethod, $0) })
    properties.set(data.flatMap { Property(.authenticationData, $0) })
    return properties
  }

  /// SCRAM up to the server's last message, which it returns.
  func scram(_ server: SCRAMServer, _ method: UTF8String) throws -> (
    connect: Connect, last: [UInt8]
  ) {
    let (connect, data) = try takeConnect()
    challenge(try server.answer(data), method)
    return (connect, try server.answer(try takeAuth()))
  }
}

/// What apus does against a broker that authenticates as `script` says.
func authenticate(
  _ words: [String], _ script: @escaping @Sendable (ScriptedConnection) throws -> Void
) throws -> (ending: Ending, output: String, errors: String) {
  let broker = try ScriptedBroker { broker in
    let connection = try broker.accept(.v5)
    try script(connection)
  }
  let program = try RunningProgram([Program.apus] + words + broker.address)
  let ending = try program.wait()
  try broker.finish()
  return (ending, program.outputText, program.errorText)
}

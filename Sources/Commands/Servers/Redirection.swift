// Where a broker sends its clients (Server Reference, MQTT 5 §4.11), and whether they go.

import MQTTClient
import MQTTProtocol
import MQTTSession
import OptionTable

/// What a broker says that has clients go elsewhere.
struct Redirection {
  let servers: [Server]
  /// 0x9D: for the rest of the run; 0x9C: this time.
  let isForGood: Bool

  /// - Returns: nil where a failure is none of the kind, or names no server.
  init?(_ failure: ClientFailure) {
    let code: UInt8
    let reference: UTF8String?
    switch failure {
    case .session(.refused(let connAck)):
      code = connAck.code
      reference = connAck.properties.string(.serverReference)
    case .session(.disconnected(let packet)):
      code = packet.reason.rawValue
      reference = packet.properties.string(.serverReference)
    default: return nil
    }
    guard failure.sendsElsewhere, let reference else { return nil }
    // Blanks stand between; an entry that is no server does not spoil the others.
    let entries = reference.bytes.split(separator: UInt8(ascii: " "), maxSplits: Self.mostServers)
    servers = entries.prefix(Self.mostServers).compactMap { entry in
      if entry.count > Self.longestName { return nil }
      var server = try? Server(Argument(bytes: Array(entry)))
      server?.isReference = true
      return server
    }
    isForGood = code == ReasonCode.serverMoved.rawValue
  }

  /// Each is tried, and told of.
  private static let mostServers = 16
  /// A name of DNS (RFC 1035) and a port fit in.
  private static let longestName = 300
}

extension ClientFailure {
  /// 0x9C Use another server, 0x9D Server moved.
  var sendsElsewhere: Bool {
    let code: UInt8
    switch self {
    case .session(.refused(let connAck)): code = connAck.code
    case .session(.disconnected(let packet)): code = packet.reason.rawValue
    default: return false
    }
    return [ReasonCode.useAnotherServer, .serverMoved].contains(ReasonCode(rawValue: code))
  }
}

extension Settings.Connection {
  /// CONNECT, or WebSocket's request before it, holds something that not everybody may know.
  func carriesSecrets(_ properties: Properties) -> Bool {
    userName != nil || hasPassword || authentication.method != nil
      || properties.contains(.authenticationMethod)
      || webSocket.isAsked && (!webSocket.fields.isEmpty || webSocket.path.contains("?"))
  }

  /// Whoever answers has proved, before CONNECT is sent, to be the one whose name was asked for, or to
  /// have a key that we know.
  var provesServer: Bool {
    guard usesTLS else { return false }
    let configuration = tls.configuration
    return tls.usesPreSharedKey || !configuration.pins.isEmpty
      || configuration.isVerified && configuration.checksHost
  }
}

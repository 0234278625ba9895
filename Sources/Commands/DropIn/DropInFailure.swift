// Why a run ends early, in the words and numbers of mosquitto's clients.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

extension ExitStatus {
  fileprivate static let notConnected = ExitStatus(rawValue: 4)
  fileprivate static let tls = ExitStatus(rawValue: 8)
  fileprivate static let login = ExitStatus(rawValue: 11)
  fileprivate static let proxy = ExitStatus(rawValue: 16)
}

extension MessageFormat.Problem {
  func inMosquittosWords(topic: String) -> String {
    switch self {
    case .notJSON: "Error: Message payload is not valid JSON on topic \(topic)."
    case .wrongLength(let expected, let found):
      "Error: Message payload on topic \(topic) has \(found) bytes, not \(expected)."
    }
  }
}

extension Failure {
  /// - Parameter tool: they differ in what they say and how they end.
  init(_ failure: ClientFailure, as tool: Tool, _ version: ProtocolVersion) {
    switch failure {
    // A reader that has seen enough, as head in a pipe.
    case .transport(.file(StandardOutput.name, EPIPE)): self.init(.success, "")
    case .transport(.file(let name, let errno)):
      self.init(.outputFailed, "Error: \(TransportError.file(name: name, errno: errno))")
    // Where the server wants a certificate, TLS 1.3 lets it say so only after our handshake.
    case .transport(.tls(_, .refused)):
      self.init(.connectionLost, "Error: The connection was lost.")
    case .transport(.tls): self.init(.tls, "Error: A TLS error occurred.")
    case .transport, .authentication, .closedByServer, .resetBeforeConnAck, .noAnswer:
      self.init(.connectionLost, "Error: The connection was lost.")
    case .session(let fault): self.init(fault, as: tool, version)
    case .interrupted(let number): self.init(interruptedBy: number, as: tool)
    case .outOfMemory: self.init(.usage, "Error: Out of memory.")
    case .timedOut: self.init(.timedOut, "Timed out")
    case .outputNotRead:
      self.init(.outputFailed, "Error: standard output: its reader did not take all of it in time")
    }
  }

  /// mosquitto_pub and mosquitto_rr, which have no handler for signals, leave without DISCONNECT: the server
  /// publishes the will.
  func partsInOrder(_ personality: Personality) -> Bool { personality == .apus || signal == nil }

  /// mosquitto_pub and mosquitto_rr have no handler; a subscriber that is connected does not come here.
  private init(interruptedBy number: CInt, as tool: Tool) {
    if tool == .sub { self.init(.interruptedEarly, "") } else { self.init(signal: number, "") }
  }

  private init(_ fault: SessionFault, as tool: Tool, _ version: ProtocolVersion) {
    switch fault {
    case .refused(let connAck):
      // Only mosquitto_pub adds how its library sees it.
      let why = ConnectionError.text(connAck, version)
      let view = (1...5).contains(connAck.code) ? Self.refused : Self.protocolError
      self.init(.refused(connAck.code), tool == .pub ? "\(why)\n\(view)" : why)
    case .disconnected where tool == .pub:
      self.init(.notConnected, "Error: The client is not currently connected.")
    case .disconnected(let packet):
      let why = packet.reason.isFailure ? ": \(packet.reason)" : ""
      self.init(.success, "Disconnected by the server\(why)" + Self.explanation(packet.properties))
    case .keepAliveTimeout:
      self.init(.keepAliveTimeout, "Error: Keepalive exceeded.")
    default: self.init(.protocolError, Self.protocolError)
    }
  }

  private static let refused = "Error: The connection was refused."
  private static let protocolError =
    "Error: A network protocol error occurred when communicating with the broker."

  /// The first connection could not be made.
  init(dropIn error: TransportError, as tool: Tool) {
    switch error {
    case .interrupted(let number): self.init(interruptedBy: number, as: tool)
    case .lookup, .noBindAddress, .proxy(_, .lookup):
      self.init(.unreachable, "Unable to connect (Lookup error.).")
    case .connect(_, let errno), .bind(_, let errno), .system(_, let errno),
      .lost(let errno), .proxy(_, .connect(_, let errno)):
      self.init(.unreachable, "Error: \(String(cString: strerror(errno)))")
    // The library finds out only that no authority vouches for the server.
    case .tls(nil, .file(kind: TLSContext.authorityDirectory, path: _, reason: _)):
      self.init(.tls, "Error: A TLS error occurred.")
    // Files of ours are looked at before there is a connection.
    case .tls(nil, _), .secret:
      self.init(.unreachable, "Unable to connect (A TLS error occurred.).")
    case .tls, .noHandshake: self.init(.tls, "Error: A TLS error occurred.")
    case .proxy(_, .socks(_, .wrongLogin)), .proxy(_, .socks(_, .takesNoLogin)),
      .proxy(_, .socks(_, .wantsLogin)):
      self.init(.login, "Error: Authorisation failed")
    case .proxy: self.init(.proxy, "Error: Proxy error")
    default: self.init(.unreachable, "Error: \(error)")
    }
  }

  /// What the server does not take.  Of a single message mosquitto_pub leaves then as if all was done.
  init(dropIn refusal: Refusal, ofLines: Bool) {
    switch refusal {
    case .qosNotSupported where ofLines:
      self.init(.notSupported, "Error: Requested QoS not supported on server.")
    case .qosNotSupported:
      self.init(.success, "Error: Message QoS not supported on broker, try a lower QoS.")
    case .packetTooLarge where ofLines:
      self.init(.packetTooLarge, "Error: Packet larger than supported by the server.")
    case .packetTooLarge:
      // Silence would be a loss that nobody hears of.
      self.init(.packetTooLarge, "Error: Message payload is too large.")
    default:
      self.init(.protocolError, "Error: Protocol error when communicating with broker.")
    }
  }

  /// What keeps a payload from being read.
  init(dropIn error: TransportError, reading source: Settings.PayloadSource?) {
    if case .interrupted = error {
      self.init(input: error)
      text = ""
      return
    }
    let from =
      if case .file(let path) = source { "input file \"\(path.shown)\"" } else {
        "input from stdin"
      }
    let why =
      switch error {
      case .file(let name, let errno):
        "Unable to read file \"\(name)\": \(String(cString: strerror(errno)))."
      case .emptyInput: "Zero length input."
      case .tooLarge: "File must be less than \(VariableByteInteger.maximum) bytes."
      default: "\(error)"
      }
    self.init(.usage, "Error: \(why)\nError loading \(from).")
  }
}

/// CONNACK's refusal as the clients say it when it comes.
enum ConnectionError {
  static func text(_ connAck: ConnAck, _ version: ProtocolVersion) -> String {
    if version == .v5 {
      let advice =
        connAck.code == ReasonCode.unsupportedProtocolVersion.rawValue
        ? ". Try connecting to an MQTT v5 broker, or use MQTT v3.x mode." : ""
      return "Connection error: \(ReasonCode(rawValue: connAck.code))\(advice)"
    }
    let why =
      switch connAck.code {
      case 1: "unacceptable protocol version"
      case 2: "identifier rejected"
      case 3: "broker unavailable"
      case 4: "bad user name or password"
      case 5: "not authorised"
      default: "unknown reason"
      }
    return "Connection error: Connection Refused: \(why)."
  }
}

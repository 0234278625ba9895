// Everything that ends a command early, with its line of text and its exit status.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// Why a command failed.  Only `run` prints it and exits.
struct Failure: Error, Hashable, Sendable {
  var status: ExitStatus
  /// One line without the program's name; nothing in it comes unescaped from outside.
  var text: String
  /// Death by this signal is what the parent should see.
  var signal: CInt?
  /// Where in a script it happened: `FILE:LINE`.
  var place: String?

  init(_ status: ExitStatus, _ text: String) {
    self.status = status
    self.text = text
  }

  /// A stop signal came.
  init(signal number: CInt, _ text: String = "interrupted") {
    self.init(ExitStatus(rawValue: 128 + number), text)
    signal = number
  }

  /// - Parameters:
  ///   - server: where the client was connected to, for the message.
  ///   - usesTLS: the connection was one with TLS.
  init(
    _ failure: ClientFailure, _ server: Endpoint, _ version: ProtocolVersion, usesTLS: Bool
  ) {
    switch failure {
    case .transport(.file(let name, let errno)):
      self.init(.outputFailed, "\(TransportError.file(name: name, errno: errno))")
    case .transport(.lost(let errno)):
      self.init(.connectionLost, "\(server): \(TransportError.lost(errno: errno))")
    case .transport(let error):
      self.init(Self.status(of: error), "\(error)")
    case .session(let fault): self.init(fault, server, version)
    case .authentication(let fault): self.init(Self.status(of: fault), "\(server): \(fault)")
    case .closedByServer(beforeConnAck: false):
      self.init(.connectionLost, "\(server): the server closed the connection")
    case .closedByServer, .resetBeforeConnAck:
      let what = failure == .resetBeforeConnAck ? "reset" : "closed"
      let advice =
        version == .v311
        ? "is it an MQTT server?" + (usesTLS ? "" : " Or it wants TLS (--tls).")
        : Self.otherVersion(version) + (usesTLS ? "" : ", or want TLS (--tls)")
      self.init(
        .connectionLost,
        "\(server): the server \(what) the connection without answering CONNECT; \(advice)")
    case .outOfMemory(let size):
      self.init(.packetTooLarge, "\(server): no memory for a packet of \(size) bytes")
    case .noAnswer(let packet, let limit):
      // aMQTT says nothing at all to a version that it does not know.
      let advice =
        packet == "CONNECT" && version != .v311 ? "; " + Self.otherVersion(version) : ""
      self.init(
        .timedOut, "\(server): no answer to \(packet) within \(limit.shownSeconds) s\(advice)")
    case .interrupted(let number): self.init(signal: number)
    case .timedOut: self.init(.timedOut, "timed out")
    case .outputNotRead:
      self.init(.outputFailed, "standard output: its reader did not take all of it in time")
    }
  }

  private static func otherVersion(_ version: ProtocolVersion) -> String {
    "it may not speak MQTT \(version == .v5 ? "5" : "3.1") (try -V 311)"
  }

  private static func status(of error: TransportError) -> ExitStatus {
    switch error {
    // In TLS 1.3 a server may look at our certificate after the handshake.
    case .tls(_, .refused): .unreachable
    case .frame: .protocolError
    // Our own commands and files.
    case .command(_, .late): .timedOut
    case .command, .secret: .unreachable
    default: .connectionLost
    }
  }

  private static func status(of fault: AuthenticationFault) -> ExitStatus {
    switch fault {
    case .untrusted: .unreachable
    case .broken: .protocolError
    case .impossible: .usage
    }
  }

  private init(_ fault: SessionFault, _ server: Endpoint, _ version: ProtocolVersion) {
    switch fault {
    case .refused(let connAck):
      let why = ConnAck.text(code: connAck.code, version)
      self.init(
        .refused(connAck.code),
        "\(server): connection refused by the server: \(why)"
          + Self.explanation(connAck.properties) + Self.advice(connAck.code, version))
    case .disconnected(let packet):
      self.init(
        packet.reason.isFailure ? .refused(packet.reason.rawValue) : .connectionLost,
        "\(server): disconnected by the server: \(packet.reason)"
          + " (\(packet.reason.rawValue))" + Self.explanation(packet.properties))
    case .malformed: self.init(.malformedPacket, "\(server): \(fault)")
    case .keepAliveTimeout: self.init(.keepAliveTimeout, "\(server): \(fault)")
    case .earlyPublishNotSupported(let refusal): self.init(refusal)
    default: self.init(.protocolError, "\(server): \(fault)")
    }
  }

  /// What keeps a payload from being read.
  init(input error: TransportError) {
    switch error {
    case .tooLarge: self.init(.packetTooLarge, "\(error)")
    case .inputTimedOut: self.init(.timedOut, "\(error)")
    case .interrupted(let number): self.init(signal: number, "\(error)")
    default: self.init(.usage, "\(error)")
    }
  }

  init(_ refusal: Refusal) {
    switch refusal {
    case .packetTooLarge: self.init(.packetTooLarge, "\(refusal)")
    case .notConnected, .windowFull: self.init(.connectionLost, "\(refusal)")
    default: self.init(.notSupported, "\(refusal)")
    }
  }

  /// The server's own words, made safe, and where it points to.
  static func explanation(_ properties: Properties) -> String {
    var text = ""
    if let reason = properties.string(.reasonString), !reason.isEmpty {
      text += " (\(shown(reason)))"
    }
    if let other = properties.string(.serverReference), !other.isEmpty {
      text += "; it refers to \(shown(other))"
    }
    return text
  }

  /// No more than a line can hold.
  private static func shown(_ text: UTF8String) -> String {
    SafeText.escaped(text.bytes.prefix(mostShown)) + (text.bytes.count > mostShown ? "..." : "")
  }

  private static let mostShown = 400

  private static func advice(_ code: UInt8, _ version: ProtocolVersion) -> String {
    switch (code, version) {
    case (1, .v31), (0x84, _): "; try -V 311"
    case (1, .v311): "; try -V 31 or -V 5"
    case (2, .v31), (2, .v311), (0x85, .v5): "; set another client identifier with -i"
    case (4, .v31), (4, .v311), (5, .v31), (5, .v311), (0x86, .v5), (0x87, .v5):
      "; check -u and -P"
    default: ""
    }
  }
}

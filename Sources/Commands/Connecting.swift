// From settings to a connection that stands.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// How a connection began.
typealias Connected = (connAck: ConnAck, resumption: Resumption)

/// What a run needs to reach its broker.
///
/// A class, since the compiler's checks of types that cannot be copied go through every part of a value.
final class Connecting {
  let settings: Settings
  let endpoint: Endpoint
  let stop: StopSignals
  /// When the whole run is over (`-W`).
  let deadline: Instant?

  init(_ asked: Settings, until deadline: Instant?, stop: StopSignals) {
    var settings = asked
    let secrets = Result { () throws(TransportError) in
      try settings.connection.fetchSecrets(until: deadline, stop: stop)
    }
    self.settings = settings
    self.stop = stop
    login = Login(settings.connection, until: deadline, stop: stop)
    endpoint = settings.connection.endpoint
    self.deadline = deadline
    tls = Result { () throws(TransportError) in
      try secrets.get()
      return try settings.connection.tlsContext(until: deadline, stop: stop)
    }
    proxyTLS = Result { () throws(TransportError) in
      try settings.connection.proxyTLSContext()
    }
    // A person who was asked for a passphrase may have taken a while.
    started = MonotonicClock.now()
  }

  /// When a run that begins now is over, as `-W` says.
  static func deadline(_ settings: Settings) -> Instant? {
    settings.timeout.map { MonotonicClock.now() + .seconds($0) }
  }

  /// Opens the network connection and puts CONNECT into the client's output.
  ///
  /// - Parameter receiveMaximum: what a subscriber announces in MQTT 5 when `-D` does not say.
  func open(receiveMaximum: Int?) throws(Failure) -> Client {
    let stream: any ByteStream
    do {
      try login.renew(until: limit)
      stream = try dial(until: limit)
    } catch {
      throw dialFailure(error)
    }
    var client = unopenedClient(receiveMaximum: receiveMaximum)
    do { try login.open(&client, over: stream, until: limit) } catch { throw failure(error) }
    return client
  }

  /// A client that has no connection yet; `connectAgain` makes one.
  func unopenedClient(receiveMaximum: Int?) -> Client {
    var client = Client(configuration(receiveMaximum: receiveMaximum), stop: stop)
    if settings.showsDebug { client.trace = trace }
    return client
  }

  /// Waits for CONNACK, as long as `-W` and `--connect-timeout` allow.
  ///
  /// - Throws: a refusal by the server, a lost connection, a time-out.
  @discardableResult
  func awaitConnAck(_ client: inout Client) throws(ClientFailure) -> Connected {
    try awaitConnAck(&client, until: limit)
  }

  private func awaitConnAck(
    _ client: inout Client, until limit: Instant
  ) throws(ClientFailure) -> Connected {
    let patience = limit - MonotonicClock.now()
    while true {
      try client.flush()
      if try client.fill() {
        switch try client.nextEvent() {
        case .connected(let connAck, let resumption): return (connAck, resumption)
        // Nobody here can answer a challenge.
        case .challenged: throw .session(.unexpected(.auth))
        default: continue
        }
      } else if try client.wait(until: limit).isLate {
        throw .noAnswer(to: "CONNECT", within: patience)
      }
    }
  }

  /// Makes a new connection for a client that had one, within `--connect-timeout`.
  func connectAgain(_ client: inout Client) throws(ClientFailure) -> Connected {
    let own = MonotonicClock.now() + .seconds(settings.connection.connectTimeout)
    let limit = deadline.map { min($0, own) } ?? own
    let stream: any ByteStream
    do {
      try login.renew(until: limit)
      stream = try dial(until: limit)
    } catch .interrupted(let signal) {
      throw .interrupted(signal: signal)
    } catch {
      throw .transport(error)
    }
    if keepsSession { client.session.setCleanStart(false) }
    try login.open(&client, over: stream, until: limit)
    return try awaitConnAck(&client, until: limit)
  }

  /// The server has a session of ours that outlives a connection.
  private var keepsSession: Bool {
    let asked = settings.properties[.connect]?.number(.sessionExpiryInterval)
    return asked ?? settings.connection.sessionExpiry ?? 0 > 0 || !settings.connection.cleanStart
  }

  /// A connection in MQTT 5 that asks for nothing but CONNACK.
  func openInquiry(until limit: Instant) throws -> Client {
    try login.renew(until: self.limit)
    let stream = try dial(until: limit)
    let connect = Connect(
      version: .v5, keepAlive: 0, userName: settings.connection.userName,
      password: login.password)
    var client = Client(SessionConfiguration(connect: connect), stop: stop)
    client.open(stream)
    _ = try awaitConnAck(&client, until: limit)
    return client
  }

  /// When a client has to be further than it is, and what it is then: without an answer to CONNECT, or
  /// at the end of its time.
  func limit(_ client: borrowing Client) -> Instant? {
    client.session.phase == .connecting ? limit : deadline
  }

  func lateness(_ client: borrowing Client) -> ClientFailure {
    client.session.phase == .connecting ? .noAnswer(to: "CONNECT", within: patience) : .timedOut
  }

  /// How long the end of a run may take: five seconds, but no more than `-W` leaves, and one in any case.
  var patienceAtTheEnd: Duration {
    guard let deadline else { return .seconds(5) }
    return max(.seconds(1), min(.seconds(5), deadline - MonotonicClock.now()))
  }

  func failure(_ failure: ClientFailure) -> Failure {
    let connection = settings.connection
    let version = connection.version
    guard let tool = settings.personality.tool else {
      return Failure(failure, endpoint, version, usesTLS: connection.usesTLS)
    }
    if case .noAnswer = failure, isLate { return Failure(.timedOut, as: tool, version) }
    return Failure(failure, as: tool, version)
  }

  /// What the server does not take.
  func failure(_ refusal: Refusal) -> Failure {
    settings.personality == .apus ? Failure(refusal) : Failure(dropIn: refusal)
  }

  private var isLate: Bool { deadline.map { MonotonicClock.now() >= $0 } ?? false }

  // MARK: Parts

  /// What TLS needs, or why it is not to be had; nil without TLS.
  private let tls: Result<TLSContext?, TransportError>

  private let login: Login

  /// The same for a proxy.
  private let proxyTLS: Result<TLSContext?, TransportError>

  /// Builds the stream: TCP or a Unix socket, perhaps through a proxy, then TLS, then WebSocket.
  private func dial(until limit: Instant) throws(TransportError) -> any ByteStream {
    let connection = settings.connection
    let context = try tls.get()
    var stream = try reach(until: limit)
    if let context {
      stream = try TLSStream.connect(
        over: stream, context, to: endpoint, host: connection.host, deadline: limit, stop: stop)
    }
    if let configuration = connection.webSocketConfiguration {
      stream = try WebSocketStream.connect(
        over: stream, configuration, to: endpoint, host: connection.hostField, deadline: limit,
        stop: stop)
    }
    return stream
  }

  private func reach(until limit: Instant) throws(TransportError) -> any ByteStream {
    let options = DialOptions(bindAddress: settings.connection.bindAddress)
    guard let proxy = settings.connection.proxyServer, case .tcp(let host, let port) = endpoint
    else {
      return try Dialer.connect(to: endpoint, options: options, deadline: limit, stop: stop)
    }
    let tunnel = Tunnel(
      proxy, options: options, tls: try proxyTLS.get(), deadline: limit, stop: stop)
    return try tunnel.connect(host: host, port: port)
  }

  /// The sooner of `-W` and `--connect-timeout`.
  private var limit: Instant {
    let own = started + .seconds(settings.connection.connectTimeout)
    return deadline.map { min($0, own) } ?? own
  }

  private let started: Instant

  private var patience: Duration { limit - started }

  private func dialFailure(_ error: TransportError) -> Failure {
    if let tool = settings.personality.tool {
      return isLate ? failure(.timedOut) : Failure(dropIn: error, as: tool)
    }
    if case .interrupted(let signal) = error {
      return failure(.interrupted(signal: signal))
    }
    if error.isLateness { return Failure(.timedOut, "\(error)") }
    return Failure(.unreachable, "\(error)")
  }

  /// Shows every packet: apus on standard error, mosquitto's clients on standard output.
  private var trace: (Client.Direction, UnsafeRawBufferPointer, UTF8String) -> Void {
    let version = settings.connection.version
    switch settings.personality {
    case .apus:
      return { direction, packet, clientID in
        StandardError.line(
          PacketTrace.line(sent: direction == .sent, packet, clientID: clientID, version))
      }
    case .dropIn(let tool):
      var trace = DropInTrace(tool, version)
      return { direction, packet, clientID in
        for line in trace.lines(sent: direction == .sent, packet, clientID: clientID) {
          StandardOutput.line(line)
        }
      }
    }
  }

  private func configuration(receiveMaximum: Int?) -> SessionConfiguration {
    let connection = settings.connection
    var properties = settings.properties[.connect] ?? .none
    if connection.version == .v5 {
      // Without a clean start the session is meant to stay, unless -x or -D says for how long.
      let expiry = connection.sessionExpiry ?? (connection.cleanStart ? nil : UInt32.max)
      if let expiry, !properties.contains(.sessionExpiryInterval) {
        properties.set(Property(.sessionExpiryInterval, expiry))
      }
      if let method = connection.authentication.method {
        properties.set(Property(.authenticationMethod, method))
      }
      let receiveMaximum = connection.receiveMaximum ?? receiveMaximum
      if let receiveMaximum, !properties.contains(.receiveMaximum) {
        properties.set(Property(.receiveMaximum, UInt32(receiveMaximum)))
      }
    }
    let connect = Connect(
      version: connection.version, clientID: clientID, cleanStart: connection.cleanStart,
      keepAlive: connection.keepAlive, will: will, userName: connection.userName,
      properties: properties)
    var configuration = SessionConfiguration(
      connect: connect, window: connection.window ?? 1000, eager: connection.isEager)
    // There the number is meant to have a small share of the work, not to protect memory: what cannot be
    // run now is not read.
    configuration.toleratesExcess =
      settings.executing.command != nil || settings.personality != .apus
    // Mosquitto's clients do not mind.
    configuration.wantsAssignedID = settings.personality == .apus
    configuration.toleratesUnasked = settings.personality != .apus
    return configuration
  }

  private var will: Will? {
    let connection = settings.connection
    return connection.willTopic.map {
      Will(
        topic: $0.string, payload: connection.willPayload ?? [], qos: connection.willQoS,
        retain: connection.willRetain, properties: settings.properties[.will] ?? .none)
    }
  }

  /// As given, or prefix and process id, or made up in MQTT 3.1, which knows no empty one.
  private var clientID: UTF8String {
    let connection = settings.connection
    if let id = connection.clientID { return id }
    if let prefix = connection.clientIDPrefix {
      return (try? UTF8String(prefix.bytes + Array(String(getpid()).utf8))) ?? prefix
    }
    if connection.version != .v31 { return .empty }
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    var random = SystemRandomNumberGenerator()
    let tail = (0..<18).map { _ in letters[Int(random.next(upperBound: UInt(letters.count)))] }
    let head = settings.personality == .apus ? "apus-" : "mosq-"
    return (try? UTF8String(Array(head.utf8) + tail)) ?? .empty
  }
}

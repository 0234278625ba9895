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
  let stop: StopSignals
  /// When the whole run is over (`-W`).
  let deadline: Instant?

  init(_ asked: Settings, until deadline: Instant?, stop: StopSignals) {
    var settings = asked
    do { try settings.connection.fetchSecrets(until: deadline, stop: stop) } catch {
      secretsFault = error
    }
    self.settings = settings
    self.stop = stop
    login = Login(settings.connection, until: deadline, stop: stop)
    self.deadline = deadline
    servers = ServerOrder(
      settings.connection.servers, isRandom: settings.connection.hasRandomOrder)
    connection = settings.connection.at(servers.current)
    readTLSFiles()
    // A person who was asked for a passphrase may have taken a while.
    beginTurn()
  }

  // MARK: The servers

  /// See ServerTurns.
  var servers: ServerOrder
  /// The settings as they are for the server whose turn it is.
  private(set) var connection: Settings.Connection
  /// Why the servers of this round that had their turn are of no use, and whether one of them may be later.
  var reasons: [String] = []
  var roundMayPass = false
  /// A server has accepted us, be it that it is lost again.
  private var hasStood = false

  var endpoint: Endpoint { connection.endpoint }

  /// The server whose turn it is gets `--connect-timeout`, but leaves the others their share of `-W`.
  func beginTurn() {
    let now = MonotonicClock.now()
    connection = settings.connection.at(servers.current)
    started = now
    limit = now + .seconds(connection.connectTimeout)
    if let deadline { limit = min(limit, now + max(.zero, deadline - now) / servers.turns) }
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
    do { stream = try reach() } catch { throw dialFailure(error) }
    var client = unopenedClient(receiveMaximum: receiveMaximum)
    do { try logIn(&client, over: stream) } catch { throw failure(error) }
    return client
  }

  /// A client that has no connection yet; `connectAgain` makes one.
  func unopenedClient(receiveMaximum: Int?) -> Client {
    var client = Client(configuration(receiveMaximum: receiveMaximum), stop: stop)
    if settings.showsDebug { client.trace = trace }
    return client
  }

  /// Puts CONNECT for the server whose turn it is into the client's output.
  func logIn(_ client: inout Client, over stream: any ByteStream) throws(ClientFailure) {
    try login.open(&client, over: stream, to: connection.host, until: limit)
  }

  /// Waits for CONNACK, as long as `-W` and `--connect-timeout` allow, and of another server where the
  /// first one sends us away.
  ///
  /// - Throws: a refusal by the server, a lost connection, a time-out.
  @discardableResult
  func awaitConnAck(_ client: inout Client) throws(ClientFailure) -> Connected {
    while true {
      do throws(ClientFailure) {
        let connected = try awaitConnAck(&client, until: limit)
        setStanding()
        return connected
      } catch {
        try openNext(&client, after: error)
      }
    }
  }

  /// A server has accepted us.
  func setStanding() {
    reasons = []
    hasStood = true
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

  /// Makes a new connection for a client that had one, to a server of the round that has begun.
  func connectAgain(_ client: inout Client) throws(ClientFailure) -> Connected {
    try logInAgain(&client, over: try reachAnew())
    return try awaitConnAck(&client)
  }

  /// Dials the servers of the round that has begun.
  func reachAnew() throws(ClientFailure) -> any ByteStream {
    // What they hold counts now, not what it was: lists of revoked certificates grow.
    if hasDialed { readTLSFiles() }
    return try reachAgain()
  }

  func logInAgain(
    _ client: inout Client, over stream: any ByteStream
  ) throws(ClientFailure) {
    if keepsSession { client.session.setCleanStart(false) }
    try logIn(&client, over: stream)
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
    var whole = plainFailure(failure)
    if reasons.isEmpty || whole.signal != nil || failure == .timedOut { return whole }
    whole.text = summary(failure)
    if case .transport(let error) = failure, !hasStood {
      whole.status = error.isLateness ? .timedOut : .unreachable
    }
    return whole
  }

  /// Of the current server alone.
  func plainFailure(_ failure: ClientFailure) -> Failure {
    let version = connection.version
    guard let tool = settings.personality.tool else {
      var plain = Failure(failure, endpoint, version, usesTLS: connection.usesTLS)
      plain.text += note(on: failure)
      if failure == .closedByServer(beforeConnAck: true),
        let method = settings.connection.authentication.method
      {
        plain.text =
          "\(endpoint): the server closed the connection during authentication by \(method); "
          + "check user name and password, and that it knows the method"
      }
      return plain
    }
    if case .noAnswer = failure, isLate { return Failure(.timedOut, as: tool, version) }
    return Failure(failure, as: tool, version)
  }

  /// What the server does not take.
  func failure(_ refusal: Refusal) -> Failure {
    settings.personality == .apus
      ? Failure(refusal)
      : Failure(dropIn: refusal, ofLines: settings.publishing.source?.isLines == true)
  }

  private var isLate: Bool { deadline.map { MonotonicClock.now() >= $0 } ?? false }

  // MARK: Parts

  /// What TLS needs, or why it is not to be had; nil without TLS.  (No Result: Swift would make that type at
  /// each start, which takes a tenth of it.)
  private enum TLSParts {
    case read(TLSContext?)
    case unreadable(TransportError)

    func get() throws(TransportError) -> TLSContext? {
      switch self {
      case .read(let context): return context
      case .unreadable(let error): throw error
      }
    }
  }

  private var tls = TLSParts.read(nil)

  /// Why the secrets that stand elsewhere are not to be had.
  private var secretsFault: TransportError?

  let login: Login

  /// The same for a proxy.
  private var proxyTLS = TLSParts.read(nil)

  /// Is shown each handshake (`--explain`).
  var observer: ((TLSStream) -> Void)? {
    didSet { if case .read(let context) = tls { context?.observer = observer } }
  }

  /// The files of TLS were read for an earlier connection.
  private var hasDialed = false
  private let sessions = TLSSessions()
  private let passphrase = RememberedSecret()
  private lazy var files = TLSFiles(stop: stop)

  private func readTLSFiles() {
    let patience = MonotonicClock.now() + .seconds(settings.connection.connectTimeout)
    files.deadline = deadline.map { min($0, patience) } ?? patience
    do throws(TransportError) {
      if let secretsFault { throw secretsFault }
      let context = try settings.connection.tlsContext(
        files, passphrase, until: deadline, stop: stop)
      // Mosquitto's clients shake hands anew each time.
      if settings.personality == .apus { context?.sessions = sessions }
      tls = .read(context)
    } catch {
      tls = .unreadable(error)
    }
    do throws(TransportError) {
      proxyTLS = .read(try settings.connection.proxyTLSContext(files))
    } catch {
      proxyTLS = .unreadable(error)
    }
  }

  /// Builds the stream: TCP or a Unix socket, perhaps through a proxy, then TLS, then WebSocket.
  func dial(until limit: Instant) throws(TransportError) -> any ByteStream {
    hasDialed = true
    let context = try tls.get()
    if settings.showsDebug { show("Connecting to \(endpoint)") }
    var stream = try dialBelow(until: limit)
    if let context {
      let tls = try TLSStream.connect(
        over: stream, context, to: endpoint, host: connection.host, deadline: limit, stop: stop)
      if settings.showsDebug { show("TLS with \(endpoint)\(tls.isResumed ? ", resumed" : "")") }
      stream = tls
    }
    if let configuration = connection.webSocketConfiguration {
      stream = try WebSocketStream.connect(
        over: stream, configuration, to: endpoint, host: connection.hostField, deadline: limit,
        stop: stop)
    }
    return stream
  }

  /// With `-d`; mosquitto's clients show packets only.
  private func show(_ text: String) {
    if settings.personality == .apus { StandardError.line(text) }
  }

  private func dialBelow(until limit: Instant) throws(TransportError) -> any ByteStream {
    let options = DialOptions(bindAddress: connection.bindAddress)
    guard let proxy = connection.proxyServer, case .tcp(let host, let port) = endpoint
    else {
      return try Dialer.connect(to: endpoint, options: options, deadline: limit, stop: stop)
    }
    let tunnel = Tunnel(
      proxy, options: options, tls: try proxyTLS.get(), deadline: limit, stop: stop)
    return try tunnel.connect(host: host, port: port)
  }

  /// The sooner of `-W` and `--connect-timeout`.
  private(set) var limit: Instant = .zero

  private var started: Instant = .zero

  private var patience: Duration { limit - started }

  /// Of a network connection that could not be made.
  func dialFailure(_ error: TransportError) -> Failure {
    if let tool = settings.personality.tool {
      return isLate ? failure(.timedOut) : Failure(dropIn: error, as: tool)
    }
    if case .interrupted(let signal) = error {
      return failure(.interrupted(signal: signal))
    }
    var text = reasons.isEmpty ? "\(error)" : summary(.transport(error))
    if case .lost = error, reasons.isEmpty { text = "\(endpoint): \(error)" }
    return Failure(error.isLateness ? .timedOut : .unreachable, text)
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

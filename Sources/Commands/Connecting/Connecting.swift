// From settings to a connection that stands.

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
    var fault: TransportError?
    do { try settings.connection.fetchSecrets(until: deadline, stop: stop) } catch { fault = error }
    self.settings = settings
    self.stop = stop
    login = Login(settings.connection, until: deadline, stop: stop)
    // Mosquitto's clients shake hands anew each time.
    tls = TLSMaterial(
      settings.connection, resuming: settings.personality == .apus, fault: fault, until: deadline,
      stop: stop)
    self.deadline = deadline
    servers = ServerOrder(
      settings.connection.servers, isRandom: settings.connection.hasRandomOrder)
    connection = settings.connection.at(servers.current)
    tls.read()
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
  private(set) var hasStood = false

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

  /// The server whose turn it is has to have accepted us by then: the sooner of `-W` and `--connect-timeout`.
  private(set) var limit: Instant = .zero
  private var started: Instant = .zero
  /// How long it has for that.
  var patience: Duration { limit - started }

  // MARK: Connections

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
    if hasDialed { tls.read() }
    return try reachAgain()
  }

  func logInAgain(
    _ client: inout Client, over stream: any ByteStream
  ) throws(ClientFailure) {
    // The server has a session of ours that outlives a connection.
    if settings.sessionExpiry ?? 0 > 0 { client.session.setCleanStart(false) }
    try logIn(&client, over: stream)
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

  /// How long the end of a run may take: five seconds, but no more than `-W` leaves, and one in any case.
  var patienceAtTheEnd: Duration {
    guard let deadline else { return .seconds(5) }
    return max(.seconds(1), min(.seconds(5), deadline - MonotonicClock.now()))
  }

  // MARK: The way there

  let login: Login
  private let tls: TLSMaterial
  /// The files of TLS were read for an earlier connection.
  private var hasDialed = false

  /// Is shown each handshake (`--explain`).
  var observer: ((TLSStream) -> Void)? {
    get { tls.observer }
    set { tls.observer = newValue }
  }

  /// Builds the stream: TCP or a Unix socket, perhaps through a proxy, then TLS, then WebSocket.
  func dial(until limit: Instant) throws(TransportError) -> any ByteStream {
    hasDialed = true
    let context = try tls.broker()
    show("Connecting to \(endpoint)")
    var stream = try connection.reach(
      from: connection.bindAddress, proxyTLS: tls.proxy, until: limit, stop: stop)
    if let context {
      let secured = try connection.secure(stream, context, until: limit, stop: stop)
      show("TLS with \(endpoint)\(secured.isResumed ? ", resumed" : "")")
      stream = secured
    }
    return try connection.upgrade(stream, until: limit, stop: stop)
  }

  /// With `-d`; mosquitto's clients show packets only.
  private func show(_ text: @autoclosure () -> String) {
    if settings.showsDebug, settings.personality == .apus { StandardError.line(text()) }
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
    var configuration = SessionConfiguration(
      connect: settings.connect(receiveMaximum: receiveMaximum), window: connection.window ?? 1000,
      eager: connection.isEager)
    // There the number is meant to have a small share of the work, not to protect memory: what cannot be
    // run now is not read.
    configuration.toleratesExcess =
      settings.executing.command != nil || settings.personality != .apus
    // Mosquitto's clients do not mind.
    configuration.wantsAssignedID = settings.personality == .apus
    configuration.toleratesUnasked = settings.personality != .apus
    return configuration
  }
}

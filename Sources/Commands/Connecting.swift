// From settings to a connection that stands.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// What a run needs to reach its broker.
struct Connecting {
  let settings: Settings
  let endpoint: Endpoint
  let stop: StopSignals
  /// When the whole run is over (`-W`).
  let deadline: Instant?

  init(_ settings: Settings, stop: StopSignals) {
    self.settings = settings
    self.stop = stop
    let connection = settings.connection
    endpoint =
      connection.unixPath.map { .unix(path: $0) }
      ?? .tcp(host: connection.host, port: connection.port ?? 1883)
    deadline = settings.timeout.map { MonotonicClock.now() + .seconds($0) }
  }

  /// Opens the network connection and puts CONNECT into the client's output.
  ///
  /// - Parameter receiveMaximum: what a subscriber announces in MQTT 5 when `-D` does not say.
  func open(receiveMaximum: Int?) throws(Failure) -> Client {
    let options = DialOptions(bindAddress: settings.connection.bindAddress)
    let stream: SocketStream
    do {
      stream = try Dialer.connect(to: endpoint, options: options, deadline: limit, stop: stop)
    } catch {
      throw dialFailure(error)
    }
    var client = Client(configuration(receiveMaximum: receiveMaximum), stop: stop)
    if settings.showsDebug {
      let version = settings.connection.version
      client.trace = { direction, packet, clientID in
        StandardError.line(
          PacketTrace.line(sent: direction == .sent, packet, clientID: clientID, version))
      }
    }
    client.open(stream)
    return client
  }

  /// Waits for CONNACK, as long as `-W` and `--connect-timeout` allow.
  ///
  /// - Throws: a refusal by the server, a lost connection, a time-out.
  func awaitConnAck(_ client: inout Client) throws(ClientFailure) {
    try awaitConnAck(&client, until: limit)
  }

  private func awaitConnAck(
    _ client: inout Client, until limit: Instant
  ) throws(ClientFailure) {
    while client.session.phase == .connecting {
      try client.flush()
      if try client.fill() {
        _ = try client.nextEvent()
      } else if try client.wait(until: limit).isLate {
        throw .noAnswer(to: "CONNECT", within: patience)
      }
    }
  }

  /// Asks the broker on a short connection with MQTT 5 how many messages it takes at once.
  ///
  /// - Returns: nil when it does not answer within two seconds.
  func askReceiveMaximum() -> Int? {
    let deadline = MonotonicClock.now() + .seconds(2)
    let options = DialOptions(bindAddress: settings.connection.bindAddress)
    let stream = try? Dialer.connect(to: endpoint, options: options, deadline: deadline, stop: stop)
    guard let stream else { return nil }
    var client = Client(SessionConfiguration(connect: Connect(version: .v5)), stop: stop)
    client.open(stream)
    do {
      try awaitConnAck(&client, until: deadline)
      let maximum = client.session.limits.receiveMaximum
      try? client.session.disconnect()
      try client.finish(within: .seconds(2))
      return maximum
    } catch {
      return nil
    }
  }

  func failure(_ failure: ClientFailure) -> Failure {
    Failure(failure, endpoint, settings.connection.version)
  }

  // MARK: Parts

  /// The sooner of `-W` and `--connect-timeout`.
  private var limit: Instant {
    let own = started + .seconds(settings.connection.connectTimeout)
    return deadline.map { min($0, own) } ?? own
  }

  private let started = MonotonicClock.now()

  private var patience: Duration { limit - started }

  private func dialFailure(_ error: TransportError) -> Failure {
    if case .interrupted(let signal) = error {
      return failure(.interrupted(signal: signal))
    }
    if let deadline, MonotonicClock.now() >= deadline { return Failure(.timedOut, "\(error)") }
    return Failure(.unreachable, "\(error)")
  }

  private func configuration(receiveMaximum: Int?) -> SessionConfiguration {
    let connection = settings.connection
    var properties = settings.properties[.connect] ?? .none
    if connection.version == .v5 {
      // Without a clean start the session is meant to stay, unless -x or -D says for how long.
      let expiry = connection.sessionExpiry ?? (connection.cleanStart ? nil : UInt32.max)
      if let expiry, !properties.contains(.sessionExpiryInterval) {
        properties.entries.insert(
          contentsOf: [Property(.sessionExpiryInterval, expiry)].compactMap { $0 }, at: 0)
      }
      if let receiveMaximum, !properties.contains(.receiveMaximum) {
        properties.set(Property(.receiveMaximum, UInt32(receiveMaximum)))
      }
    }
    let connect = Connect(
      version: connection.version, clientID: clientID, cleanStart: connection.cleanStart,
      keepAlive: connection.keepAlive, will: will, userName: connection.userName,
      password: connection.password, properties: properties)
    return SessionConfiguration(
      connect: connect, window: connection.window ?? 1000, eager: connection.isEager)
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
    return (try? UTF8String(Array("apus-".utf8) + tail)) ?? .empty
  }
}

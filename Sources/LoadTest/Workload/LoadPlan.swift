import MQTTProtocol
import MQTTSession
import Transport

/// Everything that a run is to do; made by the command, checked before anything is sent.
package struct LoadPlan: Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    case conn, pub, sub, pubsub, rr
  }

  package enum Role: Hashable, Sendable {
    case idle, publisher, subscriber, requester, responder
    /// Hears what the broker says of itself.
    case observer
  }

  package var mode: Mode
  /// Clients that come and go as the phases say, and those that are there from beginning to end.
  package var crowd: Group
  package var audience: Group
  /// One that subscribes to `$SYS/#`, or none.
  package var observer: Group?
  /// How a client connects.
  package var dialling: Dialling
  package var connectTimeout: Duration = .seconds(30)

  package var topic: Template
  /// What subscribers subscribe to.
  package var filter: Template
  package var qos: QoS
  package var isRetained = false
  package var version: ProtocolVersion
  package var properties = Properties.none
  package var subscribeProperties = Properties.none
  package var disconnectProperties = Properties.none
  package var payload: PayloadSource
  package var hasHeader: Bool
  /// Of the header: tells this run from others.
  package var run: UInt16

  /// Messages on the wire of each client that nobody has acknowledged, or requests without an answer.
  package var window: Int
  package var pace: Pace
  package var phases: [Phase]
  /// What the crowd sends, or receives, altogether; nil for as long as the phases last.
  package var count: Int64?
  /// conn: how long everybody stays once all are there, in nanoseconds; nil until a signal.
  package var hold: Int64?
  /// When it begins, in nanoseconds since 1970; nil for as soon as everybody is there.
  package var startAt: Int64?
  package var threads: Int
  package var loss: Loss = .reconnect(first: 1, most: 60, retries: .max)
  /// Where payloads are sealed.
  package var wrapping: (@Sendable () throws(LoadFault) -> any MessageWrapping)?
  package var unwrapping: (@Sendable () throws(LoadFault) -> any MessageUnwrapping)?
  /// Where clients log in by enhanced authentication.
  package var login:
    (@Sendable (_ client: Int, _ binding: [UInt8]?) throws(LoadFault) -> any LoadLogin)?
  /// Of the broker, to measure what it uses.
  package var brokerProcess: Int32?
  /// Takes a line for each packet and each connection that ends, from several threads.
  package var trace: (@Sendable (_ line: String) -> Void)?
  /// Every latency of each second is handed on, too: see `LoadRun`.
  package var keepsSeconds = false

  package init(
    mode: Mode, crowd: Group, audience: Group, dialling: Dialling, topic: Template,
    filter: Template, qos: QoS, version: ProtocolVersion, payload: PayloadSource, hasHeader: Bool,
    run: UInt16, window: Int, pace: Pace, phases: [Phase], threads: Int
  ) {
    self.mode = mode
    self.crowd = crowd
    self.audience = audience
    self.dialling = dialling
    self.topic = topic
    self.filter = filter
    self.qos = qos
    self.version = version
    self.payload = payload
    self.hasHeader = hasHeader
    self.run = run
    self.window = window
    self.pace = pace
    self.phases = phases
    self.threads = threads
  }

  /// Clients of one kind.
  package struct Group: Sendable {
    package var role: Role
    package var count: Int
    /// The first one's number.
    package var first: Int
    package var session: @Sendable (_ number: Int) -> SessionConfiguration

    package init(
      _ role: Role, count: Int, first: Int,
      session: @escaping @Sendable (_ number: Int) -> SessionConfiguration
    ) {
      self.role = role
      self.count = count
      self.first = first
      self.session = session
    }
  }

  package enum Dialling: Sendable {
    /// Without waiting, in the loop: to the targets in turn.
    case direct([DialTarget])
    /// By threads that wait: TLS, WebSocket, proxies.
    case aside(threads: Int, any LoadDialer)
  }

  package enum Pace: Hashable, Sendable {
    /// Messages are due at times that the phases' rates say, whatever becomes of those before.
    case open(isPoisson: Bool)
    /// The next one is due when the window has room.
    case closed
  }

  package enum Loss: Hashable, Sendable {
    /// The run ends.
    case end
    /// The client waits by chance up to some seconds, twice as long the next time, and comes back, unless so
    /// many attempts have failed.
    case reconnect(first: Double, most: Double, retries: Int)
  }
}

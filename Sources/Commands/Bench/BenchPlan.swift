// From settings to what the engine is to do.

import LoadTest
import MQTTProtocol
import MQTTSession
import OptionTable
import Transport

/// Makes the plan of one run: reads its files and looks names up.
struct BenchPlan {
  private let settings: Settings
  private let layout: BenchLayout
  private let stop: StopSignals
  private var mode: LoadPlan.Mode { layout.mode }
  private var asked: Settings.Benching { settings.benching }

  /// - Throws: when a secret cannot be read.
  init(_ settings: Settings, _ layout: BenchLayout, stop: StopSignals) throws(Failure) {
    var settings = settings
    do { try settings.connection.fetchSecrets(until: nil, stop: stop) } catch {
      throw Self.failure(error)
    }
    self.settings = settings
    self.layout = layout
    self.stop = stop
  }

  func plan() throws(Failure) -> LoadPlan {
    let phases = layout.scenario ?? phases()
    let crowd = layout.crowd
    let mine = asked.shard.share(of: crowd)
    let listeners = asked.shard.share(of: layout.audience)
    let identity = try identity(of: crowd + layout.audience)
    let payload = try payload()
    var plan = LoadPlan(
      mode: mode,
      crowd: LoadPlan.Group(
        roles.crowd, count: mine.count, first: mine.first,
        session: { identity.session($0) }),
      audience: LoadPlan.Group(
        roles.audience, count: listeners.count, first: listeners.first,
        session: { identity.session(crowd + $0) }),
      dialling: try dialling(), topic: layout.topic, filter: layout.filter, qos: settings.qos,
      version: settings.connection.version, payload: payload,
      hasHeader: hasHeader(payload), run: UInt16.random(in: 0..<4096), window: window,
      pace: isOpen(phases) ? .open(isPoisson: asked.isPoisson) : .closed,
      phases: phases.map { part($0) }, threads: asked.threads ?? Machine.cores)
    plan.properties = settings.properties[.publish] ?? .none
    plan.subscribeProperties = settings.properties[.subscribe] ?? .none
    plan.disconnectProperties = settings.properties[.disconnect] ?? .none
    plan.connectTimeout = .seconds(settings.connection.connectTimeout)
    plan.count = asked.count.map { Int64(asked.shard.share(of: Int($0)).count) }
    plan.startAt = asked.startAt
    plan.isRetained = settings.publishing.retain
    if asked.observesBroker {
      plan.observer = LoadPlan.Group(.observer, count: 1, first: 0) { _ in identity.observer() }
    }
    plan.login = identity.login(settings)
    try settings.addSealing(to: &plan, stop: stop)
    plan.brokerProcess = asked.brokerProcess
    if mode == .conn, asked.scenario == nil { plan.hold = asked.duration.map { Int64($0 * 1e9) } }
    plan.loss =
      settings.connection.onLoss == .exit
      ? .end
      : .reconnect(
        first: settings.connection.reconnectDelay, most: settings.connection.reconnectMax,
        retries: settings.connection.retries ?? .max)
    return plan
  }

  private var roles: (crowd: LoadPlan.Role, audience: LoadPlan.Role) {
    switch mode {
    case .conn: (.idle, .idle)
    case .pub: (.publisher, .subscriber)
    case .sub: (.subscriber, .subscriber)
    case .pubsub: (.publisher, .subscriber)
    case .rr: (.requester, .responder)
    }
  }

  /// Brokers drop what exceeds their limit at QoS 2 without saying so: see Inquiry.
  private var window: Int {
    if let window = settings.connection.window { return window }
    // Without a rate the next request waits for the answer.
    if mode == .rr, !isOpen(layout.scenario ?? phases()) { return 1 }
    return settings.qos == .exactlyOnce && settings.connection.version < .v5 ? 20 : 1000
  }

  // MARK: Phases

  /// Seconds.
  static let usualDuration = 10.0

  /// Those of the file that was asked for.
  static func scenario(_ settings: Settings, stop: StopSignals) throws(Failure) -> [Phase]? {
    guard let file = settings.benching.scenario else { return nil }
    let text = String(decoding: try read(file, for: "--scenario", stop), as: UTF8.self)
    do { return try Phase.scenario(text) } catch {
      throw Failure(.usage, "--scenario: \(file.shown): \(error)")
    }
  }

  private func phases() -> [Phase] {
    let all = Phase.Ends(layout.crowd, layout.crowd)
    let rate = asked.rate ?? asked.clientRate.map { $0 * Double(layout.crowd) } ?? 0
    var phases: [Phase] = []
    if asked.ramp > 0 {
      var ramp = Phase(
        name: "ramp", duration: Int64(asked.ramp * 1e9), clients: Phase.Ends(0, layout.crowd),
        rate: Phase.Ends(0, rate))
      ramp.isWarmUp = mode != .conn
      phases.append(ramp)
    }
    if asked.warmUp > 0 {
      var warmUp = Phase(
        name: "warmup", duration: Int64(asked.warmUp * 1e9), clients: all,
        rate: Phase.Ends(rate, rate))
      warmUp.isWarmUp = true
      phases.append(warmUp)
    }
    var seconds = asked.duration
    if seconds == nil, asked.count == nil, mode != .conn, mode != .sub {
      seconds = Self.usualDuration
    }
    let duration =
      mode == .conn ? LoadPlan.endless : seconds.map { Int64($0 * 1e9) } ?? LoadPlan.endless
    phases.append(
      Phase(
        name: mode == .conn ? "hold" : "run", duration: duration, clients: all,
        rate: Phase.Ends(rate, rate)))
    return phases
  }

  private func isOpen(_ phases: [Phase]) -> Bool {
    phases.contains { max($0.rate.first, $0.rate.last) > 0 }
  }

  /// This shard's share of a phase.
  private func part(_ phase: Phase) -> Phase {
    let shard = asked.shard
    var part = phase
    part.clients = Phase.Ends(
      shard.share(of: phase.clients.first).count, shard.share(of: phase.clients.last).count)
    // A rate of each client is this shard's as many times as it has clients.
    let share =
      asked.clientRate == nil
      ? 1 / Double(shard.count)
      : Double(shard.share(of: layout.crowd).count) / Double(max(1, layout.crowd))
    part.rate = Phase.Ends(phase.rate.first * share, phase.rate.last * share)
    return part
  }

  // MARK: Payloads

  private func payload() throws(Failure) -> PayloadSource {
    if let template = layout.message { return .template(template) }
    if let file = asked.payloadFile {
      let bytes = try Self.read(file, for: "--payload-file", stop)
      let lines = bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
      if lines.isEmpty { throw Failure(.usage, "--payload-file: \(file.shown): there is no line") }
      if let line = lines.first(where: { $0.count > PayloadSizes.most }) {
        throw Failure(
          .usage, "--payload-file: \(file.shown): a line of \(line.count) bytes is too long")
      }
      return .samples(lines)
    }
    return .filler(asked.sizes ?? .fixed(64))
  }

  /// A publisher alone leaves it out where the payload has no room for it; requests of MQTT 5 have it in their
  /// correlation data, so that a service gets no more than was asked for.
  private func hasHeader(_ payload: PayloadSource) -> Bool {
    if case .filler(let sizes) = payload { return !sizes.names(sizeBelow: MessageHeader.size) }
    return mode != .rr || settings.connection.version < .v5
  }

  private static func read(
    _ file: Argument, for option: String, _ stop: StopSignals
  ) throws(Failure) -> [UInt8] {
    do throws(TransportError) {
      return try InputFile(path: file.bytes, name: file.shown).readAll(
        limit: 256 << 20, until: nil, stop: stop)
    } catch {
      if let signal = stop.requested { throw Failure(signal: signal) }
      throw Failure(.usage, "\(option): \(error)")
    }
  }

  // MARK: Clients

  private func identity(of clients: Int) throws(Failure) -> BenchIdentity {
    var rows: [ClientRow]?
    if let file = asked.clientTable {
      let bytes = try Self.read(file, for: "--client-table", stop)
      do { rows = try ClientRow.table(bytes) } catch {
        throw Failure(.usage, "--client-table: \(file.shown): \(error)")
      }
      if let rows, rows.count < clients {
        throw Failure(
          .usage, "--client-table: \(file.shown) has \(rows.count) lines for \(clients) clients")
      }
    }
    return try BenchIdentity(settings, layout.clientID, rows, window: window)
  }

  private func dialling() throws(Failure) -> LoadPlan.Dialling {
    do throws(TransportError) {
      let connection = settings.connection
      let places = connection.servers.map { connection.at($0) }
      let deadline = MonotonicClock.now() + .seconds(connection.connectTimeout)
      let isPlain =
        !connection.usesTLS && connection.webSocketConfiguration == nil
        && places.allSatisfy { $0.proxyServer == nil }
        && connection.passwordSource?.isCommand != true
      if !isPlain {
        return .aside(threads: 32, try BenchDialer(connection, places, asked.sources, stop: stop))
      }
      var targets: [DialTarget] = []
      for place in places {
        targets.append(
          try DialTarget(place.endpoint, sources: asked.sources, deadline: deadline, stop: stop))
      }
      return .direct(targets)
    } catch {
      throw Self.failure(error)
    }
  }

  private static func failure(_ error: TransportError) -> Failure {
    if case .interrupted(let signal) = error { return Failure(signal: signal) }
    return Failure(error.isLateness ? .timedOut : .unreachable, "\(error)")
  }
}

// `apus bench`: a load, and what became of it.

import Glibc
import LoadTest
import MQTTClient
import MQTTProtocol
import OptionTable
import Transport

/// One run of `apus bench MODE`.
struct BenchCommand {
  let settings: Settings
  let mode: LoadPlan.Mode
  private let layout: BenchLayout
  private let gates: Gates?

  /// Splits the mode off.
  ///
  /// - Returns: nil for the mode where options come first, as in `apus bench --help`.
  static func split(
    _ words: ArraySlice<Argument>
  ) throws(OptionError) -> (mode: LoadPlan.Mode?, options: ArraySlice<Argument>) {
    guard let first = words.first, first.bytes.first != UInt8(ascii: "-") else {
      return (nil, words)
    }
    guard let mode = first.text.flatMap({ LoadPlan.Mode(rawValue: $0) }) else {
      throw OptionError("'\(first.shown)' is not \(needed)")
    }
    return (mode, words.dropFirst())
  }

  private static let needed = "conn, pub, sub, pubsub, rr, compare or merge"

  /// - Throws: what makes no run, whatever the broker is.
  init(_ mode: LoadPlan.Mode?, _ settings: Settings) throws(OptionError) {
    guard let mode else { throw OptionError("a mode is needed: \(Self.needed)") }
    try settings.checkConnection()
    self.settings = settings
    self.mode = mode
    layout = try BenchLayout(mode, settings)
    gates = try layout.gates()
  }

  func perform(_ reporter: Reporter) throws(Failure) -> ExitStatus {
    let stop = StopSignals.install()
    let reports = try BenchReports(settings.benching, isRunning: true, stop: stop)
    if let process = settings.benching.brokerProcess, kill(process, 0) != 0, errno == ESRCH {
      throw Failure(.usage, "--broker-pid: there is no process \(process)")
    }
    var layout = layout
    if let scenario = try BenchPlan.scenario(settings, stop: stop) {
      do { layout = try BenchLayout(mode, settings, scenario: scenario) } catch {
        throw Failure(.usage, error.text)
      }
    }
    var plan = try BenchPlan(settings, layout, stop: stop).plan()
    plan.keepsSeconds = reports.log != nil
    if settings.showsDebug { plan.trace = { StandardError.line($0) } }
    let window = try settings.benching.prometheus.map { (address) throws(Failure) in
      try MetricsWindow(address, mode: mode.rawValue)
    }
    // Among the lines of -d there is no last one.
    let line = ProgressLine(isShown: !settings.isQuiet && !settings.showsDebug)
    let run = LoadRun(plan, stop: stop, log: reports.log?.append) { progress in
      line.show(progress)
      window?.show(progress)
    }
    reports.begin()
    let outcome: Outcome
    do { outcome = try run.run() } catch { throw failure(error, of: 0) }
    line.clear()
    var results = outcome.results
    results.settings = settings.benchFacts(layout, plan)
    try reports.write(results)
    let failures = gates?.failures(in: results) ?? []
    for failure in failures { reporter.say("--expect: \(failure)") }
    if let fault = outcome.fault { throw failure(fault.fault, of: fault.client) }
    // Where nothing else ends the run, a signal is its end.
    if let signal = outcome.signal, hasEnd { throw Failure(signal: signal) }
    // Whoever says what is expected expects no more.
    if gates != nil { return failures.isEmpty ? .success : .notAsExpected }
    try checkIsWhole(outcome)
    return .success
  }

  /// - Throws: the first reason why not everything was done that was asked for.
  private func checkIsWhole(_ outcome: Outcome) throws(Failure) {
    let messages = outcome.results.messages
    if let fault = outcome.firstFailure { throw failure(fault.fault, of: fault.client) }
    if let code = outcome.refusal {
      throw Failure(.refused(code), "the server refused messages (code \(code))")
    }
    if mode == .sub, settings.sealing.isReceiving, messages.corrupted > 0 {
      throw Failure(.notAuthentic, "\(messages.corrupted) messages did not pass --open or --verify")
    }
    if messages.unsent > 0 {
      throw Failure(
        .timedOut,
        "\(messages.unsent) of \(messages.sent + messages.unsent) messages were due and not sent")
    }
    if settings.qos != .atMostOnce, messages.acked < messages.sent {
      throw Failure(
        .timedOut,
        "\(messages.sent - messages.acked) of \(messages.sent) messages were not acknowledged")
    }
  }

  private var hasEnd: Bool {
    let asked = settings.benching
    if asked.count != nil || asked.duration != nil || asked.scenario != nil { return true }
    return mode != .conn && mode != .sub
  }

  /// - Parameter client: the one that met it, which tells its server.
  private func failure(_ fault: LoadFault, of client: Int) -> Failure {
    let connection = settings.connection
    let endpoint = connection.at(connection.servers[client % connection.servers.count]).endpoint
    let plain: ClientFailure
    switch fault {
    case .transport(let error): plain = .transport(error)
    case .session(let fault): plain = .session(fault)
    case .closedByServer(let isEarly): plain = .closedByServer(beforeConnAck: isEarly)
    case .noAnswer(let packet, let limit): plain = .noAnswer(to: packet, within: limit)
    case .refusal(let refusal): return Failure(refusal)
    case .subscriptionRefused(let code): return Failure(.refused(max(128, code)), "\(fault)")
    case .authentication(let text): return Failure(.protocolError, text)
    case .impossible(let text): return Failure(.usage, text)
    }
    var failure = Failure(plain, endpoint, connection.version, usesTLS: connection.usesTLS)
    switch fault {
    case .transport(.connect), .transport(.lookup), .transport(.tls), .transport(.bind):
      failure.status = .unreachable
    default: break
    }
    return failure
  }
}

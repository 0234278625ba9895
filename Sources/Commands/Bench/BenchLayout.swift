// Whether what was asked for makes a run, found out before anybody hears of it.

import Glibc
import LoadTest
import MQTTProtocol
import OptionTable

/// Who takes part, and the templates, checked.
struct BenchLayout: Sendable {
  /// Over all shards.
  let crowd: Int
  let audience: Int
  let topic: Template
  let filter: Template
  let clientID: Template
  /// Of payloads.
  let message: Template?
  let scenario: [Phase]?

  let mode: LoadPlan.Mode
  let settings: Settings

  /// - Parameter scenario: what its file says; nil while nobody has read it, or where there is none.
  init(
    _ mode: LoadPlan.Mode, _ settings: Settings, scenario: [Phase]? = nil
  ) throws(OptionError) {
    self.mode = mode
    self.settings = settings
    self.scenario = scenario
    let asked = settings.benching
    let people = try Self.people(mode, asked)
    audience = people.audience
    crowd = scenario?.map { max($0.clients.first, $0.clients.last) }.max() ?? people.crowd
    let shard = asked.shard
    let part = shard.count > 1 ? "\(shard.number)/" : ""
    topic = try Self.template("-t", asked.topic ?? Array("bench/\(part)%c".utf8))
    var filter = asked.filter ?? (mode == .sub ? asked.topic : nil) ?? topic.filter
    // Each request is answered once.
    if mode == .rr, audience > 1, asked.filter == nil {
      filter = Array("$share/apus-bench/".utf8) + filter
    }
    self.filter = try Self.template(asked.filter == nil ? "-t" : "--filter", filter)
    clientID = try Self.clientID(settings)
    message = try asked.message.map { (text) throws(OptionError) in try Self.template("-m", text) }
    try checkWhatGoesTogether()
    if asked.scenario != nil, scenario == nil { return }
    try checkNumbers()
    try checkTopics()
    try checkRates()
  }

  private static func people(
    _ mode: LoadPlan.Mode, _ asked: Settings.Benching
  ) throws(OptionError) -> (crowd: Int, audience: Int) {
    switch mode {
    case .conn, .pub, .sub:
      if asked.publishers != nil || asked.subscribers != nil {
        throw OptionError(
          "--publishers and --subscribers are for pubsub and rr: \(mode.rawValue) has --clients")
      }
      return (asked.clients ?? 1, 0)
    case .pubsub:
      if asked.clients != nil, asked.publishers != nil, asked.subscribers != nil {
        throw OptionError("--clients does not go with both --publishers and --subscribers")
      }
      let people = (
        asked.publishers ?? asked.clients ?? 1, asked.subscribers ?? asked.clients ?? 1
      )
      if people.0 == 0 || people.1 == 0 {
        throw OptionError("pubsub needs publishers and subscribers, at least 1 of each")
      }
      return people
    case .rr:
      if asked.clients != nil, asked.publishers != nil {
        throw OptionError("--clients and --publishers mean the same in rr: only one can be used")
      }
      let people = (asked.clients ?? asked.publishers ?? 1, asked.subscribers ?? 1)
      if people.0 == 0, people.1 == 0 { throw OptionError("nobody asks and nobody answers") }
      return people
    }
  }

  private static func template(
    _ option: String, _ text: [UInt8]
  ) throws(OptionError) -> Template {
    do { return try Template(text) } catch {
      throw OptionError("\(option) '\(Argument(bytes: text).shown)': \(error)")
    }
  }

  private static func clientID(_ settings: Settings) throws(OptionError) -> Template {
    if let id = settings.connection.clientID { return try template("-i", id.bytes) }
    if let prefix = settings.connection.clientIDPrefix {
      return try template("-I", prefix.bytes + Array("\(getpid())-%c".utf8))
    }
    return try template("-i", Array("apus-bench-".utf8) + RandomText.letters(6) + Array("-%c".utf8))
  }

  private func checkWhatGoesTogether() throws(OptionError) {
    let asked = settings.benching
    let login = settings.connection.authentication
    if login.command != nil || login.interval != nil {
      throw OptionError("bench does SCRAM itself, once a connection: not --auth-cmd, nor --reauth")
    }
    if login.usesSCRAM, settings.connection.passwordSource?.isCommand == true {
      throw OptionError("--pw-cmd does not go with --auth-method in bench")
    }
    for (name, isGiven, modes) in [
      ("--seal and --sign", settings.sealing.isSending, [.pub, .pubsub]),
      ("--open and --verify", settings.sealing.isReceiving, [.sub, .pubsub]),
    ] as [(String, Bool, [LoadPlan.Mode])] where isGiven && !modes.contains(mode) {
      throw OptionError("\(name) do not go with \(mode.rawValue)")
    }
    let publishes = mode == .pub || mode == .pubsub || mode == .rr
    for (name, isGiven) in [
      ("--rate", asked.rate != nil), ("--client-rate", asked.clientRate != nil),
      ("--size", asked.sizes != nil), ("-m", asked.message != nil),
      ("--payload-file", asked.payloadFile != nil), ("--poisson", asked.isPoisson),
      ("--warmup", asked.warmUp > 0),
    ] where isGiven && !publishes {
      throw OptionError("\(name) does not go with \(mode.rawValue), which publishes nothing")
    }
    if mode == .conn, asked.count != nil { throw OptionError("--count does not go with conn") }
    if asked.rate != nil, asked.clientRate != nil {
      throw OptionError(
        "--rate is for all publishers, --client-rate for each: only one can be used")
    }
    if asked.isPoisson, asked.rate == nil, asked.clientRate == nil, asked.scenario == nil {
      throw OptionError("--poisson needs a rate: --rate or --client-rate")
    }
    if [asked.sizes != nil, asked.message != nil, asked.payloadFile != nil].count(where: { $0 }) > 1
    {
      throw OptionError("only one of --size, -m and --payload-file can be used")
    }
    if mode == .pubsub || mode == .rr && settings.connection.version < .v5,
      let sizes = asked.sizes, sizes.names(sizeBelow: MessageHeader.size)
    {
      throw OptionError(
        "--size: \(mode.rawValue) counts messages by a header of \(MessageHeader.size) bytes, which is the "
          + "smallest payload")
    }
    if mode == .rr, let given = settings.properties[.publish],
      given.contains(.responseTopic) || given.contains(.correlationData)
    {
      throw OptionError("-D: rr sets response-topic and correlation-data itself")
    }
    if asked.scenario != nil {
      for (name, isGiven) in [
        ("--duration", asked.duration != nil), ("--ramp", asked.ramp > 0),
        ("--warmup", asked.warmUp > 0), ("--rate", asked.rate != nil),
        ("--client-rate", asked.clientRate != nil),
        ("--clients", asked.clients != nil && mode != .pubsub),
        ("--publishers", asked.publishers != nil),
      ] where isGiven {
        throw OptionError("\(name) does not go with --scenario, which says so itself")
      }
    }
  }

  /// Of a scenario.
  private func checkRates() throws(OptionError) {
    guard let scenario else { return }
    let hasRate = scenario.contains { max($0.rate.first, $0.rate.last) > 0 }
    if hasRate, mode == .conn || mode == .sub {
      throw OptionError(
        "--scenario: a rate does not go with \(mode.rawValue), which publishes nothing")
    }
    if !hasRate, settings.benching.isPoisson {
      throw OptionError("--poisson needs a rate, and the scenario has none")
    }
  }

  private func checkNumbers() throws(OptionError) {
    let shards = settings.benching.shard.count
    for (number, name) in [
      (crowd, "clients"), (audience, mode == .rr ? "answering clients" : "subscribers"),
    ]
    where shards > 1 && number < shards && (number > 0 || name == "clients") {
      throw OptionError("--shard: \(number) \(name) cannot be shared out among \(shards)")
    }
    if crowd + audience > MessageHeader.mostClients {
      throw OptionError("more than \(MessageHeader.mostClients) clients cannot be told apart")
    }
  }
}

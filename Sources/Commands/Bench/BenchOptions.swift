import LoadTest
import MQTTProtocol
import OptionTable

extension OptionGroup {
  static let load = OptionGroup("Load", order: 3)
  static let course = OptionGroup("Course of the run", order: 4)
  static let reports = OptionGroup("Reports", order: 5)
}

extension Option {
  /// All options of `apus bench`.
  static var benchTable: [Option] {
    // bench has its own -A, and -W would be a third way to say how long.
    let connection = connectionOptions.filter { $0.description.short != "A" }
    let session = sessionOptions.filter { $0.description.long != "timeout" }
    return connection + loginOptions + session + lossOptions + loadOptions + courseOptions
      + reportOptions + willOptions + tlsOptions + routeOptions
      + sealingOptions.filter { $0.description.commands.contains(.bench) }
  }

  /// Who sends what.
  private static var loadOptions: [Option] {
    [
      Option(
        long: "clients", value: .number("N"), group: .load, commands: [.bench],
        summary: "Clients (default 1): those that the mode is named after.",
        details:
          "conn: connections; pub: publishers; sub: subscribers; rr: clients that ask; pubsub: as "
          + "many publishers as subscribers, N of each."
      ) { (word, settings) throws(OptionError) in
        settings.benching.clients = try word.integer(in: 1...MessageHeader.mostClients)
      },
      Option(
        long: "publishers", value: .number("N"), group: .load, commands: [.bench],
        summary: "pubsub: publishers; rr: clients that ask (default 1; rr: 0 only answers)."
      ) { (word, settings) throws(OptionError) in
        settings.benching.publishers = try word.integer(in: 0...MessageHeader.mostClients)
      },
      Option(
        long: "subscribers", value: .number("N"), group: .load, commands: [.bench],
        summary: "pubsub: subscribers; rr: clients that answer (default 1; rr: 0 only asks)."
      ) { (word, settings) throws(OptionError) in
        settings.benching.subscribers = try word.integer(in: 0...MessageHeader.mostClients)
      },
      Option(
        short: "t", long: "topic", value: .text("TEMPLATE"), group: .load, commands: [.bench],
        summary: "Topic to publish to (default bench/%c).",
        details:
          "A template, in which %c stands for the number of the publisher and %i for that of its message: see "
          + "TEMPLATES."
      ) { (word, settings) throws(OptionError) in settings.benching.topic = word.bytes },
      Option(
        long: "filter", value: .text("TEMPLATE"), group: .load, commands: [.bench],
        summary: "Topic filter of subscribers (default: what {topic} stands for, with '+').",
        details:
          "bench/%c pairs each subscriber with the publisher of its number; $share/NAME/FILTER "
          + "shares the messages out among the subscribers."
      ) { (word, settings) throws(OptionError) in settings.benching.filter = word.bytes },
      Option(
        short: "r", long: "retain", group: .load, commands: [.bench],
        summary: "Have the broker keep the last message of each topic."
      ) { settings in settings.publishing.retain = true },
      Option(
        long: "size", value: .text("SIZES"), group: .load, commands: [.bench],
        summary: "Bytes of a payload (default 64): 64, 64-1024, exp:200, or 64:9,1024:1.",
        details:
          "A range has each size as often, exp: an exponential distribution with that mean, and a "
          + "list sizes with their weights.  The first 24 bytes are the header by which messages are counted "
          + "and timed: see MESSAGES."
      ) { (word, settings) throws(OptionError) in
        settings.benching.sizes = try workload { () throws(WorkloadFault) in
          try PayloadSizes(word.text ?? word.shown)
        }
        settings.benching.sizesText = word.text
      },
      Option(
        short: "m", long: "message", value: .text("TEMPLATE"), group: .load, commands: [.bench],
        summary: "Payload, a template like {topic}'s; the header stands in front of it.",
        details:
          "With MQTT 5 rr has the header elsewhere, and this is the whole payload: see MESSAGES."
      ) { (word, settings) throws(OptionError) in settings.benching.message = word.bytes },
      Option(
        long: "payload-file", value: .file("FILE"), group: .load, commands: [.bench],
        summary: "Payloads are the lines of FILE in turn, each like {message}'s."
      ) { (word, settings) throws(OptionError) in settings.benching.payloadFile = word },
      Option(
        long: "rate", value: .number("N"), group: .load, commands: [.bench],
        summary: "Messages a second of all publishers together, such as 0.5 (default: no limit).",
        details:
          "With a rate messages are due at times that no slowness of broker or client moves (open "
          + "loop), and latency counts from then.  Without, each client sends as soon as {max-inflight} "
          + "allows (closed loop), which is one request at a time in rr."
      ) { (word, settings) throws(OptionError) in
        settings.benching.rate = try word.decimal(in: 0.001...1e9)
      },
      Option(
        long: "client-rate", value: .number("N"), group: .load, commands: [.bench],
        summary: "Messages a second of each publisher."
      ) { (word, settings) throws(OptionError) in
        settings.benching.clientRate = try word.decimal(in: 0.001...1e9)
      },
      Option(
        long: "poisson", group: .load, commands: [.bench],
        summary: "Messages are due by chance (a Poisson process of that rate), not evenly."
      ) { settings in settings.benching.isPoisson = true },
      Option(
        long: "client-table", value: .file("FILE"), group: .load, commands: [.bench],
        summary:
          "Client identifiers, user names and passwords: a line ID,USER,PASSWORD for each client.",
        details:
          "CSV (RFC 4180); USER and PASSWORD may be missing.  Publishers take the first lines, "
          + "subscribers those behind."
      ) { (word, settings) throws(OptionError) in settings.benching.clientTable = word },
      Option(
        short: "A", value: .host("ADDRESS"), group: .connection, commands: [.bench],
        summary: "Local address to connect from; several with ',' between are used in turn."
      ) { (word, settings) throws(OptionError) in
        var sources: [String] = []
        for part in word.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        {
          sources.append(try Argument(bytes: Array(part)).host())
        }
        settings.benching.sources = sources
      },
    ]
  }

  /// How long, and from when on.
  private static var courseOptions: [Option] {
    [
      Option(
        long: "count", value: .number("N"), group: .course, commands: [.bench],
        summary: "End after N messages altogether; sub: that came."
      ) { (word, settings) throws(OptionError) in
        settings.benching.count = try word.integer(in: 1...Int64.max / 2)
      },
      Option(
        long: "duration", value: .number("SECONDS"), group: .course, commands: [.bench],
        summary: "Measure for SECONDS (default 10; conn and sub: until a signal).",
        details: "conn: how long all connections are held."
      ) { (word, settings) throws(OptionError) in
        settings.benching.duration = try word.decimal(in: 0.001...31_536_000)
      },
      Option(
        long: "warmup", value: .number("SECONDS"), group: .course, commands: [.bench],
        summary: "Run for SECONDS before anything counts (default 0)."
      ) { (word, settings) throws(OptionError) in
        settings.benching.warmUp = try word.decimal(in: 0...86_400)
      },
      Option(
        long: "ramp", value: .number("SECONDS"), group: .course, commands: [.bench],
        summary: "Let clients and rate grow evenly for SECONDS, uncounted (default: all at once).",
        details: "conn: counted, for there it is the load."
      ) { (word, settings) throws(OptionError) in
        settings.benching.ramp = try word.decimal(in: 0...86_400)
      },
      Option(
        long: "scenario", value: .file("FILE"), group: .course, commands: [.bench],
        summary: "Phases of the run, a line each: NAME SECONDS [clients N[..M]] [rate N[..M]].",
        details:
          "Clients and rate go evenly from N to M, or stay what they were.  A phase named warmup, at "
          + "the beginning, does not count.  '#' begins a comment."
      ) { (word, settings) throws(OptionError) in settings.benching.scenario = word },
      Option(
        long: "threads", value: .number("N"), group: .course, commands: [.bench],
        summary: "Threads that drive the clients (default: one for each processor)."
      ) { (word, settings) throws(OptionError) in
        settings.benching.threads = try word.integer(in: 1...1024)
      },
      Option(
        long: "shard", value: .text("I/N"), group: .course, commands: [.bench],
        summary: "Be part I of N of the run that the other options describe.",
        details:
          "Clients, rates and counts are shared out; client identifiers, topics and sequences differ.  "
          + "'apus bench merge' makes one report of the parts' reports."
      ) { (word, settings) throws(OptionError) in
        let parts = (word.text ?? "").split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
          (1...10_000).contains(count), (1...count).contains(number)
        else { throw OptionError("'\(word.shown)' is not I/N with I from 1 to N, such as 2/4") }
        settings.benching.shard = Settings.Shard(number: number, count: count)
      },
      Option(
        long: "start-at", value: .number("TIME"), group: .course, commands: [.bench],
        summary: "Begin at TIME, in seconds since 1970, once everybody is connected.",
        details:
          "Processes that are given the same time begin together: --start-at $(($(date +%s) + 30))."
      ) { (word, settings) throws(OptionError) in
        let seconds = try word.decimal(in: 0...4_000_000_000)
        settings.benching.startAt = Int64(seconds * 1e9)
      },
      Option(
        long: "broker-pid", value: .number("PID"), group: .course, commands: [.bench],
        summary:
          "Process of the broker on this machine, whose processor time and memory are measured."
      ) { (word, settings) throws(OptionError) in
        settings.benching.brokerProcess = try word.integer(in: 1...Int32.max)
      },
      Option(
        long: "broker-sys", group: .course, commands: [.bench],
        summary: "Note what the broker says of itself on its $SYS topics (one more connection)."
      ) { settings in settings.benching.observesBroker = true },
    ]
  }

  static func workload<Result>(
    _ body: () throws(WorkloadFault) -> Result
  ) throws(OptionError) -> Result {
    do { return try body() } catch { throw OptionError(error.description) }
  }
}

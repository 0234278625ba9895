import MQTTProtocol
import OptionTable

extension Option {
  /// All options of `apus rr` but those that every command has.
  static var requestTable: [Option] {
    // rr has its own.
    let session = sessionOptions.filter {
      !["max-inflight", "timeout"].contains($0.description.long)
    }
    let others = (subscriptionOptions + selectionOptions + outputOptions).filter {
      $0.description.commands.contains(.rr)
    }
    var table = connectionOptions + serverOptions + loginOptions + explainOptions + session
    table += lossOptions + requestOptions + payloadOptions
    table += servingOptions + execOptions(for: .rr) + others
    return table + willOptions + sealingOptions + tlsOptions + routeOptions
  }

  /// What is asked, and how long for.
  private static var requestOptions: [Option] {
    [
      Option(
        short: "t", long: "topic", value: .text("TOPIC"), group: .request, commands: [.rr],
        repeats: true,
        summary: "Topic of the request; with {serve} a filter for requests, repeatable."
      ) { (word, settings) in settings.setRequestTopic(word) },
      Option(
        short: "e", value: .text("TOPIC"), group: .request, commands: [.rr],
        summary: "Topic of the response (default: one that nobody else uses).",
        details: "Needed below MQTT 5.  The default begins with what the broker offers for it "
          + "(Response Information), else with apus/rr/."
      ) { (word, settings) throws(OptionError) in
        settings.requesting.responseTopic = try word.topicName("response topic")
      },
      Option(
        long: "any", group: .request, commands: [.rr],
        summary: "Take the first message on the response topic, whatever its correlation data.",
        details: "For services that don't send back the request's correlation data.  What was "
          + "retained is older than the request and never its response, unless "
          + "{retain-as-published} is given."
      ) { settings in settings.requesting.takesAny = true },
      Option(
        long: "timeout", value: .number("SECONDS"), group: .request, commands: [.rr],
        summary: "Give up a request that has no response after SECONDS, such as 0.5.",
        details: "The status becomes 27, and further requests of {stdin-line} go on.  "
          + "(The time for the whole run is {W}, which has no long name here.)"
      ) { (word, settings) throws(OptionError) in
        settings.requesting.timeout = try word.decimal(in: 0.001...1_000_000)
      },
      Option(
        short: "W", value: .number("SECONDS"), group: .request, commands: [.rr],
        summary: "End after SECONDS, with status 27 when not everything was done."
      ) { (word, settings) throws(OptionError) in
        settings.timeout = try word.decimal(in: 0.001...1_000_000)
      },
      Option(
        short: "M", long: "max-inflight", value: .number("N"), group: .request, commands: [.rr],
        summary: "Most requests of {stdin-line} without a response at once (default 100).",
        details:
          "Below MQTT 5, with {any}, and with correlation data of one's own a response does not "
          + "tell which request it belongs to: then it is 1."
      ) { (word, settings) throws(OptionError) in
        settings.connection.window = try word.integer(in: 1...65_535)
      },
      Option(
        long: "latency", group: .request, commands: [.rr],
        summary: "Print after each response how long it took."
      ) { settings in settings.requesting.showsLatency = true },
    ]
  }

  private static var servingOptions: [Option] {
    [
      Option(
        long: "serve", group: .serving, commands: [.rr],
        summary: "Answer requests by {exec} in place of making one.",
        details:
          "A request needs a response topic, in the message or by {e}.  The answer carries the "
          + "request's correlation data.  A command that fails is reported and answers nothing."
      ) { settings in settings.requesting.isServing = true },
      Option(
        short: "C", long: "count", value: .number("N"), group: .serving, commands: [.rr],
        summary: "With {serve}: exit after N requests."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.count = try word.integer(in: 1...Int.max)
      },
    ]
  }
}

extension Settings {
  /// The word is a topic or a filter, which `--serve` tells later: only the fault of one counts.
  fileprivate mutating func setRequestTopic(_ word: Argument) {
    do throws(OptionError) { publishing.topic = .success(try word.topicName()) } catch {
      publishing.topic = .failure(OptionError("-t: \(error.text)"))
    }
    do throws(OptionError) { subscribing.filters.append(try word.topicFilter()) } catch {
      subscribing.filterFault = OptionError("-t: \(error.text)")
    }
  }
}

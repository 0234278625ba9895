// Whether settings that are right one by one make a request or a service.

import MQTTProtocol
import OptionTable

extension Settings {
  /// - Throws: what `apus rr` cannot work with.
  func checkForRequesting() throws(OptionError) {
    if requesting.isServing {
      try checkForServing()
      return
    }
    try checkConnection()
    for (name, isGiven) in [
      ("--exec", executing.command != nil), ("--jobs", executing.jobs != nil),
      ("-C", subscribing.count != nil),
    ] where isGiven {
      throw OptionError("\(name) needs --serve")
    }
    if let topic = try topic() { try checkCharacters(of: topic.string, "topic") }
    try checkSource(" and -s")
    if requesting.responseTopic != nil, properties[.publish]?.contains(.responseTopic) == true {
      throw OptionError("-e and -D publish response-topic are the same: only one can be used")
    }
    if let topic = askedResponseTopic {
      try checkCharacters(of: topic.string, "response topic")
      if ResponseTopic(topic) == nil {
        throw OptionError(
          "'\(Argument(bytes: topic.bytes).shown)' is no response topic: it would be subscribed to "
            + "as a shared subscription")
      }
    } else if connection.version < .v5 {
      throw OptionError("below MQTT 5 a response topic is needed: -e TOPIC")
    }
    if !correlates, let window = connection.window, window > 1 {
      throw OptionError(
        "-M \(window) needs correlation data made by apus: not with --any, "
          + "-D publish correlation-data, or below MQTT 5")
    }
  }

  private func checkForServing() throws(OptionError) {
    try checkForSubscribing()
    if executing.command == nil { throw OptionError("--serve needs a command: --exec COMMAND") }
    if publishing.sourceCount > 0 {
      throw OptionError("-m, -f, -l, -0, -n and -s do not go with --serve")
    }
    for (name, isGiven) in [
      ("--any", requesting.takesAny), ("--latency", requesting.showsLatency),
      ("--timeout", requesting.timeout != nil),
    ] where isGiven {
      throw OptionError("\(name) does not go with --serve")
    }
    for id in [PropertyID.responseTopic, .correlationData]
    where properties[.publish]?.contains(id) == true {
      throw OptionError("-D publish \(id) does not go with --serve: requests bring theirs")
    }
    if let topic = requesting.responseTopic {
      try checkCharacters(of: topic.string, "response topic")
      // In MQTT 5 No Local spares us our own answers, but shared subscriptions have no such thing.
      if let filter = subscribing.filters.first(where: { filter in
        (connection.version < .v5 || filter.isShared)
          && topic.bytes.withUnsafeBytes { filter.matches($0) }
      }) {
        throw OptionError(
          "the response topic '\(Argument(bytes: topic.bytes).shown)' is among the requests of "
            + "'\(Argument(bytes: filter.bytes).shown)': answers would be answered for ever")
      }
    } else if connection.version < .v5 {
      throw OptionError("below MQTT 5 requests name no response topic: -e TOPIC")
    }
  }
}

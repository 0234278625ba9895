// Where a broker does not do what MQTT promises, and what its user reads then.

/// One footnote of the table.
struct Deviation: Hashable, Sendable {
  let broker: String
  let scenario: String
  let versions: Set<Version>
  /// What is seen; `*` stands for anything.
  let seen: String
  /// What the broker does.
  let note: String

  init(_ broker: String, _ scenario: String, _ versions: Version..., seen: String, _ note: String) {
    self.broker = broker
    self.scenario = scenario
    self.versions = Set(versions)
    self.seen = seen
    self.note = note
  }

  static func find(_ broker: String, _ scenario: String, _ version: Version) -> Deviation? {
    all.first { $0.broker == broker && $0.scenario == scenario && $0.versions.contains(version) }
  }

  func matches(_ text: String?) -> Bool {
    guard var rest = text?[...] else { return false }
    for piece in seen.split(separator: "*") {
      guard let place = rest.firstRange(of: piece) else { return false }
      rest = rest[place.upperBound...]
    }
    return true
  }

  private static let granted =
    "grants the subscription and sends nothing of what the user may not read, so that no client can know"
  private static let acknowledged =
    "acknowledges a message that it throws away; below MQTT 5 PUBACK cannot refuse, so no client can know"
  private static let closes = "closes the connection in the place of an answer"

  static let all: [Deviation] = [
    Deviation(
      "mosquitto", "refused topic, subscribing", .v31, .v311, .v5, seen: "status 0",
      granted + " (with an ACL file; with its dynamic security plugin it refuses)"),
    Deviation(
      "mosquitto", "refused topic, publishing", .v31, .v311, seen: "status 0", acknowledged),

    Deviation(
      "RabbitMQ", "versions", .v5, seen: "status 7: *may not speak MQTT 5 (try -V 311)",
      "speaks 3.1 and 3.1.1 only and closes the connection at MQTT 5's CONNECT"),
    Deviation(
      "RabbitMQ", "QoS 2", .v31, .v311,
      seen: "status 0: *treats QoS 2 as QoS 1*20 messages arrived, '1 line 20'",
      "acknowledges QoS 2 with PUBACK and grants QoS 1: all arrive, but may arrive twice"),
    Deviation(
      "RabbitMQ", "shared subscription", .v31, .v311,
      seen: "status 7: *3 times instead of answering SUBSCRIBE*not know shared subscriptions",
      "knows no shared subscriptions and " + closes),
    Deviation(
      "RabbitMQ", "refused topic, subscribing", .v31, .v311,
      seen: "status 7: *3 times instead of answering SUBSCRIBE*may not allow 'no/entry'", closes),
    Deviation(
      "RabbitMQ", "refused topic, publishing", .v31, .v311,
      seen: "status 7: *it may not allow publishing to 'no/entry'", closes),

    Deviation(
      "ActiveMQ", "versions", .v5, seen: "status 7: *may not speak MQTT 5 (try -V 311)",
      "speaks 3.1 and 3.1.1 only and closes the connection at MQTT 5's CONNECT"),
    Deviation(
      "ActiveMQ", "shared subscription", .v31, seen: "granted, and 0 of 20",
      "knows no shared subscriptions, takes `$share` for a word of an ordinary filter and grants it, so no client can know"
    ),
    Deviation(
      "ActiveMQ", "shared subscription", .v311, seen: "status 128: *refused by the server",
      "knows no shared subscriptions and refuses it"),
    Deviation(
      "ActiveMQ", "WebSocket", .v31, .v311, seen: "no listener",
      "has no WebSocket in Debian's package, which lacks the module for HTTP"),
    Deviation(
      "ActiveMQ", "refused topic, subscribing", .v31, seen: "status 0",
      granted + "; MQTT 3.1 has no code for a refusal"),
    Deviation(
      "ActiveMQ", "refused topic, publishing", .v31, .v311, seen: "status 0", acknowledged),

    Deviation(
      "ejabberd", "versions", .v31, seen: "status 1: *unacceptable protocol version; try -V 311",
      "speaks 3.1.1 and 5 only and refuses 3.1"),
    Deviation(
      "ejabberd", "shared subscription", .v311,
      seen: "status 7: *3 times instead of answering SUBSCRIBE*not know shared subscriptions",
      "knows no shared subscriptions and " + closes),
    Deviation(
      "ejabberd", "shared subscription", .v5,
      seen: "status 24: *the server does not support shared subscriptions",
      "knows no shared subscriptions and says so in CONNACK, so that nothing is asked"),
    Deviation(
      "ejabberd", "refused topic, publishing", .v311, seen: "status 0", acknowledged),

    Deviation(
      "aMQTT", "versions", .v31, seen: "status 7: *may not speak MQTT 3.1 (try -V 311)",
      "speaks 3.1.1 only and closes the connection at 3.1's CONNECT"),
    Deviation(
      "aMQTT", "versions", .v5, seen: "status 27: *may not speak MQTT 5 (try -V 311)",
      "speaks 3.1.1 only and says nothing to MQTT 5's CONNECT"),
    Deviation(
      "aMQTT", "shared subscription", .v311, seen: "granted, and 0 of 20",
      "knows no shared subscriptions, takes `$share` for a word of an ordinary filter and grants it, so no client can know"
    ),
    Deviation(
      "aMQTT", "refused topic, publishing", .v311, seen: "status 0", acknowledged),
  ]
}

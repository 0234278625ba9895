// Whether settings that are right one by one fit together.

import MQTTProtocol
import OptionTable

extension Settings {
  /// - Throws: what `apus pub` cannot work with.
  func checkForPublishing() throws(OptionError) {
    try checkConnection()
    guard let topic = publishing.topic else { throw OptionError("a topic is needed: -t TOPIC") }
    if topic.string.hasControlCharacter, !publishing.allowsControlCharacters {
      throw OptionError(
        "the topic has control characters; --allow-control-characters sends it all the same")
    }
    if publishing.sourceCount == 0 {
      throw OptionError("a message is needed: one of -m, -f, -l, -0, -n and -s")
    }
    if publishing.sourceCount > 1 {
      throw OptionError("only one of -m, -f, -l, -0, -n and -s can be used at once")
    }
    if case .lines = publishing.source, publishing.repeatCount > 1 {
      throw OptionError("--repeat does not go with -l and -0")
    }
  }

  /// - Throws: what `apus sub` cannot work with.
  func checkForSubscribing() throws(OptionError) {
    try checkConnection()
    if subscribing.filters.isEmpty, subscribing.unsubscribe.isEmpty {
      throw OptionError(
        "a topic filter is needed: -t FILTER to subscribe to, or -U FILTER to unsubscribe from")
    }
    if subscribing.retainedOnly, subscribing.ignoresRetained {
      throw OptionError("--retained-only and -R exclude each other")
    }
    if subscribing.noLocal, let shared = subscribing.filters.first(where: { $0.isShared }) {
      throw OptionError(
        "--no-local does not go with the shared subscription '\(Argument(bytes: shared.bytes).shown)'"
      )
    }
  }

  private func checkConnection() throws(OptionError) {
    if connection.clientID != nil, connection.clientIDPrefix != nil {
      throw OptionError("-i and -I cannot be used together")
    }
    if !connection.cleanStart, connection.clientID == nil {
      throw OptionError("-c keeps a session, which needs a client identifier: -i ID")
    }
    if connection.sessionExpiry == .max, connection.clientID == nil {
      throw OptionError("a session that never expires needs a client identifier: -i ID")
    }
    if connection.version == .v31, let id = connection.clientID, id.description.count > 23 {
      throw OptionError("MQTT 3.1 allows client identifiers of 1 to 23 characters")
    }
    if connection.willTopic == nil {
      if connection.willPayload != nil { throw OptionError("--will-payload needs --will-topic") }
      if connection.willRetain { throw OptionError("--will-retain needs --will-topic") }
      if properties[.will] != nil { throw OptionError("-D will needs --will-topic") }
    }
    if connection.version != .v5 {
      if connection.password != nil, connection.userName == nil {
        throw OptionError("-P needs -u below MQTT 5")
      }
      if !properties.isEmpty || connection.sessionExpiry != nil {
        throw OptionError("properties and session expiry need MQTT 5: -V 5")
      }
    }
    if let connect = properties[.connect], connect.contains(.authenticationData),
      !connect.contains(.authenticationMethod)
    {
      throw OptionError("authentication-data needs authentication-method")
    }
  }
}

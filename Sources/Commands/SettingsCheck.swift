// Whether settings that are right one by one fit together.

import Glibc
import MQTTProtocol
import OptionTable
import Transport

extension Settings {
  /// - Throws: what `apus pub` cannot work with.
  func checkForPublishing() throws(OptionError) {
    try checkConnection()
    if publishing.sourceCount > 1 { try checkSource(", -s and --json-lines") }
    if let topic = try topic() { try checkCharacters(of: topic.string, "topic") }
    try checkSource(", -s and --json-lines")
    if publishing.source?.isLines == true, publishing.repeatCount > 1 {
      throw OptionError("--repeat does not go with -l, -0 and --json-lines")
    }
    try checkTopicSeparator()
    try checkForStoring()
    if connection.isEager, properties[.connect]?.contains(.authenticationMethod) == true {
      throw OptionError("--eager does not go with authentication-method, which comes first")
    }
  }

  /// - Parameter last: of the options that say where messages come from.
  func checkSource(_ last: String) throws(OptionError) {
    if publishing.sourceCount == 0 {
      throw OptionError("a message is needed: one of -m, -f, -l, -0, -n\(last)")
    }
    if publishing.sourceCount > 1 {
      throw OptionError("only one of -m, -f, -l, -0, -n\(last) can be used at once")
    }
    if publishing.source?.isStandardInput == true, connection.readsSecretFromStandardInput {
      throw OptionError(
        "a secret and messages cannot both come from standard input: another descriptor, such as "
          + "--pw-fd 3, or a file has room for the secret")
    }
  }

  /// - Throws: when there is none.
  func oneTopic() throws(OptionError) -> TopicName {
    if let topic = try topic() { return topic }
    throw OptionError("a topic is needed: -t TOPIC")
  }

  /// - Returns: nil where lines bring their own.
  /// - Throws: when there is none, or a URL has one that nobody can publish to.
  func topic() throws(OptionError) -> TopicName? {
    if let topic = publishing.topic { return try topic.get() }
    if publishing.topicSeparator != nil || publishing.source == .jsonLines { return nil }
    throw OptionError("a topic is needed: -t TOPIC")
  }

  private func checkTopicSeparator() throws(OptionError) {
    guard let separator = publishing.topicSeparator else { return }
    guard case .lines(let end) = publishing.source else {
      throw OptionError("--topic-separator needs -l or -0")
    }
    if separator == end { throw OptionError("--topic-separator is what lines end with") }
    if publishing.topic != nil {
      throw OptionError("--topic-separator finds the topic in each line: it does not go with -t")
    }
  }

  /// - Throws: what `apus sub` cannot work with.
  func checkForSubscribing() throws(OptionError) {
    try checkConnection()
    try checkForExecuting()
    if let fault = subscribing.filterFault { throw fault }
    if subscribing.allFilters.isEmpty, subscribing.unsubscribe.isEmpty {
      throw OptionError(
        "a topic filter is needed: -t FILTER to subscribe to, or -U FILTER to unsubscribe from")
    }
    for filter in subscribing.allFilters + subscribing.unsubscribe {
      try checkCharacters(of: filter.string, "topic filter")
    }
    try checkSpecificSubscriptions()
    try checkAcknowledging()
    if subscribing.retainedOnly, subscribing.ignoresRetained {
      throw OptionError("--retained-only and -R exclude each other")
    }
    if subscribing.noLocal, let shared = subscribing.allFilters.first(where: { $0.isShared }) {
      throw OptionError(
        "--no-local does not go with the shared subscription '\(Argument(bytes: shared.bytes).shown)'"
      )
    }
  }

  private func checkAcknowledging() throws(OptionError) {
    if let when = subscribing.acknowledging, when != .write, sealing.stateFile != nil {
      throw OptionError(
        "--ack \(when.rawValue) does not go with --state: what comes again would be a replay")
    }
    switch (subscribing.acknowledging, executing.command) {
    case (nil, _), (.write, nil), (.exec, .some): break
    case (.exec, nil): throw OptionError("--ack exec needs --exec")
    case (.read, nil):
      if subscribing.isWatching || subscribing.showsRate {
        throw OptionError("--ack read does not go with --watch and --message-rate")
      }
      if !OutputFile.isPipe {
        throw OptionError("--ack read needs a pipe on standard output: apus sub … | COMMAND")
      }
    case (.write, .some), (.read, .some):
      throw OptionError("--ack write and read are for standard output: with --exec it is exec")
    }
  }

  /// Options of MQTT 5 are asked for by name here, and would silently be left out below it.
  private func checkSpecificSubscriptions() throws(OptionError) {
    for subscription in subscribing.specific {
      let shown = Argument(bytes: subscription.filter.bytes).shown
      if connection.version != .v5, let option = subscription.firstOptionOfV5 {
        throw OptionError("--subscription '\(shown)': \(option) needs MQTT 5: -V 5")
      }
      if subscription.noLocal, subscription.filter.isShared {
        throw OptionError(
          "--subscription '\(shown)': no-local does not go with a shared subscription")
      }
    }
  }

  func checkConnection() throws(OptionError) {
    try checkSealing()
    try connection.checkTLS()
    for server in connection.servers { try connection.at(server).checkRoute() }
    try checkCharactersOfProperties()
    let hasPort = connection.port != nil || connection.servers.contains { $0.port != nil }
    if connection.usesServiceRecords, hasPort || connection.unixPath != nil {
      throw OptionError("-S finds host and port itself: it does not go with -p and --unix")
    }
    if connection.clientID != nil, connection.clientIDPrefix != nil {
      throw OptionError("-i and -I cannot be used together")
    }
    let hasID = connection.clientID != nil || outboxing.path != nil
    if !connection.cleanStart, !hasID {
      throw OptionError("-c keeps a session, which needs a client identifier: -i ID")
    }
    if connection.sessionExpiry == .max, !hasID {
      throw OptionError("a session that never expires needs a client identifier: -i ID")
    }
    try checkClientID()
    if let name = connection.userName { try checkCharacters(of: name, "user name") }
    if let topic = connection.willTopic {
      try checkCharacters(of: topic.string, "will topic")
      try checkWillFormat()
    } else {
      if connection.willQoS != .atMostOnce { throw OptionError("--will-qos needs --will-topic") }
      if connection.willPayload != nil { throw OptionError("--will-payload needs --will-topic") }
      if connection.willRetain { throw OptionError("--will-retain needs --will-topic") }
      if properties[.will] != nil { throw OptionError("-D will needs --will-topic") }
    }
    if connection.version != .v5 {
      if connection.hasPassword, connection.userName == nil {
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
    try checkAuthentication()
    try checkSessionExpiry()
  }

  /// With the process id behind a prefix, as it will be sent.
  private func checkClientID() throws(OptionError) {
    guard let id = connection.clientID ?? connection.clientIDPrefix else { return }
    try checkCharacters(of: id, "client identifier")
    let tail = connection.clientID == nil ? String(getpid()).utf8.count : 0
    if connection.version == .v31, id.description.unicodeScalars.count + tail > 23 {
      throw OptionError("MQTT 3.1 allows client identifiers of 1 to 23 characters")
    }
    if id.bytes.count + tail > UTF8String.maximumLength {
      throw OptionError("-I: the client identifier becomes too long")
    }
  }

  /// MQTT 5 §3.14.2.2.2: DISCONNECT cannot give time to a session that CONNECT gave none.
  private func checkSessionExpiry() throws(OptionError) {
    let atEnd = properties[.disconnect]?.number(.sessionExpiryInterval) ?? 0
    if atEnd > 0, sessionExpiry ?? 0 == 0 {
      throw OptionError("-D disconnect session-expiry-interval needs one above 0 in CONNECT: -x")
    }
  }

  func checkCharacters(of text: UTF8String, _ what: String) throws(OptionError) {
    if text.hasControlCharacter, !connection.allowsControlCharacters {
      throw OptionError(
        "the \(what) has control characters; --allow-control-characters sends it all the same")
    }
  }

  private func checkCharactersOfProperties() throws(OptionError) {
    for target in PropertyTarget.allCases {
      if let id = properties[target]?.firstWithControlCharacter, !connection.allowsControlCharacters
      {
        throw OptionError(
          "-D \(target.rawValue) \(id): the value has control characters; "
            + "--allow-control-characters sends it all the same")
      }
    }
  }

  /// MQTT 5 §3.1.3.2.3: payload format 1 promises text.
  private func checkWillFormat() throws(OptionError) {
    if properties[.will]?.flag(.payloadFormatIndicator, default: false) == true,
      String(validating: connection.willPayload ?? [], as: UTF8.self) == nil
    {
      throw OptionError("--will-payload is not UTF-8 text, as payload-format-indicator 1 says")
    }
  }
}

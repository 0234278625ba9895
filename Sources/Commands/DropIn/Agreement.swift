// Whether a command line's wishes fit together; what mosquitto says where they don't.

import MQTTProtocol
import OptionTable

extension Wishes {
  /// The settings of the run.
  ///
  /// - Throws: the first fault that mosquitto finds.
  func agreed() throws(Complaint) -> Settings {
    try checkWill()
    try tls.check()
    try checkClientID()
    try checkTopics()
    var agreed = settings
    agreed.properties = try checkedProperties()
    try fill(&agreed.connection)
    if agreed.connection.unixPath != nil, agreed.connection.proxyServer != nil {
      throw Complaint(verbatim: "Error: --proxy does not go with --unix.")
    }
    agreed.connection.receiveMaximum =
      switch tool {
      case .pub: 20
      case .sub: min(20, settings.subscribing.count ?? 20)
      case .rr: 1
      }
    if tool == .rr, agreed.properties[.publish]?.contains(.responseTopic) == true {
      throw Complaint(verbatim: "Error in PUBLISH properties: Duplicate response topic.")
    }
    agreed.requesting.responseTopic = responseTopic
    agreed.requesting.takesAny = true
    return agreed
  }

  private func checkWill() throws(Complaint) {
    if settings.connection.willTopic != nil { return }
    if settings.connection.willPayload != nil {
      throw Complaint("Will payload given, but no will topic given.", spaced: false)
    }
    if settings.connection.willRetain {
      throw Complaint("Will retain given, but no will topic given.", spaced: false)
    }
  }

  private func checkClientID() throws(Complaint) {
    if clientID != nil { return }
    let connection = settings.connection
    if connection.version == .v5 {
      if connection.sessionExpiry == .max
        || !connection.cleanStart && connection.sessionExpiry == nil
      {
        throw Complaint(
          "You must provide a client id if you are using an infinite session expiry interval.",
          spaced: false)
      }
    } else if !connection.cleanStart {
      throw Complaint(
        "You must provide a client id if you are using the -c option.", spaced: false)
    }
  }

  private func checkTopics() throws(Complaint) {
    switch tool {
    case .pub:
      if topic == nil || settings.publishing.source == nil {
        var complaint = Complaint("Both topic and message must be supplied.", spaced: false)
        complaint.pointer = .usage
        throw complaint
      }
    case .sub:
      if settings.subscribing.filters.isEmpty, settings.subscribing.unsubscribe.isEmpty {
        throw Complaint(
          "You must specify a topic to subscribe to (-t) or unsubscribe from (-U).", spaced: false)
      }
      if settings.subscribing.ignoresRetained, settings.subscribing.retainedOnly {
        throw Complaint(verbatim: "\nError: Combining '-R' and '--retained-only' makes no sense.")
      }
    case .rr:
      if topic == nil || settings.publishing.source == nil || responseTopic == nil {
        throw Complaint(
          "All of topic, message, and response topic must be supplied.", spaced: false)
      }
    }
    // Mosquitto finds it out when it is connected, says so, and leaves.
    if topic?.bytes.isEmpty == true {
      throw Complaint(
        verbatim: "Error: Invalid input. Does your topic contain '+' or '#'?")
    }
  }

  // MARK: Properties

  private func checkedProperties() throws(Complaint) -> [Settings.PropertyTarget: Properties] {
    var checked: [Settings.PropertyTarget: Properties] = [:]
    for (target, property) in properties {
      if property.id != .userProperty, checked[target]?.contains(property.id) == true {
        throw Self.duplicate(target)
      }
      checked[target, default: .none].entries.append(property)
    }
    let version = settings.connection.version
    if version == .v5 {
      // `-x` and `-c` add theirs behind the others.
      let connection = settings.connection
      let hasExpiry = connection.sessionExpiry.map { $0 > 0 } ?? !connection.cleanStart
      if hasExpiry, checked[.connect]?.contains(.sessionExpiryInterval) == true {
        throw Self.duplicate(.connect)
      }
      return checked
    }
    if checked[.will] != nil, settings.connection.willTopic != nil {
      throw Complaint(verbatim: "Error: Problem setting will.")
    }
    if checked[.connect] != nil {
      throw Complaint(verbatim: "Unable to connect (This feature is not supported.).")
    }
    return [:]
  }

  private static func duplicate(_ target: Settings.PropertyTarget) -> Complaint {
    Complaint(
      verbatim: "Error in \(target == .will ? "Will" : target.rawValue.uppercased()) properties: "
        + "Duplicate property in property list", pointer: .toHelp)
  }

  // MARK: The connection

  private func fill(_ connection: inout Settings.Connection) throws(Complaint) {
    // `-p` looks at its number, a URL's port nobody does until it is used.
    if let port, !(0...65_535).contains(port) {
      throw Complaint(verbatim: "Unable to connect (Invalid function arguments provided.).")
    }
    connection.tls = try tls.settings(port: port.flatMap { UInt16(exactly: $0) } ?? tls.port)
    connection.host = host
    if port == 0 { connection.unixPath = host }
    connection.port = port.flatMap { UInt16(exactly: $0) } ?? tls.port
    connection.clientID = try clientID.map { (word) throws(Complaint) in
      guard let id = word.dropInText, !id.isEmpty else { throw Self.invalidID }
      return id
    }
    connection.clientIDPrefix = try clientIDPrefix.map { (word) throws(Complaint) in
      guard let prefix = word.dropInText else { throw Self.invalidID }
      return prefix
    }
    if clientID == nil, clientIDPrefix == nil, !connection.cleanStart { throw Self.invalidID }
    connection.userName = try userName.map { (word) throws(Complaint) in
      guard let name = word.dropInText else { throw Self.invalidLogin }
      return name
    }
    connection.password = password?.bytes
    if connection.password?.count ?? 0 > UTF8String.maximumLength
      || userName == nil && password != nil && connection.version < .v5
    {
      throw Self.invalidLogin
    }
    if connection.version != .v5 { connection.sessionExpiry = nil }
  }

  private static let invalidID = Complaint(verbatim: "Error: Invalid id.")
  private static let invalidLogin = Complaint(
    verbatim: "Error: Problem setting username and/or password.")
}

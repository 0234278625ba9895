// `-D CMD NAME VALUE [VALUE]`.

import MQTTProtocol
import OptionTable

/// MQTT 5 properties from the command line.
enum PropertyOption {
  /// The words in their order, for the parser and for completion.
  static var words: Words {
    .choice(
      "CMD",
      Settings.PropertyTarget.allCases.map { target in
        Words.Branch(target.rawValue, then: .choice("NAME", names(for: target)))
      })
  }

  private static func names(for target: Settings.PropertyTarget) -> [Words.Branch] {
    PropertyID.allCases.filter { isAllowed($0, for: target) }.map { id in
      Words.Branch(
        id.name,
        then: id == .userProperty ? .any("KEY", then: .any("VALUE")) : .any("VALUE"))
    }
  }

  /// What the packet may carry when a client sends it; PUBLISH loses what only servers send.
  private static func isAllowed(_ id: PropertyID, for target: Settings.PropertyTarget) -> Bool {
    if target == .publish, id == .subscriptionIdentifier { return false }
    if target == .disconnect, id == .serverReference { return false }
    return context(target).allows(id)
  }

  private static func context(_ target: Settings.PropertyTarget) -> PropertyContext {
    switch target {
    case .connect: .connect
    case .publish: .publish
    case .subscribe: .subscribe
    case .unsubscribe: .unsubscribe
    case .disconnect: .disconnect
    case .will: .will
    }
  }

  static func apply(_ words: [Argument], to settings: inout Settings) throws(OptionError) {
    let command = words[0]
    guard
      let target = Settings.PropertyTarget(rawValue: command.text?.lowercased() ?? "")
    else {
      throw OptionError(
        "'\(command.shown)' is not connect, publish, subscribe, unsubscribe, disconnect or will")
    }
    guard words.count > 1 else { throw OptionError("a property's name and value are missing") }
    let name = words[1].text?.lowercased() ?? ""
    guard let id = PropertyID.allCases.first(where: { $0.name == name }) else {
      throw OptionError("'\(words[1].shown)' is no property")
    }
    guard isAllowed(id, for: target) else {
      throw OptionError("\(id) is no property of \(target.rawValue)")
    }
    guard words.count > 2 else { throw OptionError("\(id) needs a value") }
    if id.kind == .binary {
      // Whether --binary comes behind is not known yet: for now the property only has its place.
      settings.binaryWords[target, default: [:]][id] = words[2]
      settings.properties[target, default: .none].set(Property(id, []))
    } else {
      let property = try property(id, Array(words[2...]))
      settings.properties[target, default: .none].set(property)
    }
    settings.connection.version = .v5
  }

  /// What proves to the broker who we are.
  static let secret = Secret { words in
    let name = words.dropFirst().first?.text?.lowercased()
    guard name == PropertyID.authenticationData.name, words.count > 2 else { return words }
    return Array(words.prefix(2)) + [Secret.mask]
  }

  private static func property(
    _ id: PropertyID, _ values: [Argument]
  ) throws(OptionError) -> Property? {
    switch id.kind {
    case .pair:
      guard values.count > 1 else { throw OptionError("\(id) needs a name and a value") }
      return Property(user: try values[0].mqttString(), try values[1].mqttString())
    case .binary, .string:
      if id == .responseTopic { _ = try values[0].topicName("response topic") }
      return Property(id, try values[0].mqttString())
    case .byte, .twoByte, .fourByte, .variable:
      do { return Property(id, try values[0].integer(in: id.range)) } catch {
        throw OptionError("\(id): \(error)")
      }
    }
  }
}

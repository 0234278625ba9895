// `-D CMD NAME VALUE [VALUE]` in mosquitto's words.

import Glibc
import MQTTProtocol
import OptionTable

extension Wishes {
  mutating func readProperty(_ words: inout ArraySlice<Argument>) throws(Complaint) {
    if words.count < 3 { throw Self.tooFew }
    let (command, name) = (words.removeFirst(), words.removeFirst())
    guard let context = PropertyContext(command: command) else {
      throw Complaint("Invalid command \(command.shown) given in --property argument.")
    }
    let lowercase = name.text?.lowercased() ?? ""
    guard let id = PropertyID.allCases.first(where: { $0.name == lowercase }) else {
      throw Complaint("Invalid property name \(name.shown) given in --property argument.")
    }
    // Mosquitto takes a reason for the will too.
    guard context.allows(id) || context == .will && id == .reasonString else {
      throw Complaint(
        "\(id) property not allowed for \(command.shown) in --property argument.")
    }
    guard let target = Settings.PropertyTarget(context),
      !(target == .publish && id == .subscriptionIdentifier)
    else {
      throw Complaint(
        "\(id) property not supported for \(command.shown) in --property argument.")
    }
    let value = words.removeFirst()
    guard let property = try Self.property(id, value, &words) else {
      throw Complaint(
        "Property value (\(value.shown)) out of range for property \(id).")
    }
    properties.append((target, property))
    settings.connection.version = .v5
  }

  private static let tooFew = Complaint(
    "--property argument given but not enough arguments specified.")

  /// - Returns: nil when the value is out of range.
  private static func property(
    _ id: PropertyID, _ value: Argument, _ words: inout ArraySlice<Argument>
  ) throws(Complaint) -> Property? {
    switch id.kind {
    case .pair:
      guard let second = words.popFirst() else { throw tooFew }
      return Property(user: try text(value, id), try text(second, id))
    case .string: return Property(id, try text(value, id))
    case .binary: return Property(id, value.bytes)
    case .byte: return try number(id, value, below: 1 << 8)
    case .twoByte: return try number(id, value, below: 1 << 16)
    case .fourByte: return try number(id, value, below: 1 << 32)
    case .variable: return try number(id, value, below: 1 << 28)
    }
  }

  private static func text(_ word: Argument, _ id: PropertyID) throws(Complaint) -> UTF8String {
    if let text = word.dropInText { return text }
    // The number is the library's for the kind of value.
    let kind = id.kind == .pair ? 7 : 6
    throw Complaint(verbatim: "Error adding property \(id) \(kind)", pointer: .toHelp)
  }

  private static func number(
    _ id: PropertyID, _ word: Argument, below end: Int
  ) throws(Complaint) -> Property? {
    let number = word.atol
    guard (0..<end).contains(number) else { return nil }
    if let property = Property(id, UInt32(number)) { return property }
    // Fits into its bytes, but the specification forbids it.
    throw Complaint(
      verbatim: "Error in \(id.packet) properties: A network protocol error occurred when "
        + "communicating with the broker.", pointer: .toHelp)
  }
}

extension PropertyID {
  /// Where a number that the specification limits further may stand.
  fileprivate var packet: String {
    switch self {
    case .subscriptionIdentifier: "SUBSCRIBE"
    case .topicAlias, .payloadFormatIndicator: "PUBLISH"
    default: "CONNECT"
    }
  }
}

extension PropertyContext {
  fileprivate init?(command: Argument) {
    switch command.text?.lowercased() {
    case "connect": self = .connect
    case "will": self = .will
    case "publish": self = .publish
    case "puback": self = .pubAck
    case "pubrec": self = .pubRec
    case "pubrel": self = .pubRel
    case "pubcomp": self = .pubComp
    case "subscribe": self = .subscribe
    case "unsubscribe": self = .unsubscribe
    case "disconnect": self = .disconnect
    case "auth": self = .auth
    default: return nil
    }
  }
}

extension Settings.PropertyTarget {
  fileprivate init?(_ context: PropertyContext) {
    switch context {
    case .connect: self = .connect
    case .will: self = .will
    case .publish: self = .publish
    case .subscribe: self = .subscribe
    case .unsubscribe: self = .unsubscribe
    case .disconnect: self = .disconnect
    default: return nil
    }
  }
}

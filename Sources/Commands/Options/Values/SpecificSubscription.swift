// `--subscription 'FILTER;qos=2;no-local;retain-handling=new;id=7'`.

import MQTTProtocol
import OptionTable

/// A topic filter with options of its own.
struct SpecificSubscription: Hashable, Sendable {
  var filter: TopicFilter
  /// Nil for what the command's other options say.
  var qos: QoS?
  var noLocal = false
  var retainAsPublished = false
  var retainHandling: Subscription.RetainHandling?
  /// The subscription identifier, which messages bring along.
  var identifier: UInt32?

  private static let separator = UInt8(ascii: ";")

  init(_ word: Argument) throws(OptionError) {
    var parts = word.bytes.split(separator: Self.separator, omittingEmptySubsequences: false)[...]
    filter = try Argument(bytes: Array(parts.removeFirst())).topicFilter()
    var names: Set<ArraySlice<UInt8>> = []
    for part in parts {
      let name = part.prefix { $0 != UInt8(ascii: "=") }
      if !names.insert(name).inserted {
        throw OptionError("'\(Argument(bytes: Array(name)).shown)' stands there twice")
      }
      try apply(Argument(bytes: Array(part)))
    }
  }

  private mutating func apply(_ option: Argument) throws(OptionError) {
    let halves = option.bytes.split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let value = halves.count > 1 ? Argument(bytes: Array(halves[1])) : nil
    let name = String(decoding: halves[0], as: UTF8.self)
    switch (name, value) {
    case ("no-local", nil): noLocal = true
    case ("retain-as-published", nil): retainAsPublished = true
    case ("qos", let value?), ("retain-handling", let value?), ("id", let value?):
      do throws(OptionError) { try apply(name, value) } catch {
        throw OptionError("\(name): \(error.text)")
      }
    default:
      throw OptionError(
        "'\(option.shown)' is not qos=LEVEL, no-local, retain-as-published, "
          + "retain-handling=WHEN or id=NUMBER")
    }
  }

  private mutating func apply(_ name: String, _ value: Argument) throws(OptionError) {
    switch name {
    case "qos": qos = try value.qos()
    case "id": identifier = try value.integer(in: PropertyID.subscriptionIdentifier.range)
    default: retainHandling = try value.retainHandling()
    }
  }

  /// Nil when every version of MQTT knows all that is asked for.
  var firstOptionOfV5: String? {
    if noLocal { return "no-local" }
    if retainAsPublished { return "retain-as-published" }
    if retainHandling != nil { return "retain-handling" }
    return identifier == nil ? nil : "id"
  }
}

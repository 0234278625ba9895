// SUBSCRIBE packets: what each asks for, and what became of it.

import MQTTProtocol
import MQTTSession

/// The subscriptions of a run.  All filters go into one packet but those with identifiers of their own,
/// since an identifier is for the whole packet (MQTT 5 §3.8.2.1.2).
struct SubscriptionRequests {
  private var groups: [Group] = []

  private struct Group {
    var identifier: UInt32?
    var subscriptions: [Subscription]
    /// Once it is sent.
    var packetID: PacketID?
    var isAnswered = false
  }

  init(_ settings: Settings) {
    let asked = settings.subscribing
    // All that we publish is removals or answers, which nobody wants to see.
    let publishesItself =
      asked.removesRetained && settings.personality == .apus || settings.requesting.isServing
    let common = asked.filters.map {
      Subscription(
        $0, qos: settings.qos,
        noLocal: asked.noLocal || publishesItself && !$0.isShared,
        retainAsPublished: asked.retainAsPublished, retainHandling: asked.retainHandling)
    }
    if !common.isEmpty { groups.append(Group(subscriptions: common)) }
    for own in asked.specific {
      let subscription = Subscription(
        own.filter, qos: own.qos ?? settings.qos,
        noLocal: own.noLocal || asked.noLocal || publishesItself && !own.filter.isShared,
        retainAsPublished: own.retainAsPublished || asked.retainAsPublished,
        retainHandling: own.retainHandling ?? asked.retainHandling)
      if let place = groups.firstIndex(where: { $0.identifier == own.identifier }) {
        groups[place].subscriptions.append(subscription)
      } else {
        groups.append(Group(identifier: own.identifier, subscriptions: [subscription]))
      }
    }
  }

  /// Each of them, and its identifier.
  var all: [(subscription: Subscription, identifier: UInt32?)] {
    groups.flatMap { group in group.subscriptions.map { ($0, group.identifier) } }
  }

  /// Of the packets that were sent.
  var packetIDs: [PacketID] { groups.compactMap(\.packetID) }

  var isEmpty: Bool { groups.isEmpty }
  var count: Int { groups.reduce(0) { $0 + $1.subscriptions.count } }
  var areAnswered: Bool { groups.allSatisfy(\.isAnswered) }

  /// Puts the packets into the session's output.
  mutating func send(_ session: inout Session, _ properties: Properties) throws(Refusal) {
    for place in groups.indices {
      var properties = properties
      if let identifier = groups[place].identifier {
        properties.set(Property(.subscriptionIdentifier, identifier))
      }
      groups[place].isAnswered = false
      groups[place].packetID = try session.subscribe(groups[place].subscriptions, properties)
    }
  }

  /// The subscriptions that an answer is for.
  mutating func answered(_ packetID: PacketID) -> [Subscription] {
    guard let place = groups.firstIndex(where: { $0.packetID == packetID }) else { return [] }
    groups[place].isAnswered = true
    return groups[place].subscriptions
  }
}

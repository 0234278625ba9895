// SUBSCRIBE and UNSUBSCRIBE.

import MQTTProtocol

extension Session {
  /// Sends SUBSCRIBE with all filters in one packet.
  ///
  /// - Precondition: at least one subscription; with none nothing is sent.
  package mutating func subscribe(
    _ subscriptions: [Subscription], _ properties: Properties = .none
  ) throws(Refusal) -> PacketID {
    guard phase == .connected, !subscriptions.isEmpty else { throw .notConnected }
    for subscription in subscriptions {
      let filter = subscription.filter
      if filter.hasWildcard, !limits.wildcardsAvailable { throw .wildcardsNotSupported(filter) }
      if filter.isShared, !limits.sharedSubscriptionsAvailable {
        throw .sharedSubscriptionsNotSupported(filter)
      }
    }
    let identifier = properties.number(.subscriptionIdentifier)
    if identifier != nil, !limits.subscriptionIdentifiersAvailable {
      throw .subscriptionIdentifiersNotSupported
    }
    guard let id = inFlight.nextID() else { throw .windowFull }
    try appendChecked(.subscribe(Subscribe(id, subscriptions, properties)))
    if let identifier { subscriptionIdentifiers.insert(identifier) }
    inFlight.append(.awaitingSubAck, filters: subscriptions.count)
    return id
  }

  package mutating func unsubscribe(
    _ filters: [TopicFilter], _ properties: Properties = .none
  ) throws(Refusal) -> PacketID {
    guard phase == .connected, !filters.isEmpty else { throw .notConnected }
    guard let id = inFlight.nextID() else { throw .windowFull }
    try appendChecked(.unsubscribe(Unsubscribe(id, filters, properties)))
    inFlight.append(.awaitingUnsubAck, filters: filters.count)
    return id
  }
}

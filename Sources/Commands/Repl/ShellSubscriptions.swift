// What a connection of the shell is subscribed to, and what becomes of the messages.

import MQTTProtocol
import MQTTSession
import Rendering

/// A subscription, and how its messages are shown.
struct ShellSubscription {
  var subscription: Subscription
  var properties: Properties = .none
  var view: MessageView
  /// The number of the first message that can have come by it.
  var firstMessage: Int

  var filter: TopicFilter { subscription.filter }
}

/// The subscriptions of one connection.
struct ShellSubscriptions {
  private(set) var all: [ShellSubscription] = []
  /// Ended while there was no connection: a server that kept the session has to hear of it.
  private var endings: [TopicFilter] = []
  /// SUBSCRIBE packets of a renewal that are not answered yet, and what they ask for.
  private var renewals: [PacketID: TopicFilter] = [:]

  /// Adds one; the one with the same filter makes room.
  mutating func set(_ subscription: ShellSubscription) {
    remove(subscription.filter)
    endings.removeAll { $0 == subscription.filter }
    all.append(subscription)
  }

  /// Remembers what to end when the server can hear it.
  mutating func endLater(_ filters: [TopicFilter]) { endings += filters }

  /// Ends on a session that was kept what was to be ended.
  mutating func endHeld(_ session: inout Session) throws(Refusal) {
    if !endings.isEmpty { _ = try session.unsubscribe(endings) }
    endings = []
  }

  mutating func remove(_ filter: TopicFilter) { all.removeAll { $0.filter == filter } }

  /// Calls `body` with those that a message comes by.
  func forEachMatching(_ topic: UnsafeRawBufferPointer, _ body: (ShellSubscription) -> Void) {
    for one in all where one.filter.matches(topic) { body(one) }
  }

  subscript(filter: TopicFilter) -> ShellSubscription? { all.first { $0.filter == filter } }

  /// One of those that messages go to takes no more for now.
  var fullSink: (any MessageSink)? { all.lazy.compactMap(\.view.sink).first { $0.isFull } }

  func uses(_ sink: any MessageSink) -> Bool { all.contains { $0.view.sink === sink } }

  /// Its messages are shown from now on.
  mutating func removeSink(_ sink: any MessageSink) {
    for place in all.indices where all[place].view.sink === sink { all[place].view.sink = nil }
  }

  /// Subscribes to everything on a new connection.
  mutating func renew(_ session: inout Session) throws(Refusal) {
    renewals = [:]
    endings = []
    for one in all {
      let id = try session.subscribe([one.subscription], one.properties)
      renewals[id] = one.filter
    }
  }

  /// - Returns: what is to be said about an answer to a renewal.
  mutating func renewed(_ answer: SubscriptionAck) -> String? {
    guard let filter = renewals.removeValue(forKey: answer.packetID),
      let code = answer.codes.first, code.isFailure
    else { return nil }
    remove(filter)
    return
      "subscription to '\(SafeText.escaped(filter.bytes))' refused by the server: \(code)"
      + Failure.explanation(answer.properties)
  }
}

// sub, unsub, subs.

import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Transport

extension Option {
  /// The options of `apus sub` that are about subscriptions and how messages look.
  static var shellSubscribeTable: [Option] {
    let none = ["unsubscribe", "E"]
    let unshown = ["watch", "message-rate"]
    return subscriptionOptions.filter { !none.contains($0.description.key) }
      + selectionOptions.filter { ["filter-out", "R"].contains($0.description.key) }
      + outputOptions.filter { !unshown.contains($0.description.key) }
      + messageSessionOptions + endings
  }
}

extension Shell {
  /// - Parameter limit: when to give up; nil for what the options say.
  func subscribe(_ call: Builtin.Call, until limit: Instant? = nil) throws(Failure) {
    let settings = call.settings
    try checkCount(call.operands, atMost: 0, "sub")
    let connection = try needsConnection("sub")
    try settings.checkVersion(connection, "sub")
    do throws(OptionError) { try settings.checkForSubscribing() } catch {
      throw Failure(.usage, "sub: \(error.text)")
    }
    let deadline = limit ?? Connecting.deadline(settings)
    _ = try standingConnection("sub", until: deadline)
    var view = MessageView(settings)
    view.sink = try sink(call.outlet)
    var requests = SubscriptionRequests(settings)
    for (subscription, identifier) in requests.all {
      var properties = settings.properties[.subscribe] ?? .none
      if let identifier { properties.set(Property(.subscriptionIdentifier, identifier)) }
      endSubscription(to: subscription.filter, of: connection)
      connection.subscriptions.set(
        ShellSubscription(
          subscription: subscription, properties: properties, view: view, firstMessage: log.next))
    }
    do throws(Refusal) {
      try requests.send(&connection.client.session, settings.properties[.subscribe] ?? .none)
    } catch {
      for (one, _) in requests.all { endSubscription(to: one.filter, of: connection) }
      throw Failure(error, in: "sub")
    }
    try awaitSubscriptions(&requests, on: connection, until: deadline)
  }

  private func awaitSubscriptions(
    _ requests: inout SubscriptionRequests, on connection: ShellConnection,
    until deadline: Instant?
  ) throws(Failure) {
    var refused: Failure?
    for id in requests.packetIDs {
      guard
        case .subscription(let answer) = try answer(
          to: id, on: connection, "sub", until: deadline)
      else { throw Failure(.connectionLost, "sub: the connection was lost; it is tried again") }
      let asked = requests.answered(id)
      var texts: [String] = []
      let report = SubscriptionReport(asked, answer) { texts.append($0) }
      for (one, code) in zip(asked, answer.codes) where code.isFailure {
        endSubscription(to: one.filter, of: connection)
      }
      if let status = report.refused {
        refused = refused ?? Failure(status, "sub: \(texts.joined(separator: "; "))")
      } else {
        for text in texts { console.tell("sub: \(text)") }
      }
    }
    if let refused { throw refused }
  }

  func unsubscribe(_ call: Builtin.Call) throws(Failure) {
    let connection = try needsConnection("unsub")
    let filters = try filters(call.operands, "unsub")
    if filters.isEmpty { throw Failure(.usage, "unsub: a topic filter is needed") }
    // Of a session that the server has kept any may be there.
    let isKnown = connection.settings.connection.cleanStart
    let unknown = filters.first { connection.subscriptions[$0] == nil }
    if isKnown, let unknown {
      let names = connection.subscriptions.all.map { $0.filter.description }
      let meant = nearest(to: unknown.bytes, among: names).map { SafeText.escaped($0.utf8) }
      throw Failure(
        .usage,
        "unsub: not subscribed to '\(SafeText.escaped(unknown.bytes))'\(didYouMean(meant))")
    }
    guard connection.isConnected else {
      connection.subscriptions.endLater(filters)
      for filter in filters { endSubscription(to: filter, of: connection) }
      return
    }
    let id: PacketID
    do throws(Refusal) { id = try connection.client.session.unsubscribe(filters) } catch {
      throw Failure(error, in: "unsub")
    }
    for filter in filters { endSubscription(to: filter, of: connection) }
    guard case .subscription(let answer) = try answer(to: id, on: connection, "unsub", until: nil)
    else { return }
    if let code = answer.codes.first(where: { $0.isFailure }) {
      throw Failure(.refused(code.rawValue), "unsub: refused by the server: \(code)")
    }
  }

  func listSubscriptions(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 0, "subs")
    let connection = try needsConnection("subs")
    for one in connection.subscriptions.all {
      let sink = one.view.sink.map { "  > \($0.name)" } ?? ""
      emit(
        "\(SafeText.escaped(one.filter.bytes))  QoS \(one.subscription.qos.rawValue)\(sink)\n")
    }
  }

  /// Where messages go that a command's outlet takes; nil for the shell's output.
  func sink(_ outlet: Builtin.Outlet?) throws(Failure) -> (any MessageSink)? {
    switch outlet {
    case nil: return nil
    case .file(let path, let appends):
      return try FileSink(path.bytes, name: path.shown, appends: appends)
    case .command(let command):
      try checkForProgram(command, "|")
      return try CommandSink(command, console)
    }
  }
}

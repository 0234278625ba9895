// wait.

import MQTTProtocol
import OptionTable
import Rendering
import Transport

extension Option {
  static var waitTable: [Option] {
    sessionOptions.filter { $0.description.long == "timeout" } + [
      Option(
        long: "match", value: .text("TEXT"), group: .selection, commands: ["wait"],
        summary: "Only a message whose payload has TEXT in it."
      ) { (word, settings) in settings.shell.match = word.bytes }
    ] + endings
  }
}

extension Shell {
  /// Waits for a message that no `wait` has had yet.
  func wait(_ call: Builtin.Call) throws(Failure) {
    try checkCount(call.operands, atMost: 1, "wait")
    guard let filter = try filters(call.operands, "wait").first else {
      throw Failure(.usage, "wait: a topic filter is needed")
    }
    let connection = try needsConnection("wait")
    if connection.subscriptions.all.isEmpty, connection.settings.connection.cleanStart {
      throw Failure(.usage, "wait: not subscribed to anything: 'sub -t FILTER' comes first")
    }
    let deadline = Connecting.deadline(call.settings)
    var number = log.first
    var found: MessageLog.Entry?
    try pump(until: deadline) { () throws(Failure) in
      number = max(number, log.first)
      while found == nil, let entry = log[number] {
        if isAwaited(entry, filter, call.settings.shell.match, on: connection) { found = entry }
        number += 1
      }
      if found == nil, connection.isClosed {
        throw connection.failure ?? Failure(.connectionLost, "wait: not connected")
      }
      return found != nil
    }
    guard let found else { throw Failure(.timedOut, "wait: \(lateness(call))") }
    log.setAwaited(found.number)
    variables["topic"] = [UInt8](log.topic(of: found))
    variables["payload"] = [UInt8](log.payload(of: found))
  }

  private func isAwaited(
    _ entry: MessageLog.Entry, _ filter: TopicFilter, _ text: [UInt8]?,
    on connection: ShellConnection
  ) -> Bool {
    guard !entry.wasAwaited, entry.connection == connection.id else { return false }
    let topic = log.topic(of: entry)
    guard filter.matches(topic), connection.subscriptions.bring(topic, entry.number) else {
      return false
    }
    return text.map { log.payload(of: entry).holds($0) } ?? true
  }

  private func lateness(_ call: Builtin.Call) -> String {
    let topic = call.operands.first.map { "'\($0.shown)'" } ?? ""
    let match = call.settings.shell.match.map { " with '\(Argument(bytes: $0).shown)' in it" } ?? ""
    let limit = call.settings.timeout.map { " within \(Duration.seconds($0).shownSeconds) s" } ?? ""
    return "no message of \(topic)\(match)\(limit)"
  }
}

extension ShellSubscriptions {
  /// The message came by one of them since that was made; of a session that the server has kept any may.
  func bring(_ topic: UnsafeRawBufferPointer, _ number: Int) -> Bool {
    all.isEmpty || all.contains { $0.firstMessage <= number && $0.filter.matches(topic) }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes stand somewhere in it, one behind the other.
  func holds(_ part: [UInt8]) -> Bool {
    guard let first = part.first, part.count <= count else { return part.isEmpty }
    for start in 0...(count - part.count) where self[start] == first {
      if self[start..<(start + part.count)].elementsEqual(part) { return true }
    }
    return false
  }
}

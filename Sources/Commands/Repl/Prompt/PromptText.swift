// What the prompt says: server, client identifier, state and what was not read.

import Glibc
import LineEditing
import MQTTProtocol
import MQTTSession
import Transport

/// Makes prompts; remembers since when connections are lost.
struct PromptText {
  /// Since when, in seconds since 1970, by the connection's number.
  private var lost: [Int: time_t] = [:]

  mutating func prompt(of shell: Shell, at now: Instant = MonotonicClock.now()) -> Prompt {
    for connection in shell.connections {
      if connection.isConnected {
        lost[connection.id] = nil
      } else if lost[connection.id] == nil {
        lost[connection.id] = time(nil)
      }
    }
    guard let connection = shell.current else {
      return Prompt([.init("apus "), .init("not connected", .warning), .init("> ")])
    }
    let name = shell.connections.count > 1 ? "[\(connection.name)] " : ""
    let client = Self.short(
      String(decoding: connection.client.session.clientID.bytes, as: UTF8.self))
    var pieces: [Prompt.Piece] = [
      .init("\(name)\(connection.endpoint) \(client.isEmpty ? "" : client + " ")", .bold)
    ]
    pieces.append(state(of: connection, at: now))
    if shell.unread > 0 { pieces.append(.init(", \(shell.unread) unread")) }
    return Prompt(pieces + [.init("> ")])
  }

  private func state(of connection: ShellConnection, at now: Instant) -> Prompt.Piece {
    let since = "offline since \(Self.wallTime(lost[connection.id] ?? time(nil)))"
    switch connection.state {
    case .connected:
      // Nobody need hear of a reader that only takes a breath.
      if let heldUp = connection.heldUp, now - heldUp.since > .seconds(1) {
        return .init("connected, held up by \(heldUp.by)", .warning)
      }
      return .init("connected", .good)
    case .dialing where !connection.hasStood, .opening where !connection.hasStood:
      return .init("connecting", .warning)
    case .dialing, .opening: return .init("\(since), reconnecting", .warning)
    case .waiting(let due):
      let rest = max(.zero, due - now) / .seconds(1)
      return .init("\(since), reconnecting in \(Int(rest.rounded(.up))) s", .bad)
    case .closed: return .init(since, .bad)
    }
  }

  /// The prompt changes with time: it counts seconds down.
  static func ticks(_ shell: Shell) -> Bool {
    if case .waiting = shell.current?.state { return true }
    return shell.current?.heldUp != nil
  }

  /// Those that servers make up are long, and say nothing at their ends.
  private static func short(_ clientID: String) -> String {
    clientID.count <= 23 ? clientID : clientID.prefix(16) + "…"
  }

  private static func wallTime(_ moment: time_t) -> String {
    var moment = moment
    var parts = tm()
    localtime_r(&moment, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec]
      .map { String($0, width: 2) }.joined(separator: ":")
  }
}

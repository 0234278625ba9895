// What the prompt says: server, client identifier, state and what was not read.

import Glibc
import LineEditing
import MQTTProtocol
import MQTTSession
import Transport

/// Makes prompts; remembers since when connections are lost.
struct PromptText {
  /// Since when, by the connection's number.
  private var lost: [Int: Instant] = [:]

  mutating func prompt(of shell: Shell, at now: Instant = MonotonicClock.now()) -> Prompt {
    for connection in shell.connections {
      if connection.isConnected {
        lost[connection.id] = nil
      } else if lost[connection.id] == nil {
        lost[connection.id] = now
      }
    }
    guard let connection = shell.current else {
      return Prompt([.init("apus "), .init("not connected", .warning), .init("> ")])
    }
    let name = shell.connections.count > 1 ? "[\(connection.name)] " : ""
    let client = String(decoding: connection.client.session.clientID.bytes, as: UTF8.self)
    var pieces: [Prompt.Piece] = [
      .init("\(name)\(connection.endpoint) \(client.isEmpty ? "" : client + " ")", .bold)
    ]
    pieces.append(state(of: connection, at: now))
    if shell.unread > 0 { pieces.append(.init(", \(shell.unread) unread")) }
    return Prompt(pieces + [.init("> ")])
  }

  private func state(of connection: ShellConnection, at now: Instant) -> Prompt.Piece {
    let age = now - (lost[connection.id] ?? now)
    let since = "offline since \(Self.wallTime(before: age))"
    switch connection.state {
    case .connected: return .init("connected", .good)
    case .dialing where !connection.hasStood, .opening where !connection.hasStood:
      return .init("connecting", .warning)
    case .dialing, .opening: return .init("\(since), reconnecting", .warning)
    case .waiting(let due):
      let rest = max(.zero, due - now) / .seconds(1)
      return .init("\(since), reconnecting in \(Int(rest.rounded(.up))) s", .bad)
    case .closed: return .init(since, .bad)
    }
  }

  /// The prompt counts seconds down.
  static func ticks(_ shell: Shell) -> Bool {
    if case .waiting = shell.current?.state { true } else { false }
  }

  private static func wallTime(before age: Duration) -> String {
    var moment = time(nil) - time_t(age.components.seconds)
    var parts = tm()
    localtime_r(&moment, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec]
      .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}

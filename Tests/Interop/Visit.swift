// apus and one broker in one version of MQTT.

import Foundation
import TestSupport

/// As `-V` has it.
enum Version: String, Sendable, CaseIterable {
  case v31 = "31"
  case v311 = "311"
  case v5 = "5"

  var name: String {
    switch self {
    case .v31: "3.1"
    case .v311: "3.1.1"
    case .v5: "5"
    }
  }
}

/// A scenario's view of a broker.
struct Visit {
  let broker: Broker
  let version: Version
  /// Below which the scenario has its topics, so that none meets what another left behind.
  let topic: String

  init(_ broker: Broker, _ version: Version, _ scenario: String) {
    self.broker = broker
    self.version = version
    topic = "it/\(scenario.filter(\.isLetter))/\(version.rawValue)"
  }

  /// How the broker is reached.
  enum Way { case plain, tls, webSocket }

  /// - Parameter login: other words than those of the user who may.
  func words(
    _ command: String, _ rest: [String], by way: Way = .plain, login: [String] = Broker.login
  ) -> [String] {
    let address =
      switch way {
      case .plain: ["-h", "127.0.0.1", "-p", String(broker.ports.plain)]
      case .webSocket: ["--ws", "-h", "127.0.0.1", "-p", String(broker.ports.webSocket)]
      case .tls:
        [
          "-h", "localhost", "-p", String(broker.ports.tls), "--cafile",
          broker.certificates.file("ca.pem"),
        ]
      }
    // Some brokers take no client without an identifier, or one of more than 23 characters.
    let id = rest.contains("-i") ? [] : ["-i", "it\(UInt32.random(in: 0...UInt32.max))"]
    return [command, "-V", version.rawValue] + address + login + id + rest
  }

  /// - Returns: nil where it ended with status 0, or else what it said and its status.
  func run(
    _ command: String, _ rest: [String], by way: Way = .plain, login: [String] = Broker.login
  ) throws -> String? {
    let ended = try Program.run(words(command, rest, by: way, login: login), within: 30)
    return ended.ending == .exited(0) && ended.errors.isEmpty
      ? nil : shown(ended.errors, ended.ending)
  }

  /// Publishes; what it says is a failure.
  func publish(_ rest: [String], by way: Way = .plain) throws {
    if let fault = try run("pub", rest, by: way) { throw TimedOut(description: fault) }
  }

  /// Starts a subscriber and waits until it is subscribed.
  func subscribe(_ rest: [String], by way: Way = .plain) throws -> RunningProgram {
    let program = try start("sub", rest, by: way)
    try program.waitForError("received SUBACK")
    return program
  }

  func start(
    _ command: String, _ rest: [String], by way: Way = .plain, input: RunningProgram.Input = .none
  ) throws -> RunningProgram {
    try RunningProgram([Program.apus] + words(command, rest + ["-d"], by: way), input: input)
  }

  /// - Returns: nil where the program wrote this, and what there was otherwise.
  func difference(_ program: RunningProgram, from wanted: String) throws -> String? {
    let ending = try program.wait(within: 30)
    if ending == .exited(0), program.outputText == wanted { return nil }
    return shown(program.errorText, ending) + ", got '\(program.outputText.suffix(200))'"
  }

  /// What the user sees, without what differs from run to run.
  func shown(_ errors: String, _ ending: Ending) -> String {
    let said = errors.split(separator: "\n").filter { $0.hasPrefix("apus ") }.map { line in
      [broker.ports.plain, broker.ports.tls, broker.ports.webSocket].reduce(String(line)) {
        $0.replacing("127.0.0.1:\($1)", with: "HOST").replacing("localhost:\($1)", with: "HOST")
      }.replacing(topic, with: "TOPIC")
    }
    let status =
      switch ending {
      case .exited(let status): "status \(status)"
      case .signaled(let signal): "signal \(signal)"
      }
    return ([status] + said.suffix(1)).joined(separator: ": ")
  }
}

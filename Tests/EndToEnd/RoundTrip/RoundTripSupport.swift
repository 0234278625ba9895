// What the round trips share: brokers, subscribers that are known to listen, payloads.

import Foundation
import Synchronization
import TestSupport

/// A broker that lives as long as the test process, and names for its topics and clients.
enum Shared {
  static let broker: Result<Mosquitto, any Error> = Result {
    let broker = try Mosquitto([
      "allow_anonymous true", "max_inflight_messages 0", "max_queued_messages 0",
      "message_size_limit 0",
    ])
    atexit { try? Shared.broker.get().kill() }
    return broker
  }

  private static let counter = Mutex(0)

  /// A topic or client identifier that nobody else uses; short enough for MQTT 3.1.
  static func name(_ prefix: String = "n") -> String {
    let number = counter.withLock { number in
      number += 1
      return number
    }
    return "\(prefix)\(number)"
  }
}

/// The clients at either end.
enum Client: String, CaseIterable, Sendable {
  case apus, mosquitto

  var pub: [String] { self == .apus ? [Program.apus, "pub"] : ["mosquitto_pub"] }
  var sub: [String] { self == .apus ? [Program.apus, "sub"] : ["mosquitto_sub"] }

  var other: Client { self == .apus ? .mosquitto : .apus }
}

extension Mosquitto {
  /// A subscriber whose subscriptions the broker has acknowledged.
  func subscriber(
    _ client: Client, id: String = Shared.name("s"), _ words: [String]
  ) throws -> RunningProgram {
    let start = log.utf8.count
    let program = try RunningProgram(client.sub + address + ["-i", id] + words)
    try waitForLog("Sending SUBACK to \(id)\n", after: start)
    return program
  }

  /// - Parameter start: where to begin in the log; it is long, and has older lines of the same kind.
  func waitForLog(_ text: String, after start: Int) throws {
    try eventually("'\(text)' in the broker's log") {
      Substring(log.utf8.dropFirst(start)).contains(text)
    }
  }

  /// Publishes to the end of it.
  func publish(
    _ client: Client, _ words: [String], input: RunningProgram.Input = .none,
    within seconds: Double = 20
  ) throws {
    let program = try RunningProgram(client.pub + address + words, input: input)
    guard try program.wait(within: seconds) == .exited(0) else {
      throw TimedOutPublishing(words: words, errors: program.errorText)
    }
  }
}

struct TimedOutPublishing: Error {
  let words: [String]
  let errors: String
}

extension RunningProgram {
  /// What it wrote, once it has ended with status 0.
  func output(within seconds: Double = 20) throws -> [UInt8] {
    let ending = try wait(within: seconds)
    guard ending == .exited(0) else {
      throw UnexpectedEnding(ending: ending, errors: errorText)
    }
    return outputSoFar
  }

  func text(within seconds: Double = 20) throws -> String {
    String(decoding: try output(within: seconds), as: UTF8.self)
  }
}

struct UnexpectedEnding: Error {
  let ending: Ending
  let errors: String
}

/// Whether all bytes are the same; quick, and quiet when they are not.
func same(_ one: [UInt8], _ other: [UInt8]) -> Bool {
  one.count == other.count
    && one.withUnsafeBytes { left in
      other.withUnsafeBytes { memcmp(left.baseAddress!, $0.baseAddress!, left.count) == 0 }
    }
}

func randomBytes(_ count: Int) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
    let random = fopen("/dev/urandom", "r")!
    size = fread(buffer.baseAddress, 1, count, random)
    fclose(random)
  }
}

/// "line 1" to "line <count>", each with its newline.
func numberedLines(_ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  for number in 1...count { bytes += Array("line \(number)\n".utf8) }
  return bytes
}

import Foundation
import TestSupport

/// A folder for an outbox, and the commands that use it.
final class Spool: Sendable {
  let folder = TemporaryDirectory()
  var path: String { folder.file("spool") }
  var database: String { path + "/outbox.db" }

  typealias Result = (ending: Ending, output: [UInt8], errors: String)

  /// No broker is there.
  static let nowhere = ["-h", "127.0.0.1", "-p", "1"]

  func pub(
    _ words: [String], input: RunningProgram.Input = .none, within seconds: Double = 20
  ) throws -> Result {
    try Program.run(["pub", "--outbox", path] + words, input: input, within: seconds)
  }

  func outbox(
    _ action: [String], _ words: [String] = [], within seconds: Double = 20
  ) throws -> Result {
    try Program.run(["outbox"] + action + ["--outbox", path] + words, within: seconds)
  }

  func flush(_ words: [String] = [], within seconds: Double = 20) throws -> Result {
    try outbox(["flush"], words, within: seconds)
  }

  /// A number of `outbox stats`.
  func count(_ name: String) throws -> Int {
    let result = try outbox(["stats"])
    let text = String(decoding: result.output, as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(name): ") }
    guard let number = line.flatMap({ Int($0.dropFirst(name.count + 2)) }) else {
      throw TestFailure("no '\(name)' in '\(text)': \(result.errors)")
    }
    return number
  }

  /// Names of the files in the outbox.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

extension Mosquitto {
  /// One that forgets nothing when it is stopped.
  static func persistent() throws -> Mosquitto {
    try Mosquitto([
      "allow_anonymous true", "persistence true", "persistence_location DIR/",
      "max_queued_messages 0",
    ])
  }

  /// A mosquitto_sub whose session is kept.
  func persistentSubscriber(_ topic: String, qos: Int = 2) throws -> RunningProgram {
    let start = log.utf8.count
    let program = try RunningProgram(
      ["mosquitto_sub"] + address + ["-c", "-i", "reader", "-q", "\(qos)", "-t", topic])
    try waitForLog("Sending SUBACK to reader\n", after: start)
    return program
  }
}

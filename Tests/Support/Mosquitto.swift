// A real broker for one test.

import Foundation
import Glibc

/// Debian's mosquitto on a free loopback port, in a folder of its own.
package final class Mosquitto: @unchecked Sendable {
  package let port: UInt16
  package let directory = TemporaryDirectory()
  private let command: [String]
  private var process: RunningProgram

  /// - Parameters:
  ///   - lines: of mosquitto.conf; `DIR` in them is the broker's folder.
  ///   - named: files in that folder.
  ///   - logsPackets: every packet has its line in the log; too slow for a flood of them.
  package init(
    _ lines: [String] = ["allow_anonymous true"], named: [String: String] = [:],
    logsPackets: Bool = true
  ) throws {
    for (name, text) in named { _ = try directory.write(Array(text.utf8), to: name) }
    let folder = directory.path
    let own =
      lines.map { $0.replacingOccurrences(of: "DIR", with: folder) }
      + ["log_dest stderr", "log_type information", "log_type error", "log_type subscribe"]
    for _ in 0..<20 {
      let port = try freePort()
      let text =
        (["listener \(port) 127.0.0.1"] + (getuid() == 0 ? ["user root"] : []) + own)
        .joined(separator: "\n") + "\n"
      let path = try directory.write(Array(text.utf8), to: "mosquitto.conf")
      let command = [Self.path] + (logsPackets ? ["-v"] : []) + ["-c", path]
      let process = try RunningProgram(command)
      if try Self.answers(process, port) {
        self.port = port
        self.process = process
        self.command = command
        return
      }
    }
    throw TimedOut(description: "mosquitto does not start")
  }

  deinit { process.send(SIGKILL) }

  /// `-h` and `-p` for its clients.
  package var address: [String] { ["-h", "127.0.0.1", "-p", String(port)] }
  package var log: String { process.errorText }

  /// Ends it as a system would, so that it saves what it has to.
  package func stop() throws {
    // Between listening and its loop it forgets a signal, so one alone may be lost behind `start`.
    try eventually("the broker's end") {
      if process.hasEnded { return true }
      process.send(SIGTERM)
      return false
    }
    try process.wait()
  }

  package func kill() throws {
    process.send(SIGKILL)
    try process.wait()
  }

  package func pause() { process.send(SIGSTOP) }
  package func resume() { process.send(SIGCONT) }

  /// Starts it again on the same port.
  package func start() throws {
    process = try RunningProgram(command)
    guard try Self.answers(process, port) else {
      throw TimedOut(description: "mosquitto does not start again: \(process.errorText)")
    }
  }

  package func waitForLog(_ text: String, within seconds: Double = 10) throws {
    try process.waitForError(text, within: seconds)
  }

  /// Makes a password file for users and their passwords.
  package static func passwords(_ users: [String: String], in path: String) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    for (user, password) in users {
      let made = try RunningProgram(["mosquitto_passwd", "-b", path, user, password])
      try made.wait()
    }
  }

  private static var path: String {
    ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    } ?? "mosquitto"
  }

  /// Until it listens or has ended.
  private static func answers(_ process: RunningProgram, _ port: UInt16) throws -> Bool {
    try eventually("mosquitto to start", within: 10) {
      process.errorText.contains(" running\n") || process.errorText.contains("Error")
    }
    return process.errorText.contains(" running\n")
  }
}

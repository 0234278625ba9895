import Foundation
import Glibc
import TestSupport
import Testing

/// Keys and certificates that come through a pipe.
@Suite("Files that are pipes", .ownThread) struct PipedFileTests {
  private let folder = TemporaryDirectory()

  /// A pipe that nobody writes to.
  private func silence(_ name: String) -> String {
    let path = folder.file(name)
    #expect(mkfifo(path, 0o600) == 0)
    return path
  }

  /// Options in which FILE is to be read, and nobody says when.
  static let options: [String] = [
    "--tls --cafile FILE", "--cafile CA --crl FILE", "--tls --cert FILE",
    "--tls --cert CERT --key FILE", "--proxy https://127.0.0.1:1 --proxy-cafile FILE",
    "-u me --pw-file FILE", "-p 8883 --psk-identity me --psk-file FILE",
    "--tls --cert CERT --key LOCKED --key-pass-file FILE", "--seal FILE", "--sign FILE",
  ]

  private func words(_ line: String) throws -> [String] {
    let made = try Secure.certificates.get()
    let fifo = silence("pipe")
    let places = [
      "FILE": fifo, "CERT": made.file("client.pem"), "CA": made.file("ca.pem"),
      "LOCKED": made.file("locked.pem"),
    ]
    return line.split(separator: " ").map { places[String($0)] ?? String($0) }
  }

  @Test("-W ends the wait for one that says nothing", arguments: options)
  func limit(_ line: String) throws {
    let program = try RunningProgram(
      [Program.apus, "pub", "-h", "127.0.0.1", "-p", "1", "-t", "a", "-m", "x", "-W", "0.3"]
        + words(line), environment: Secure.noEnvironment)
    #expect(try program.wait(within: 8) == .exited(27), "\(program.errorText)")
    expectOneLine(program.errorText, from: "pub")
  }

  @Test("and so does a signal", arguments: ["--tls --cert CERT --key FILE", "--seal FILE"])
  func signal(_ line: String) throws {
    let words = try words(line)
    let program = try RunningProgram(
      [Program.apus, "pub", "-h", "127.0.0.1", "-p", "1", "-t", "a", "-m", "x"] + words,
      environment: Secure.noEnvironment)
    // Somebody reads it then.
    var end: CInt = -1
    try eventually("the pipe to be read") {
      end = open(folder.file("pipe"), O_WRONLY | O_NONBLOCK)
      return end >= 0
    }
    defer { close(end) }
    program.send(SIGTERM)
    #expect(try program.wait(within: 8) == .signaled(SIGTERM), "\(program.errorText)")
  }

  @Test("a subscriber does not wait for its keys either", arguments: ["--open", "--verify"])
  func opening(_ option: String) throws {
    let program = try RunningProgram(
      [Program.apus, "sub", "-h", "127.0.0.1", "-p", "1", "-t", "a", "-W", "0.3", option]
        + [silence("pipe")], environment: Secure.noEnvironment)
    #expect(try program.wait(within: 8) == .exited(27), "\(program.errorText)")
  }

  /// Runs a line of bash with the certificates' folder as `$0` and the program's words behind it.
  private static func bash(_ line: String, _ words: [String]) throws -> RunningProgram {
    let made = try Secure.certificates.get()
    return try RunningProgram(
      ["bash", "-c", line, made.directory.path] + words, environment: Secure.noEnvironment)
  }

  @Test("what a command prints is read: certificates, key and authorities") func substitution()
    throws
  {
    let broker = try Secure.Way.mutual.broker
    let program = try Self.bash(
      "exec \"$@\" --cafile <(cat \"$0/ca.pem\") --cert <(cat \"$0/client.pem\") "
        + "--key <(sleep 0.2; cat \"$0/key.pem\")",
      [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + broker.address)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    // Certificate and key in one, which is read twice.
    let both = try Self.bash(
      "cat \"$0/client.pem\" \"$0/key.pem\" | \"$@\" --cafile \"$0/ca.pem\" --cert /dev/stdin",
      [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + broker.address)
    #expect(try both.wait() == .exited(0), "\(both.errorText)")
  }

  @Test("after a loss they are still known") func reconnect() throws {
    let made = try Secure.certificates.get()
    let broker = try Mosquitto(made.listener("server"))
    let program = try Self.bash(
      "exec \"$@\" --cafile <(cat \"$0/ca.pem\")",
      [Program.apus, "sub", "-h", "localhost", "-p", String(broker.port), "-t", "a", "-C", "1"]
        + ["--reconnect-delay", "0.05", "-i", "piped"])
    try broker.waitForLog("Sending SUBACK to piped")
    try broker.stop()
    try broker.start()
    try broker.waitForLog("Sending SUBACK to piped")
    let publisher = try RunningProgram(
      [Program.apus, "pub", "-h", "localhost", "-p", String(broker.port), "--cafile"]
        + [made.file("ca.pem"), "-t", "a", "-m", "x"], environment: Secure.noEnvironment)
    #expect(try publisher.wait() == .exited(0), "\(publisher.errorText)")
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.outputText == "x\n")
  }

  @Test("rubbish and nothing in a pipe are told by the name that was given", arguments: ["", "x"])
  func rubbish(_ text: String) throws {
    let program = try Self.bash(
      "exec \"$@\" --cafile <(printf '\(text)')",
      [Program.apus, "pub", "-h", "127.0.0.1", "-p", "1", "-t", "a", "-m", "x", "--tls"])
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains("CA file /dev/fd/"), "\(program.errorText)")
    #expect(program.errorText.contains("has no certificate in PEM form"))
  }

  @Test("keys for sealed payloads may come from a command") func sealing() throws {
    let ring = try SealingTests.ring.get()
    let broker = try Shared.broker.get()
    let topic = Shared.name("pipe")
    let key = ring["aes-256-gcm"]
    let subscriber = try RunningProgram(
      ["bash", "-c", "exec \"$@\" --open <(cat '\(key)')", "bash", Program.apus, "sub"]
        + broker.address + ["-t", topic, "-C", "1", "-i", "reader\(topic)"])
    try broker.waitForLog("Sending SUBACK to reader\(topic)")
    let publisher = try RunningProgram(
      ["bash", "-c", "exec \"$@\" --seal <(cat '\(key)')", "bash", Program.apus, "pub"]
        + broker.address + ["-t", topic, "-m", "piped"])
    #expect(try publisher.wait() == .exited(0), "\(publisher.errorText)")
    #expect(try subscriber.wait() == .exited(0), "\(subscriber.errorText)")
    #expect(subscriber.outputText == "piped\n")
  }
}

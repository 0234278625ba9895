import Foundation
import TestSupport
import Testing

/// `--seal` and `--sign` with `--outbox`: what waits on the disk is sealed.
@Suite("Sealed outbox", .ownThread) struct SealedOutboxTests {
  private static let secret = "geheimnisvoll"

  /// Whether any of the files, SQLite's log among them, has the text.
  private static func isReadable(_ text: String, in spool: Spool) throws -> Bool {
    try spool.files().contains { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: spool.path + "/" + name))
      return data.range(of: Data(text.utf8)) != nil
    }
  }

  /// Stores a line and leaves it in the log, with the program still running.
  private static func isReadable(_ words: [String]) throws -> Bool {
    let spool = Spool()
    let program = try RunningProgram(
      [Program.apus, "pub", "--outbox", spool.path, "-t", "a", "-q", "1", "-l"] + words
        + Spool.nowhere, input: .open)
    program.write("one \(secret)\n")
    try eventually("the message to be stored") { (try? spool.count("stored")) == 1 }
    let isThere = try isReadable(secret, in: spool)
    program.closeInput()
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    let remains = try isReadable(secret, in: spool)
    #expect(remains == isThere)
    return isThere
  }

  @Test("no file has the text, while a line waits and afterwards") func disk() throws {
    let ring = try SealingTests.ring.get()
    #expect(try Self.isReadable([]))
    #expect(try !Self.isReadable(["--seal", ring["x25519.pub"]]))
    #expect(try !Self.isReadable(["--seal", ring["aes-256-gcm"], "-V", "5"]))
  }

  @Test("what was stored is opened by a subscriber later", arguments: ["311", "5"])
  func later(_ version: String) throws {
    let broker = try Mosquitto.persistent()
    let ring = try SealingTests.ring.get()
    let spool = Spool()
    let file = try ring.folder.write(
      [UInt8](repeating: 120, count: 2 << 20), to: "large\(version)")
    let words =
      ["--seal", ring["x25519.pub"], "--sign", ring["ed25519"], "-V", version, "-q", "2"]
      + Spool.nowhere
    let json = #"{"topic":"a/j","payload":"\#(Self.secret)"}"# + "\n"
    let inputs: [([String], RunningProgram.Input)] = [
      (["-t", "a/m", "-m", Self.secret], .none), (["-t", "a/f", "-f", file], .none),
      (["-t", "a/r", "-m", "again", "--repeat", "3"], .none),
      (["-t", "a/l", "-l"], .bytes(Array("1 \(Self.secret)\n2\n".utf8))),
      (["--json-lines"], .bytes(Array(json.utf8))),
    ]
    for (more, input) in inputs {
      let result = try spool.pub(words + more, input: input)
      #expect(result.ending == .exited(0), "\(result.errors)")
    }
    #expect(try spool.count("queued") == 8)
    #expect(try !Self.isReadable(Self.secret, in: spool))
    #expect(try !Self.isReadable(String(repeating: "x", count: 64), in: spool))
    let subscriber = try broker.subscriber(
      .apus,
      ["--open", ring["x25519"], "--verify", ring["ed25519.pub"], "-V", version, "-q", "2"]
        + ["-t", "a/#", "-C", "8", "-F", "%t %l"])
    let flushed = try spool.flush(broker.address)
    #expect(flushed.ending == .exited(0), "\(flushed.errors)")
    #expect(try subscriber.wait() == .exited(0), "\(subscriber.errorText)")
    let size = Self.secret.utf8.count
    #expect(
      subscriber.outputText
        == "a/m \(size)\na/f 2097152\na/r 5\na/r 5\na/r 5\na/l \(size + 2)\na/l 1\na/j \(size)\n")
    #expect(subscriber.errorText == "")
  }

  @Test("an envelope in MQTT 5's properties waits for MQTT 5") func versions() throws {
    let broker = try Mosquitto.persistent()
    let ring = try SealingTests.ring.get()
    let spool = Spool()
    let stored = try spool.pub(
      ["--seal", ring["aes-256-gcm"], "-V", "5", "-t", "a", "-q", "1", "-m", Self.secret]
        + Spool.nowhere)
    #expect(stored.ending == .exited(0), "\(stored.errors)")
    let subscriber = try broker.subscriber(
      .apus, ["--open", ring["aes-256-gcm"], "-V", "5", "-t", "a", "-C", "1"])
    let kept = try spool.flush(broker.address + ["-V", "311"])
    #expect(kept.ending == .exited(1), "\(kept.errors)")
    #expect(kept.errors.contains("message 1 stays in the outbox") && kept.errors.contains("-V 5"))
    #expect(try spool.count("queued") == 1)
    let flushed = try spool.flush(broker.address)
    #expect(flushed.ending == .exited(0), "\(flushed.errors)")
    #expect(try subscriber.wait() == .exited(0), "\(subscriber.errorText)")
    #expect(subscriber.outputText == Self.secret + "\n")
  }

  @Test("a missing key stores nothing") func missing() throws {
    let spool = Spool()
    let result = try spool.pub(
      ["--seal", "/nonexistent/key", "-t", "a", "-q", "1", "-m", "x"] + Spool.nowhere)
    #expect(result.ending == .exited(1))
    #expect(result.errors.contains("--seal: /nonexistent/key"), "\(result.errors)")
    #expect(try spool.count("stored") == 0)
  }
}

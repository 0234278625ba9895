import Foundation
import TestSupport
import Testing

/// Disks that are full, files that are damaged.
@Suite("Outbox, faults", .ownThread) struct OutboxFaultTests {
  private static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private static func filled() throws -> Spool {
    let spool = Spool()
    let lines = (0..<20).map { "message \($0) \(String(repeating: "x", count: 500))\n" }.joined()
    let result = try spool.pub(
      ["-t", "a", "-q", "2", "-l"] + Spool.nowhere, input: .bytes(Array(lines.utf8)))
    guard result.ending == .exited(0) else { throw TestFailure(result.errors) }
    return spool
  }

  @Test("a damaged database is set aside and named; nothing of it is sent") func damaged() throws {
    let spool = try Self.filled()
    var bytes = try Self.bytes(spool.database)
    let place = try #require(
      Data(bytes).range(of: Data("message 7 x".utf8))?.lowerBound)
    bytes[place + 3] ^= 4
    try Data(bytes).write(to: URL(fileURLWithPath: spool.database))
    let broker = try Mosquitto()
    let result = try spool.flush(broker.address)
    #expect(result.ending == .exited(73), "\(result.errors)")
    #expect(!broker.log.contains("Received PUBLISH"))
    #expect(
      result.errors.contains("damaged (message 8); it is set aside as \(spool.database).damaged-1"),
      "\(result.errors)")
    #expect(try Self.bytes(spool.database + ".damaged-1") == bytes)
    #expect(try spool.flush().ending == .exited(73))
    let next = try spool.pub(["-t", "a", "-q", "1", "-m", "x"] + Spool.nowhere)
    #expect(next.ending == .exited(0) && next.errors.contains("1 message is queued"))
  }

  @Test("cut off at any length it is set aside") func prefixes() throws {
    let spool = try Self.filled()
    let broker = try Mosquitto()
    let whole = try Self.bytes(spool.database)
    for length in [1, 15, 16, 50, 99, 100, 4095, 4096, 8192, whole.count / 2, whole.count - 1] {
      try Data(whole[..<length]).write(to: URL(fileURLWithPath: spool.database))
      let result = try spool.flush(broker.address)
      #expect(result.ending == .exited(73), "\(length): \(result.errors)")
      #expect(result.errors.contains("set aside as"), "\(length): \(result.errors)")
    }
  }

  @Test(
    "another program's database, and a newer apus's, are left alone",
    arguments: [
      "PRAGMA user_version = 2", "PRAGMA application_id = 77",
    ])
  func foreign(_ change: String) throws {
    let spool = try Self.filled()
    let sqlite = try RunningProgram(["sqlite3", spool.database, change])
    #expect(try sqlite.wait() == .exited(0), "\(sqlite.errorText)")
    let before = try Self.bytes(spool.database)
    for result in [
      try spool.flush(), try spool.pub(["-t", "a", "-m", "x"] + Spool.nowhere),
      try spool.outbox(["ls"]),
    ] {
      #expect(result.ending == .exited(73), "\(result.errors)")
      let why = change.contains("user") ? "format 2, made by a newer apus" : "not an outbox"
      #expect(result.errors.contains(why), "\(result.errors)")
    }
    #expect(try Self.bytes(spool.database) == before)
    #expect(try spool.files().contains { $0.contains("damaged") } == false)
  }

  @Test("a folder that cannot be made, or is none") func folders() throws {
    let folder = TemporaryDirectory()
    let file = try folder.write([], to: "file")
    for path in ["/proc/outbox", file, file + "/x", folder.path + "/no/such"] {
      let result = try Program.run(
        ["pub", "--outbox", path, "-t", "a", "-m", "x"] + Spool.nowhere)
      #expect(result.ending == .exited(73), "\(path): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
  }

  /// Runs a shell command in which `spool` is a small disk of its own.
  private static func onSmallDisk(_ size: String, _ spool: Spool, _ command: String) throws
    -> RunningProgram
  {
    try FileManager.default.createDirectory(
      atPath: spool.path, withIntermediateDirectories: true)
    return try RunningProgram([
      "unshare", "-m", "sh", "-c",
      "mount -t tmpfs -o size=\(size) none \(spool.path) && \(command)",
    ])
  }

  static let hasMounts =
    (try? RunningProgram(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]).wait())
    == .exited(0)

  @Test(
    "a full disk: what was stored stays stored, the rest is an error",
    .enabled(if: hasMounts, "needs root for a disk of its own"))
  func fullDisk() throws {
    let spool = Spool()
    let apus = "\(Program.apus) pub --outbox \(spool.path) -t a -q 1 -h 127.0.0.1 -p 1"
    let program = try Self.onSmallDisk(
      "300k", spool,
      """
      for n in 1 2 3 4 5 6 7 8 9; do head -c 40000 /dev/zero | \(apus) -s || echo status $?; done
      \(Program.apus) outbox stats --outbox \(spool.path)
      \(Program.apus) outbox ls --outbox \(spool.path) | wc -l
      """)
    try program.wait()
    let lines = program.outputText.split(separator: "\n").map(String.init)
    let failures = lines.filter { $0 == "status 73" }.count
    #expect(failures > 0 && failures < 9, "\(program.outputText) \(program.errorText)")
    #expect(lines.contains("queued: \(9 - failures)"), "\(program.outputText)")
    #expect(lines.last == "\(9 - failures)")
    #expect(program.errorText.contains("disk is full"), "\(program.errorText)")
    #expect(!program.errorText.contains("damaged"))
  }

  @Test(
    "a disk that may not be written",
    .enabled(if: hasMounts, "needs root for a disk of its own"))
  func readOnly() throws {
    let spool = Spool()
    let apus = "\(Program.apus) pub --outbox \(spool.path) -t a -q 1 -m x -h 127.0.0.1 -p 1"
    let program = try Self.onSmallDisk(
      "1m", spool,
      "\(apus) && mount -o remount,ro \(spool.path) && \(apus); echo status $?")
    try program.wait()
    #expect(program.outputText == "status 73\n", "\(program.errorText)")
    #expect(!program.errorText.contains("damaged"), "\(program.errorText)")
  }
}

import Foundation
import Glibc
import MQTTProtocol
import TestSupport
import Testing

/// `--ack`: what a message's acknowledgement waits for.
@Suite("--ack", .ownThread) struct AcknowledgingTests {
  /// A subscriber whose standard output is a pipe that the test reads.
  private static func piped(_ words: [String]) throws -> (program: RunningProgram, reader: CInt) {
    let ends = try RunningProgram.makePipe()
    defer { close(ends.write) }
    return (try RunningProgram([Program.apus, "sub"] + words, output: ends.write), ends.read)
  }

  private static func read(_ count: Int, from descriptor: CInt) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try eventually("\(count) bytes") {
      var block = [UInt8](repeating: 0, count: count - bytes.count)
      var slot = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&slot, 1, 20) > 0 {
        let taken = Glibc.read(descriptor, &block, block.count)
        if taken > 0 { bytes += block[..<taken] }
      }
      return bytes.count == count
    }
    return bytes
  }

  @Test(
    "read: when the reader has taken the last byte", arguments: [QoS.atLeastOnce, .exactlyOnce])
  func whenRead(_ qos: QoS) throws {
    let ends = try RunningProgram.makePipe()
    let broker = try subscribedBroker { connection in
      for number in 1...3 as ClosedRange<UInt16> {
        connection.ask(Array("message\(number)".utf8), answer: nil, qos: qos, packetID: number)
      }
      #expect(try Self.read(8, from: ends.read) == Array("message1".utf8))
      // The newline is still in the pipe.
      if let early = try? connection.receive(within: 0.2) { throw TestFailure("\(early)") }
      #expect(try Self.read(1, from: ends.read) == [10])
      // The three may have been written at once; then they are acknowledged at once.
      _ = try Self.read(18, from: ends.read)
      for number in 1...3 as ClosedRange<UInt16> {
        #expect(try connection.receiveAcknowledgement().packetID.rawValue == number)
      }
      if qos == .exactlyOnce {
        for number in 1...3 as ClosedRange<UInt16> {
          let id = PacketID(rawValue: number) ?? .first
          connection.send(.acknowledgement(Acknowledgement(.pubRel, id)))
          #expect(try connection.receiveAcknowledgement().type == .pubComp)
        }
      }
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "-V", "5", "-t", "q", "-q", "\(qos.rawValue)", "-C", "3"]
        + ["--ack", "read"] + broker.address, output: ends.write)
    close(ends.write)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    close(ends.read)
    try broker.finish()
  }

  @Test("read: what a reader leaves behind is not acknowledged, and the status tells")
  func unread() throws {
    let ends = try RunningProgram.makePipe()
    let broker = try subscribedBroker { connection in
      connection.ask(answer: nil, qos: .atLeastOnce)
      _ = try Self.read(1, from: ends.read)
      close(ends.read)
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "-V", "5", "-t", "q", "-q", "1", "-v", "--ack", "read"]
        + broker.address, output: ends.write)
    close(ends.write)
    #expect(try program.wait() == .exited(74))
    #expect(program.errorText == "apus sub: standard output: broken pipe\n")
    try broker.finish()
  }

  @Test("read: a signal does not wait long for a reader that takes nothing") func signal() throws {
    let broker = try subscribedBroker { connection in
      connection.ask([1], answer: nil, qos: .atLeastOnce)
      try connection.receiveDisconnect()
    }
    let (program, reader) = try Self.piped(
      ["-V", "5", "-t", "q", "-q", "1", "--ack", "read"] + broker.address)
    var unread: CInt = 0
    try eventually("output") { ioctl(reader, UInt(FIONREAD), &unread) == 0 && unread == 2 }
    program.send(SIGTERM)
    #expect(try program.wait(within: 5) == .exited(0), "\(program.errorText)")
    close(reader)
    try broker.finish()
  }

  @Test("exec: a failing command ends it, and its message is not acknowledged") func exec() throws {
    let broker = try subscribedBroker { connection in
      for number in 1...3 as ClosedRange<UInt16> {
        connection.ask([48 + UInt8(number)], answer: nil, qos: .atLeastOnce, packetID: number)
      }
      #expect(try connection.receiveAcknowledgement().packetID.rawValue == 1)
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "-V", "5", "-t", "q", "-q", "1", "--ack", "exec"]
        + ["--exec", "read n; echo got $n; [ $n != 2 ]"] + broker.address)
    #expect(try program.wait() == .exited(123))
    #expect(program.errorText == "apus sub: q: the command exited with status 1\n")
    #expect(String(decoding: program.outputSoFar, as: UTF8.self) == "got 1\ngot 2\n")
    try broker.finish()
  }

  static let wrong: [WrongLine] = [
    WrongLine("not WHEN", "sub -t a --ack maybe", says: "'maybe' is not write, read or exec"),
    WrongLine("no command", "sub -t a --ack exec", says: "--ack exec needs --exec"),
    WrongLine("a command", "sub -t a --ack read --exec true", says: "with --exec it is exec"),
    WrongLine("a screen", "sub -t a --ack read --watch", says: "--ack read does not go with"),
  ]

  @Test(arguments: wrong) func refused(_ row: WrongLine) throws { try row.check() }

  @Test("read: standard output is no pipe") func noPipe() throws {
    let folder = TemporaryDirectory()
    let file = open(try folder.write([], to: "out"), O_WRONLY)
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "--ack", "read"], output: file)
    close(file)
    #expect(try program.wait() == .exited(1))
    #expect(program.errorText.contains("--ack read needs a pipe"))
  }

  // MARK: Readers that die

  /// `make kills` wants more than the suite has time for.
  private static let scale = OutboxKillTests.kills < 100 ? 1 : 20

  /// Messages wait in a persistent session of mosquitto; readers die at random places.
  @Test("read: each message is read by somebody", arguments: [1, 2])
  func readersDie(_ qos: Int) throws {
    let broker = try Shared.broker.get()
    let id = Shared.name("reader")
    let topic = Shared.name("ack")
    let count = 1000 * Self.scale
    let session = ["-i", id, "-c", "-q", "\(qos)", "-t", topic] + broker.address
    #expect(try Program.run(["sub", "-E"] + session).ending == .exited(0))
    try broker.publish(
      .apus, ["-t", topic, "-q", "\(qos)", "-l"], input: .bytes(numberedLines(count)))
    var random = Generator(seed: UInt64(qos))
    var seen: [String: Int] = [:]
    var lives = 0
    while seen.count < count {
      lives += 1
      try #require(lives < 200 * Self.scale, "\(seen.count) of \(count)")
      let (program, reader) = try Self.piped(session + ["--ack", "read"])
      var life: [UInt8] = []
      var appetite = Int.random(in: 1...3000, using: &random)
      var isOver = false
      while appetite > 0, !isOver {
        var block = [UInt8](repeating: 0, count: min(appetite, 100))
        var slot = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        // Nothing more to come: all was seen, or the rest was acknowledged without being read.
        isOver = poll(&slot, 1, 20_000) == 0
        if isOver { break }
        let taken = Glibc.read(reader, &block, block.count)
        try #require(taken > 0, "\(program.errorText)")
        life += block[..<taken]
        appetite -= taken
      }
      close(reader)
      program.send(SIGTERM)
      try program.wait()
      // A line that was cut was not read.
      for line in life.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
        seen[String(decoding: line, as: UTF8.self), default: 0] += 1
      }
      if isOver { break }
    }
    #expect(seen.count == count)
    #expect(Set(seen.keys) == Set((1...count).map { "line \($0)" }))
  }

  /// apus itself is killed at random moments.
  @Test("exec: each message is processed") func killed() throws {
    let broker = try Shared.broker.get()
    let folder = TemporaryDirectory()
    let id = Shared.name("worker")
    let topic = Shared.name("work")
    let count = 60 * Self.scale
    let session = ["-i", id, "-c", "-q", "1", "-t", topic] + broker.address
    #expect(try Program.run(["sub", "-E"] + session).ending == .exited(0))
    try broker.publish(.apus, ["-t", topic, "-q", "1", "-l"], input: .bytes(numberedLines(count)))
    let path = try folder.write([], to: "done")
    // Every seventh fails the first time.
    let command = """
      read -r word n; [ $((n % 7)) -ne 0 ] || [ -e \(folder.path)/$n ] || { >\(folder.path)/$n; exit 1; }
      echo "$word $n" >>\(path)
      """
    func lines() -> Set<Substring> {
      Set((try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? [])
    }
    var random = Generator(seed: 7)
    var lives = 0
    while lines().count < count {
      lives += 1
      try #require(lives < 200 * Self.scale, "\(lines().count) of \(count)")
      let before = lines().count
      let enough = before + Int.random(in: 1...10, using: &random)
      let program = try RunningProgram(
        [Program.apus, "sub", "--ack", "exec", "--jobs", "3", "--exec", command] + session)
      try eventually("progress") { lines().count >= min(enough, count) || program.hasEnded }
      program.send(SIGKILL)
      let ending = try program.wait()
      #expect(ending == .signaled(SIGKILL) || ending == .exited(123))
    }
    #expect(lines() == Set((1...count).map { "line \($0)" }))
  }
}

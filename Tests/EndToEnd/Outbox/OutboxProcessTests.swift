import Foundation
import TestSupport
import Testing

/// Several processes, losses and limits of time.
@Suite("Outbox, processes", .ownThread) struct OutboxProcessTests {
  @Test("many processes store, one after the other sends, and nothing is lost or repeated")
  func several() throws {
    let broker = try Mosquitto.persistent()
    let subscriber = try broker.persistentSubscriber("a/#")
    let spool = Spool()
    let programs = try (0..<4).map { number in
      try RunningProgram(
        [Program.apus, "pub", "--outbox", spool.path, "-t", "a/\(number)", "-q", "2", "-l"]
          + broker.address,
        input: .bytes(Array((0..<50).map { "\(number) \($0)\n" }.joined().utf8)))
    }
    for program in programs {
      #expect(try program.wait() == .exited(0), "\(program.errorText)")
      #expect(program.errorText == "")
    }
    #expect(try spool.count("delivered") == 200)
    try eventually("200 messages") {
      subscriber.outputSoFar.filter { $0 == 10 }.count >= 200
    }
    let lines = subscriber.outputText.split(separator: "\n")
    #expect(lines.count == 200)
    for number in 0..<4 {
      let own = lines.filter { $0.hasPrefix("\(number) ") }.map { Int($0.dropFirst(2)) }
      #expect(own == Array(0..<50))
    }
  }

  @Test("--no-wait returns while another process sends") func noWait() throws {
    let spool = Spool()
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      while try connection.next() != nil {}
    }
    let words = ["-t", "a", "-q", "1"]
    let sender = try RunningProgram(
      [Program.apus, "pub", "--outbox", spool.path, "-m", "1", "-W", "30"] + words + broker.address)
    try eventually("it to send") {
      String(decoding: try spool.outbox(["stats"]).output, as: UTF8.self).contains("sending: yes")
    }
    let start = monotonicSeconds()
    let second = try spool.pub(words + ["-m", "2", "--no-wait"] + broker.address)
    #expect(second.ending == .exited(0) && second.errors.contains("2 messages are queued"))
    #expect(monotonicSeconds() - start < 10)
    let third = try spool.pub(words + ["-m", "3", "-W", "0.3"] + broker.address)
    #expect(third.ending == .exited(0) && third.errors.contains("3 messages are queued"))
    #expect(try spool.outbox(["drop", "2"]).ending == .exited(73))
    sender.send(SIGTERM)
    #expect(try sender.wait() == .signaled(SIGTERM))
    #expect(try spool.count("queued") == 3)
  }

  @Test("a loss part-way: it comes back, and in the end says what is queued") func loss() throws {
    let spool = Spool()
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      try first.handshake()
      _ = try first.receive()
      first.close()
      let second = try broker.accept()
      let connect = try second.handshake()
      #expect(!connect.cleanStart)
      _ = try second.receive()
      second.close()
    }
    let result = try spool.pub(
      ["-t", "a", "-q", "1", "-m", "x", "-W", "30", "--retries", "2", "--reconnect-delay", "0.05"]
        + broker.address, within: 40)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.errors.contains("1 message is queued"), "\(result.errors)")
    try broker.finish()
  }

  @Test("pub -l stores as it reads, with or without a broker") func lines() throws {
    let spool = Spool()
    let program = try RunningProgram(
      [Program.apus, "pub", "--outbox", spool.path, "-t", "a", "-q", "1", "-l"] + Spool.nowhere,
      input: .open)
    for number in 1...3 {
      program.write("\(number)\n")
      try eventually("message \(number)") { (try? spool.count("stored")) == number }
    }
    program.send(SIGKILL)
    try program.wait()
    #expect(try spool.count("queued") == 3)
  }

  @Test("a broker that refuses the login is no matter of time") func refused() throws {
    let broker = try Mosquitto(["allow_anonymous false"])
    let spool = Spool()
    let result = try spool.pub(["-t", "a", "-q", "1", "-m", "x"] + broker.address)
    #expect(result.ending == .exited(5), "\(result.errors)")
    #expect(try spool.count("queued") == 1)
  }
}

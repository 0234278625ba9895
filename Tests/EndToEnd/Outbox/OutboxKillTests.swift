import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// apus is killed at any moment, and every message arrives once, in order.
@Suite("Outbox, killed", .ownThread, .serialized) struct OutboxKillTests {
  /// `make kills` wants more than the suite has time for.
  static let kills =
    ProcessInfo.processInfo.environment["APUS_OUTBOX_KILLS"].flatMap { Int($0) } ?? 40

  @Test("SIGKILL at random points, mosquitto keeps its session", arguments: [2, 1])
  func random(_ qos: Int) throws {
    let broker = try Mosquitto.persistent()
    let subscriber = try broker.persistentSubscriber("a", qos: qos)
    let spool = Spool()
    let kills = qos == 2 ? Self.kills : Self.kills / 4
    let total = kills < 100 ? kills * 50 : kills * 100
    var stored = 0
    for _ in 0..<kills {
      let lines = (stored..<total).map { "\($0)\n" }.joined()
      let program = try RunningProgram(
        [Program.apus, "pub", "--outbox", spool.path, "-t", "a", "-q", "\(qos)", "-l"]
          + broker.address,
        input: .open)
      let piece = Array(lines.utf8.prefix(1500))
      program.write(String(decoding: piece, as: UTF8.self))
      _ = poll(nil, 0, .random(in: 0...80))
      program.send(SIGKILL)
      try program.wait()
      // A prefix of the input; the next line may have been cut in the pipe, but not in the outbox.
      stored = (try? spool.count("stored")) ?? 0
      if stored >= total { break }
    }
    let rest = (stored..<total).map { "\($0)\n" }.joined()
    let last = try spool.pub(
      ["-t", "a", "-q", "\(qos)", "-l"] + broker.address, input: .bytes(Array(rest.utf8)),
      within: 300)
    #expect(last.ending == .exited(0), "\(last.errors)")
    #expect(try spool.flush(within: 600).ending == .exited(0))
    #expect(try spool.count("delivered") == total)
    try subscriber.waitForOutput("\n\(total - 1)\n", within: 30)
    let numbers = subscriber.outputText.split(separator: "\n").map { Int($0) ?? -1 }
    // At QoS 1 what was on its way when apus died comes again.
    if qos == 2 { #expect(numbers == Array(0..<total)) }
    #expect(Set(numbers) == Set(0..<total))
  }

  @Test("the connection is cut behind every few bytes, and the broker is stopped between")
  func cuts() throws {
    let broker = try Mosquitto.persistent()
    let subscriber = try broker.persistentSubscriber("a")
    let spool = Spool()
    let cuts = Self.kills < 100 ? Array(stride(from: 15, to: 400, by: 11)) : Array(15..<1015)
    for (round, cut) in cuts.enumerated() {
      let proxy = try FaultProxy(to: broker.port) {
        if round % 2 == 0 { $0.cutAfterSent = cut } else { $0.cutAfterReceived = cut % 60 }
      }
      let lines = (round * 10..<round * 10 + 10).map { "\($0)\n" }.joined()
      let result = try spool.pub(
        ["-t", "a", "-q", "2", "-l", "-W", "5", "--retries", "1", "--reconnect-delay", "0.01"]
          + proxy.address, input: .bytes(Array(lines.utf8)))
      #expect(result.ending == .exited(0), "\(result.errors)")
      if round % 20 == 10 {
        try broker.stop()
        try broker.start()
      }
    }
    let total = cuts.count * 10
    #expect(try spool.flush(broker.address).ending == .exited(0))
    #expect(try spool.count("delivered") == total)
    try subscriber.waitForOutput("\n\(total - 1)\n", within: 30)
    let numbers = subscriber.outputText.split(separator: "\n").map { Int($0) ?? -1 }
    #expect(numbers == Array(0..<total))
  }

  /// What the broker does before apus is killed, and what has to come after.
  enum Step: String, CaseIterable, Sendable {
    case published, received, completed
  }

  @Test("killed at a step of the handshake", arguments: Step.allCases, [true, false])
  func step(_ step: Step, isSessionKept: Bool) throws {
    let spool = Spool()
    #expect(try spool.pub(["-t", "a", "-q", "2", "-m", "x"] + Spool.nowhere).ending == .exited(0))
    let reached = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      let clientID = try first.handshake().clientID
      #expect(clientID.bytes.count == 23)
      guard case .publish(let packet) = try first.receive(), let id = packet.packetID else {
        throw TestFailure("no PUBLISH")
      }
      #expect(!packet.duplicate && id.rawValue == 1)
      if step != .published {
        first.send(.acknowledgement(Acknowledgement(.pubRec, id)))
        guard case .acknowledgement(let release) = try first.receive() else {
          throw TestFailure("no PUBREL")
        }
        #expect(release.type == .pubRel && release.packetID == id)
      }
      if step == .completed {
        first.send(.acknowledgement(Acknowledgement(.pubComp, id)))
        while try first.next() != nil {}
        return
      }
      reached.signal()
      // The test kills apus, which closes the connection.
      while try first.next() != nil {}
      let second = try broker.accept()
      let connect = try second.handshake(ConnAck(sessionPresent: isSessionKept))
      #expect(connect.clientID == clientID && !connect.cleanStart)
      if step == .published || !isSessionKept {
        guard case .publish(let again) = try second.receive() else {
          throw TestFailure("no PUBLISH")
        }
        #expect(again.packetID == id && again.duplicate == isSessionKept)
        #expect(again.payload == packet.payload)
        second.send(.acknowledgement(Acknowledgement(.pubRec, id)))
      }
      guard case .acknowledgement(let release) = try second.receive() else {
        throw TestFailure("no PUBREL")
      }
      #expect(release.type == .pubRel && release.packetID == id)
      second.send(.acknowledgement(Acknowledgement(.pubComp, id)))
      guard case .disconnect = try second.receive() else { throw TestFailure("no DISCONNECT") }
    }
    let program = try RunningProgram(
      [Program.apus, "outbox", "flush", "--outbox", spool.path] + broker.address)
    if step == .completed {
      #expect(try program.wait() == .exited(0), "\(program.errorText)")
    } else {
      #expect(reached.wait(timeout: .now() + 10) == .success)
      program.send(SIGKILL)
      try program.wait()
      let state = String(decoding: try spool.outbox(["ls"]).output, as: UTF8.self)
      #expect(state.contains(step == .published ? "\tsent\t" : "\treceived\t"), "\(state)")
      let result = try spool.flush(broker.address)
      #expect(result.ending == .exited(0), "\(result.errors)")
    }
    #expect(try spool.count("queued") == 0)
    #expect(try spool.count("delivered") == 1)
    try broker.finish()
  }

  @Test("a dropped message that was sent lets its identifier go first") func dropped() throws {
    let spool = Spool()
    #expect(try spool.pub(["-t", "a", "-q", "2", "-m", "x"] + Spool.nowhere).ending == .exited(0))
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      try first.handshake()
      guard case .publish(let packet) = try first.receive(), let id = packet.packetID else {
        throw TestFailure("no PUBLISH")
      }
      first.close()
      let second = try broker.accept()
      try second.handshake(ConnAck(sessionPresent: true))
      guard case .acknowledgement(let release) = try second.receive() else {
        throw TestFailure("no PUBREL")
      }
      #expect(release.type == .pubRel && release.packetID == id)
      second.send(.acknowledgement(Acknowledgement(.pubComp, id)))
      while try second.next() != nil {}
    }
    #expect(try spool.flush(broker.address + ["--retries", "0"]).ending == .exited(75))
    #expect(try spool.outbox(["drop", "1"]).ending == .exited(0))
    #expect(try spool.flush(broker.address).ending == .exited(0))
    try broker.finish()
  }
}

import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `apus rr` comes back after a loss: what was asked goes on where that asks nobody twice.
@Suite("rr after a loss", .ownThread) struct RequestRecoveryTests {
  private func ask(
    _ words: [String], _ broker: ScriptedBroker, _ lines: String
  ) throws -> RunningProgram {
    try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l", "--reconnect-delay", "0.05"] + words + broker.address,
      input: .bytes(Array(lines.utf8)))
  }

  @Test("without the session: unacknowledged requests are made again, behind the subscription")
  func renewed() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept(.v5)
      try first.handshake()
      try first.grant()
      let requests = try (0..<3).map { _ in try first.receiveRequest() }
      // The first is in the server's hands, the second is answered, of the third it knows nothing.
      for request in requests.prefix(2) {
        guard let id = request.packetID else { throw TestFailure("no identifier") }
        first.send(.acknowledgement(Acknowledgement(.pubAck, id)))
      }
      try first.answer(requests[1], "two")
      // Once it has read that, it goes.
      first.finishSending()
      while try first.next() != nil {}
      first.close()
      let second = try broker.accept(.v5)
      try second.handshake()
      guard case .subscribe(let subscribe) = try second.receive() else {
        throw TestFailure("no SUBSCRIBE")
      }
      if let early = try? second.receive(within: 0.1) { throw TestFailure("\(early)") }
      second.send(.subscriptionAck(SubscriptionAck(.subAck, subscribe.packetID, [.grantedQoS1])))
      let again = try second.receiveRequest()
      #expect(again.payload == requests[2].payload && again.packetID == requests[2].packetID)
      #expect(!again.duplicate)
      try second.answer(again, "three")
      if let id = again.packetID {
        second.send(.acknowledgement(Acknowledgement(.pubAck, id)))
      }
      try second.receiveDisconnect()
    }
    let program = try ask(["-q", "1"], broker, "1\n2\n3\n")
    #expect(try program.wait() == .exited(7), "\(program.errorText)")
    #expect(program.outputText == "two\nthree\n")
    for text in [
      "connecting again", "connected again", "1 request is sent again and may arrive twice",
      "request 1: the connection was lost before its response",
    ] {
      #expect(program.errorText.contains(text), "\(program.errorText)")
    }
    #expect(!program.errorText.contains("request 3"), "\(program.errorText)")
    try broker.finish()
  }

  @Test("with the session: everything goes on") func resumed() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept(.v5)
      try first.handshake()
      try first.grant()
      let requests = try (0..<2).map { _ in try first.receiveRequest() }
      guard let id = requests[0].packetID, let other = requests[1].packetID else {
        throw TestFailure("no identifiers")
      }
      first.send(.acknowledgement(Acknowledgement(.pubAck, id)))
      first.finishSending()
      while try first.next() != nil {}
      first.close()
      let second = try broker.accept(.v5)
      try second.handshake(ConnAck(sessionPresent: true))
      let again = try second.receiveRequest()
      #expect(again.duplicate && again.packetID == other)
      second.send(.acknowledgement(Acknowledgement(.pubAck, other)))
      try second.answer(requests[0], "one")
      try second.answer(again, "two")
      try second.receiveDisconnect()
    }
    let program = try ask(["-q", "1", "-c", "-i", "asker"], broker, "1\n2\n")
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.outputText == "one\ntwo\n")
    try broker.finish()
  }

  @Test("at QoS 0 a request is not made twice, and the next ones are asked") func once() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept(.v5)
      try first.handshake()
      try first.grant()
      _ = try first.receiveRequest()
      first.close()
      let second = try broker.accept(.v5)
      try second.handshake()
      try second.grant()
      let next = try second.receiveRequest()
      #expect(next.payload == Array("2".utf8))
      try second.answer(next, "two")
      try second.receiveDisconnect()
    }
    let program = try ask(["-M", "1"], broker, "1\n2\n")
    #expect(try program.wait() == .exited(7), "\(program.errorText)")
    #expect(program.outputText == "two\n")
    #expect(
      program.errorText.contains("request 1: the connection was lost before its response"),
      "\(program.errorText)")
    try broker.finish()
  }

  @Test("a single request has no second chance") func single() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept(.v5)
      try first.handshake()
      try first.grant()
      _ = try first.receiveRequest()
      first.close()
    }
    let result = try Program.run(["rr", "-t", "q", "-m", "x"] + broker.address)
    #expect(result.ending == .exited(7), "\(result.errors)")
    expectOneLine(result.errors, from: "rr")
    try broker.finish()
  }

  @Test("a broker that is killed and comes back: rr and rr --serve find each other again")
  func killed() throws {
    let broker = try Mosquitto()
    let fast = ["--reconnect-delay", "0.05", "--reconnect-max", "0.1", "-q", "1"]
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-t", "q", "--exec", "cat"] + fast + broker.address)
    try broker.waitForLog("Sending SUBACK")
    let asker = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l"] + fast + broker.address, input: .open)
    asker.write("before\n")
    try asker.waitForOutput("before\n")
    try broker.kill()
    try broker.start()
    try server.waitForError("connected again")
    try asker.waitForError("connected again")
    // The server's subscription may stand a moment later than its connection.
    try broker.waitForLog("\tq (QoS 1)\n")
    asker.write("after\n")
    asker.closeInput()
    #expect(try asker.wait() == .exited(0), "\(asker.errorText)")
    #expect(asker.outputText == "before\nafter\n")
    server.send(SIGTERM)
    #expect(try server.wait() == .exited(0))
  }
}

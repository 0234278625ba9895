import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// A lost connection is made again, and nothing above QoS 0 is lost by it.
@Suite("Reconnecting") struct ReconnectTests {
  private static let soon = ["--reconnect-delay", "0.05", "--reconnect-max", "0.2"]

  @Test("sub subscribes again where the session is gone, and not where it was kept")
  func subscriber() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      try first.handshake()
      #expect(try first.grant().packetID.rawValue == 1)
      first.send(.publish(Publish(topic: "a", payload: [0x31])))
      first.close()
      let second = try broker.accept()
      let connect = try second.handshake()
      #expect(!connect.cleanStart)
      // No session: it subscribes anew.
      try second.grant()
      second.reset()
      let third = try broker.accept()
      try third.handshake(ConnAck(sessionPresent: true))
      third.send(.publish(Publish(topic: "a", payload: [0x32])))
      guard case .disconnect = try third.receive() else { throw TestFailure("subscribed again") }
    }
    let result = try Program.run(
      ["sub", "-t", "a", "-c", "-i", "me", "-C", "2"] + Self.soon + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("1\n2\n".utf8))
    #expect(result.errors.contains("closed the connection; connecting again"))
    #expect(result.errors.contains("lost the session"))
    try broker.finish()
  }

  @Test("pub -l sends again what was not acknowledged, with its packet identifier")
  func publisher() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      try first.handshake()
      guard case .publish(let one) = try first.receive() else { throw TestFailure("no PUBLISH") }
      #expect(one.packetID?.rawValue == 1)
      first.close()
      let second = try broker.accept()
      try second.handshake(ConnAck(sessionPresent: true))
      for id in 1...2 as ClosedRange<UInt16> {
        guard case .publish(let packet) = try second.receive() else {
          throw TestFailure("no PUBLISH")
        }
        #expect(packet.packetID?.rawValue == id && packet.duplicate)
        second.send(.acknowledgement(Acknowledgement(.pubAck, packet.packetID ?? one.packetID!)))
      }
      guard case .disconnect = try second.receive() else { throw TestFailure("no DISCONNECT") }
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-l", "-q", "1", "-c", "-i", "p"] + Self.soon
        + broker.address, input: .open)
    program.write("1\n2\n")
    program.closeInput()
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("without a kept session what is sent again may be a duplicate, and that is said")
  func duplicates() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      try first.handshake()
      _ = try first.receive()
      first.close()
      let second = try broker.accept()
      try second.handshake()
      guard case .publish(let packet) = try second.receive(), let id = packet.packetID else {
        throw TestFailure("no PUBLISH")
      }
      #expect(!packet.duplicate)
      second.send(.acknowledgement(Acknowledgement(.pubAck, id)))
      while try second.next() != nil {}
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-l", "-q", "1"] + Self.soon + broker.address, input: .open)
    program.write("1\n")
    program.closeInput()
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.errorText.contains("1 message is sent again and may arrive twice"))
    try broker.finish()
  }

  @Test("--retries ends it, with the last cause") func retries() throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      try first.handshake()
      try first.grant()
      first.close()
      for _ in 0..<2 { try broker.accept().close() }
    }
    let result = try Program.run(["sub", "-t", "a", "--retries", "2"] + Self.soon + broker.address)
    #expect(result.ending == .exited(7), "\(result.errors)")
    try broker.finish()
  }

  @Test("-W and signals end it while it waits") func limits() throws {
    let broker = try ScriptedBroker { broker in
      for _ in 0..<2 {
        let connection = try broker.accept()
        try connection.handshake()
        try connection.grant()
        connection.close()
      }
    }
    let slow = ["--reconnect-delay", "86400", "--reconnect-max", "86400"]
    let late = try Program.run(["sub", "-t", "a", "-W", "0.5"] + slow + broker.address)
    #expect(late.ending == .exited(27), "\(late.errors)")
    let program = try RunningProgram([Program.apus, "sub", "-t", "a"] + slow + broker.address)
    try program.waitForError("connecting again")
    program.send(SIGTERM)
    #expect(try program.wait(within: 2) == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test(
    "nobody comes back to a server that judged",
    arguments: [ReasonCode.notAuthorized, .sessionTakenOver, .protocolError])
  func judged(_ reason: ReasonCode) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      connection.send(.disconnect(Disconnect(reason)))
      while try connection.next() != nil {}
    }
    let result = try Program.run(["sub", "-V", "5", "-t", "a"] + Self.soon + broker.address)
    #expect(result.ending == .exited(Int32(reason.rawValue)), "\(result.errors)")
    try broker.finish()
  }

  @Test("a broker that is killed and comes back loses nothing", arguments: [1, 2])
  func killed(_ qos: Int) throws {
    let broker = try Mosquitto([
      "allow_anonymous true", "persistence true", "persistence_location DIR/",
      "autosave_interval 1", "autosave_on_changes true", "max_queued_messages 0",
    ])
    let session = ["-q", "\(qos)", "-c"] + Self.soon + broker.address
    let subscriber = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "-i", "s", "-d"] + session)
    try subscriber.waitForError("received SUBACK")
    let publisher = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-i", "p", "-l", "-M", "20", "-d"] + session,
      input: .open)
    try publisher.waitForError("received CONNACK")
    for number in 1...2000 {
      publisher.write("\(number)\n")
      if number % 500 == 250 {
        try broker.stop()
        try broker.start()
      }
    }
    publisher.closeInput()
    #expect(try publisher.wait() == .exited(0), "\(publisher.errorText)")
    try subscriber.waitForOutput("\n2000\n", within: 60)
    subscriber.send(SIGTERM)
    #expect(try subscriber.wait() == .exited(0))
    let numbers = subscriber.outputText.split(separator: "\n").map { Int($0) ?? 0 }
    #expect(Set(numbers) == Set(1...2000))
    // At QoS 1 what was on its way comes again.
    if qos == 2 { #expect(numbers == Array(1...2000)) }
  }
}

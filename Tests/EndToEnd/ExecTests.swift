import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `apus sub --exec`: a command for each message.
@Suite("Commands for messages") struct ExecTests {
  private func run(
    _ broker: ScriptedBroker, _ words: [String]
  ) throws -> (ending: Ending, output: String, errors: String) {
    let result = try Program.run(["sub", "-t", "a/#"] + words + broker.address)
    return (result.ending, String(decoding: result.output, as: UTF8.self), result.errors)
  }

  @Test("one after the other, in the order of the messages") func order() throws {
    let broker = try subscribedBroker(.v311) { connection in
      for number in 1...5 {
        connection.send(.publish(Publish(topic: "a/b", payload: Array("\(number)".utf8))))
      }
      try connection.receiveDisconnect()
    }
    let result = try run(
      broker, ["-C", "5", "--exec", "n=$(cat); sleep 0.0$((5-n)); echo $MQTT_TOPIC $n"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == "a/b 1\na/b 2\na/b 3\na/b 4\na/b 5\n")
    try broker.finish()
  }

  @Test(
    "a message is acknowledged when its command has ended, well or not", arguments: QoS.allCases)
  func acknowledged(_ qos: QoS) throws {
    let folder = TemporaryDirectory()
    let broker = try subscribedBroker { connection in
      for number in 1...2 as ClosedRange<UInt16> {
        connection.ask(answer: nil, qos: qos, packetID: number)
      }
      try eventually("the command") {
        FileManager.default.fileExists(atPath: folder.file("began"))
      }
      if let early = try? connection.receive(within: 0.2) { throw TestFailure("\(early)") }
      _ = try folder.write([], to: "go")
      if qos == .atMostOnce { return }
      for number in 1...2 as ClosedRange<UInt16> {
        let answer = try connection.receiveAcknowledgement()
        guard answer.packetID.rawValue == number,
          answer.type == (qos == .atLeastOnce ? .pubAck : .pubRec)
        else { throw TestFailure("\(answer)") }
      }
      guard qos == .exactlyOnce else { return }
      for number in 1...2 as ClosedRange<UInt16> {
        let id = PacketID(rawValue: number) ?? .first
        connection.send(.acknowledgement(Acknowledgement(.pubRel, id)))
        guard try connection.receiveAcknowledgement().type == .pubComp else {
          throw TestFailure("no PUBCOMP")
        }
      }
    }
    let path = folder.path
    let command = ": >\(path)/began; while [ ! -e \(path)/go ]; do sleep 0.01; done; exit 4"
    let result = try run(
      broker, ["-V", "5", "-q", "\(qos.rawValue)", "-C", "2", "--exec", command])
    #expect(result.ending == .exited(123))
    let line = "apus sub: q: the command exited with status 4\n"
    #expect(result.errors == line + line)
    try broker.finish()
  }

  @Test("filtered messages are acknowledged beside those that run") func filtered() throws {
    let broker = try subscribedBroker { connection in
      connection.ask(topic: "a/no", qos: .atLeastOnce, packetID: 1)
      guard try connection.receiveAcknowledgement().packetID.rawValue == 1 else {
        throw TestFailure("no PUBACK")
      }
      connection.ask(topic: "a/yes", qos: .atLeastOnce, packetID: 2)
      guard try connection.receiveAcknowledgement().packetID.rawValue == 2 else {
        throw TestFailure("no PUBACK")
      }
    }
    let result = try run(
      broker, ["-V", "5", "-q", "1", "-C", "1", "-T", "a/no", "--exec", "echo $MQTT_TOPIC"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == "a/yes\n")
    try broker.finish()
  }

  @Test("-W gives commands no more than a moment") func timeout() throws {
    let broker = try subscribedBroker { connection in
      connection.ask(answer: nil)
      try connection.receiveDisconnect()
    }
    let result = try run(broker, ["-V", "5", "-W", "1", "--exec", "sleep 30"])
    #expect(result.ending == .exited(27), "\(result.errors)")
    #expect(result.errors.hasPrefix("apus sub: commands that still run are ended: 1\n"))
    try broker.finish()
  }

  @Test("a flood of messages is taken in no faster than commands run") func flood() throws {
    let broker = try Shared.broker.get()
    let topic = Shared.name("exec")
    let program = try broker.subscriber(
      .apus,
      ["-t", topic, "-V", "5", "-q", "1", "-C", "300", "--jobs", "3", "--exec", "sed '$a\\'"])
    try broker.publish(
      .apus, ["-t", topic, "-q", "1", "-l"], input: .bytes(numberedLines(300)))
    let lines = try program.text(within: 60).split(separator: "\n")
    #expect(Set(lines) == Set((1...300).map { "line \($0)" }))
  }
}

import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// What `apus bench` says of messages that did not leave, did not come or came damaged, and of the time.
@Suite("Bench: what was not sent is not said to be") struct BenchLossTests {
  @Test("sent is what the connection took, though the server reads nothing") func unread() throws {
    let isOver = DispatchSemaphore(value: 0)
    let got = Mutex(0)
    let broker = try ScriptedBroker { broker in
      let publisher = try broker.accept()
      try publisher.handshake()
      isOver.wait()
      while case .publish? = try publisher.next() { got.withLock { $0 += 1 } }
    }
    defer { isOver.signal() }
    let report = try BenchReport.run(
      ["pub", "--rate", "20000", "--size", "2000", "--duration", "0.5"] + broker.address)
    isOver.signal()
    try broker.finish()
    let sent = try #require(report.messages("sent"))
    #expect(sent == got.withLock { $0 })
    #expect(sent < 10_000)
    #expect(sent + (report.messages("unsent") ?? 0) == 10_000)
    #expect(report.seconds("sent") <= sent)
    #expect(report["bytes", "sent"] as? Int == 2000 * sent)
    #expect(report.ending == .exited(27))
    #expect(report.errors.contains("messages were due and not sent"), "\(report.errors)")
  }

  @Test("a message that is lost makes the run of a count no longer") func countedLoss() throws {
    let broker = try MessyBroker { message, number in
      number == 100 ? [] : [.init(message, monotonicSeconds())]
    }
    let report = try BenchReport.run(
      ["pubsub", "--count", "200", "--rate", "400"] + broker.broker.address)
    #expect(report.messages("lost") == 1, "\(report.errors)")
    #expect(report["duration_s"] as? Double ?? 9 < 1.2)
    try broker.broker.finish()
  }

  @Test("a signal ends the sending") func interrupted() throws {
    let isUnderWay = DispatchSemaphore(value: 0)
    let broker = try MessyBroker { message, number in
      if number == 50 { isUnderWay.signal() }
      return [.init(message, monotonicSeconds() + 30)]
    }
    let program = try RunningProgram(
      [Program.apus, "bench", "pubsub", "--rate", "200", "--duration", "60", "--json", "-"]
        + broker.broker.address)
    #expect(isUnderWay.wait(timeout: .now() + 30) == .success)
    program.send(SIGINT)
    let ending = try program.wait()
    let report = BenchReport(ending, program.outputSoFar, program.errorText)
    #expect(ending == .signaled(SIGINT), "\(report.errors)")
    let duration = try #require(report["duration_s"] as? Double)
    let all = (report.messages("sent") ?? 0) + (report.messages("unsent") ?? 0)
    #expect(abs(Double(all) - 200 * duration) < 12, "\(all) messages in \(duration) s")
    #expect(report.messages("lost") == all)
    try broker.broker.finish()
  }

  @Test("a server that dies and stays away passes no gate", arguments: [true, false])
  func gone(_ hasGates: Bool) throws {
    let broker = try ScriptedBroker { broker in
      let subscriber = try broker.accept()
      try subscriber.handshake()
      try subscriber.grant()
      let publisher = try broker.accept()
      try publisher.handshake()
      for _ in 0..<20 {
        guard case .publish(let message) = try publisher.receive() else { break }
        subscriber.send(.publish(message))
      }
      publisher.reset()
      subscriber.reset()
    }
    let gates = hasGates ? ["--expect", "p99<20s,lost<1000"] : []
    let report = try BenchReport.run(
      ["pubsub", "--rate", "100", "--duration", "1"] + gates + broker.address)
    try broker.finish()
    let (sent, received) = (report.messages("sent") ?? 0, report.messages("received") ?? 0)
    #expect(report.ending == .exited(hasGates ? 99 : 27), "\(report.errors)")
    #expect(report.errors.contains("messages were due and not sent"), "\(report.errors)")
    #expect(sent < 60 && sent + (report.messages("unsent") ?? 0) == 100)
    #expect(report.messages("lost") == 100 - received)
  }

  @Test("the seconds have every message, the first ones too") func seconds() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    for _ in 0..<8 {
      let report = try BenchReport.run(
        ["pubsub", "--count", "300", "--threads", "2"] + broker.address)
      #expect(report.messages("received") ?? 0 > 0, "\(report.errors)")
      #expect(report.seconds("received") == report.messages("received"))
    }
  }

  @Test("of a message that came damaged twice, or damaged and whole, one came") func damaged()
    throws
  {
    let broker = try MessyBroker { message, number in
      let now = monotonicSeconds()
      var spoiled = message
      spoiled.payload[60] ^= 1
      switch number {
      case 10, 11, 12, 13: return []
      case 20, 30, 40: return [.init(spoiled, now), .init(spoiled, now)]
      case 50, 60: return [.init(spoiled, now), .init(message, now)]
      case 70, 80: return [.init(message, now), .init(spoiled, now)]
      default: return [.init(message, now)]
      }
    }
    let report = try BenchReport.run(
      ["pubsub", "--count", "200", "--rate", "400"] + broker.broker.address)
    #expect(report.messages("lost") == 4, "\(report.errors)")
    #expect(report.messages("corrupted") == 10)
    #expect(report.messages("received") == 193)
    #expect(report.messages("duplicates") == 0)
    try broker.broker.finish()
  }

  @Test("what a broker kept from earlier is no damage") func kept() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    _ = try Program.run(["pub", "-t", "bench/9", "-m", "foo", "-r", "-q", "1"] + broker.address)
    let report = try BenchReport.run(["pubsub", "--count", "10"] + broker.address)
    #expect(report.messages("corrupted") == 0, "\(report.errors)")
    #expect(report.messages("received") == 10)
  }
}

import Foundation
import MQTTClient
import MQTTProtocol
import MQTTSession
import Synchronization
import Testing

/// The orderly end, and the others.
@Suite("Client: finishing") struct FinishTests {
  @Test("DISCONNECT leaves, and the server's close is waited for") func orderly() throws {
    let line = try Line.connected()
    try line.publish(Array("last".utf8))
    try line.client.session.disconnect()
    let server = line.server
    let story = Story()
    Thread.detachNewThread {
      while let packet = try? server.next() { story.add("\(packet.encoded(.v311)[0])") }
      story.add("end")
      // What comes now is passed over.
      server.send(message("late"))
      story.add("closed")
      server.close()
    }
    try line.client.finish(within: .seconds(10))
    #expect(story.steps == ["48", "224", "end", "closed"])
    #expect(line.phase == .idle)
  }

  @Test("the server's own DISCONNECT is passed on") func disconnected() throws {
    let line = try Line.connected(.v5)
    line.server.send(.disconnect(Disconnect(.sessionTakenOver)))
    line.server.finishSending()
    try line.client.session.disconnect()
    #expect(throws: ClientFailure.session(.disconnected(Disconnect(.sessionTakenOver)))) {
      try line.client.finish(within: .seconds(10))
    }
    #expect(try line.server.receive() == .disconnect(Disconnect()))
    #expect(try line.server.next() == nil)
  }

  @Test("a server that does not close is left") func patience() throws {
    let line = try Line.connected()
    try line.client.session.disconnect()
    let began = ContinuousClock.now
    try line.client.finish(within: .milliseconds(30))
    #expect(ContinuousClock.now - began >= .milliseconds(30))
    #expect(try line.server.receive() == .disconnect(Disconnect()))
    #expect(try line.server.next() == nil)
  }

  @Test("a server that does not read never gets DISCONNECT, which is said") func full() throws {
    let line = try Line.connected()
    for _ in 0..<32 { try line.publish([UInt8](repeating: 7, count: 64 << 10)) }
    try line.client.session.disconnect()
    let patience = Duration.milliseconds(30)
    #expect(throws: ClientFailure.noAnswer(to: "DISCONNECT", within: patience)) {
      try line.client.finish(within: patience)
    }
  }

  @Test("a server that reads late gets everything, and is listened to meanwhile") func late() throws
  {
    let line = try Line.connected()
    let block = [UInt8](repeating: 7, count: 64 << 10)
    for _ in 0..<32 { try line.publish(block) }
    try line.client.session.disconnect()
    for number in 1...3 { line.server.send(message("\(number)")) }
    let (server, expected) = (line.server, message(block))
    let story = Story()
    Thread.detachNewThread {
      var count = 0
      while let packet = try? server.next(), packet == expected { count += 1 }
      story.add("\(count)")
      server.close()
    }
    try line.client.finish(within: .seconds(10))
    #expect(story.steps == ["32"])
  }

  @Test("an eager client that never hears of CONNACK says so") func eager() throws {
    let line = try Line(eager: true)
    try line.publish(Array("early".utf8))
    try line.client.session.disconnect()
    let patience = Duration.milliseconds(30)
    #expect(throws: ClientFailure.noAnswer(to: "CONNECT", within: patience)) {
      try line.client.finish(within: patience)
    }
  }

  @Test("so does one whose server closes instead") func eagerEnd() throws {
    let line = try Line(eager: true)
    try line.publish(Array("early".utf8))
    try line.client.session.disconnect()
    line.server.finishSending()
    #expect(throws: ClientFailure.closedByServer(beforeConnAck: true)) {
      try line.client.finish(within: .seconds(10))
    }
  }

  @Test("abandon sends what can be sent, and closes") func abandon() throws {
    let line = try Line.connected()
    try line.publish(Array("last".utf8))
    line.client.abandon()
    #expect(try line.server.receive() == message("last"))
    #expect(try line.server.next() == nil)
  }
}

/// What happened on a thread, in its order.
private final class Story: Sendable {
  private let told = Mutex<[String]>([])
  var steps: [String] { told.withLock { $0 } }
  func add(_ step: String) { told.withLock { $0.append(step) } }
}

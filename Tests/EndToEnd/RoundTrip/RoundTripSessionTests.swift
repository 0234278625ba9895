import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// How clients come and go: wills, sessions that outlive a connection, conditions to end.
@Suite struct RoundTripSessionTests {
  let broker: Mosquitto
  let topic = Shared.name("session/")
  let id = Shared.name("client")

  init() throws { broker = try Shared.broker.get() }

  // MARK: Wills

  @Test(arguments: ["31", "311", "5"])
  func `the will of a killed client is published`(version: String) throws {
    let observers = try Client.allCases.map {
      try broker.subscriber($0, ["-V", version, "-t", topic, "-q", "1", "-C", "1"])
    }
    let victim = try broker.subscriber(
      .apus, id: id,
      [
        "-V", version, "-t", "none", "--will-topic", topic, "--will-payload", "gone", "--will-qos",
        "1",
      ])
    victim.send(SIGKILL)
    for observer in observers { #expect(try observer.text() == "gone\n") }
  }

  @Test func `a retained will stays`() throws {
    let victim = try broker.subscriber(
      .apus,
      ["-t", "none", "--will-topic", topic, "--will-payload", "gone", "--will-retain"])
    victim.send(SIGKILL)
    for _ in 0..<2 {
      let observer = try broker.subscriber(.apus, ["-t", topic, "-C", "1"])
      #expect(try observer.text() == "gone\n")
    }
    try broker.publish(.apus, ["-t", topic, "-r", "-n"])
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `a subscriber that is told to end leaves no will`(signal: Int32) throws {
    let observer = try broker.subscriber(.apus, ["-t", topic, "-q", "1", "-C", "1"])
    let leaver = try broker.subscriber(
      .apus, id: id, ["-t", "none", "--will-topic", topic, "--will-payload", "gone"])
    let start = broker.log.utf8.count
    leaver.send(signal)
    let ending = try leaver.wait()
    #expect(ending == .exited(0) || ending == .signaled(signal))
    try broker.waitForLog("Received DISCONNECT from \(id)\n", after: start)
    try broker.publish(.apus, ["-t", topic, "-q", "1", "-m", "end"])
    #expect(try observer.text() == "end\n")
  }

  // MARK: Sessions

  @Test(arguments: ["31", "311", "5"], ["1", "2"])
  func `a session keeps messages for a client that is away`(version: String, qos: String) throws {
    let session = ["-V", version, "-c", "-q", qos, "-t", topic]
    #expect(try broker.subscriber(.apus, id: id, session + ["-E"]).text() == "")
    let lines = numberedLines(500)
    try broker.publish(.apus, ["-t", topic, "-q", qos, "-l"], input: .bytes(lines))
    let back = try broker.subscriber(.apus, id: id, session + ["-C", "500"])
    #expect(same(try back.output(), lines))
    try broker.publish(.apus, ["-t", topic, "-q", qos, "-m", "end"])
    let again = try broker.subscriber(.apus, id: id, session + ["-C", "1"])
    #expect(try again.text() == "end\n")
  }

  @Test(arguments: [("3600", true), ("-1", true), ("0", false)])
  func `-x says how long the session lives`(seconds: String, isKept: Bool) throws {
    let session = ["-V", "5", "-c", "-x", seconds, "-q", "1", "-t", topic]
    _ = try broker.subscriber(.apus, id: id, session + ["-E"]).output()
    try broker.publish(.apus, ["-t", topic, "-q", "1", "-m", "kept"])
    let back = try broker.subscriber(
      .apus, id: id, session + ["-t", topic + "/end", "-C", isKept ? "2" : "1"])
    try broker.publish(.apus, ["-t", topic + "/end", "-q", "1", "-m", "end"])
    #expect(try back.text() == (isKept ? "kept\nend\n" : "end\n"))
  }

  @Test func `-U ends a subscription of the session`() throws {
    let session = ["-c", "-q", "1"]
    let both = ["-t", topic + "/a", "-t", topic + "/b"]
    _ = try broker.subscriber(.apus, id: id, session + both + ["-E"]).output()
    let unsubscriber = try RunningProgram(
      Client.apus.sub + broker.address + ["-i", id] + session + ["-U", topic + "/a", "-E"])
    #expect(try unsubscriber.text() == "")
    for name in ["a", "b"] {
      try broker.publish(.apus, ["-t", "\(topic)/\(name)", "-q", "1", "-m", name])
    }
    let back = try broker.subscriber(
      .apus, id: id, session + ["-t", topic + "/b", "-C", "1"])
    #expect(try back.text() == "b\n")
  }

  // MARK: Ends

  @Test func `-C ends after so many messages`() throws {
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-C", "3"])
    try broker.publish(.apus, ["-t", topic, "-l"], input: .bytes(numberedLines(10)))
    #expect(try subscriber.output() == numberedLines(3))
  }

  @Test func `-C does not wait for a SUBACK that came with the last message`() throws {
    let scripted = try ScriptedBroker { broker in
      let client = try broker.accept()
      try client.handshake()
      guard case .subscribe(let subscribe) = try client.receive() else { return }
      let answer = SubscriptionAck(.subAck, subscribe.packetID, [ReasonCode(rawValue: 0)])
      client.send(
        [0x30, 4, 0, 1, 0x61, 0x31] + Packet.subscriptionAck(answer).encoded(.v311))
      _ = try client.next(within: 4)
    }
    let subscriber = try RunningProgram(
      Client.apus.sub + scripted.address + ["-t", "a", "-C", "1"])
    try scripted.finish()
    #expect(try subscriber.text() == "1\n")
  }

  @Test func `-W ends with status 27`() throws {
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-W", "1", "-C", "2"])
    try broker.publish(.apus, ["-t", topic, "-m", "only"])
    #expect(try subscriber.wait() == .exited(27))
    #expect(subscriber.outputText == "only\n")
  }

  @Test func `-E ends once subscribed`() throws {
    let start = broker.log.utf8.count
    let subscriber = try broker.subscriber(.apus, id: id, ["-t", topic, "-E"])
    #expect(try subscriber.text() == "")
    try broker.waitForLog("Received DISCONNECT from \(id)\n", after: start)
  }
}

/// The same over a Unix domain socket.
@Suite struct RoundTripUnixTests {
  @Test func `a Unix socket carries messages`() throws {
    let broker = try Mosquitto([
      "allow_anonymous true", "max_inflight_messages 1000", "max_queued_messages 0",
      "listener 0 DIR/sock",
    ])
    let unix = ["--unix", broker.directory.file("sock"), "-t", "unix", "-q", "2"]
    let subscriber = try RunningProgram(
      Client.apus.sub + unix + ["-i", "reader", "-C", "1000"])
    try broker.waitForLog("Sending SUBACK to reader\n")
    let lines = numberedLines(1000)
    let publisher = try RunningProgram(Client.apus.pub + unix + ["-l"], input: .bytes(lines))
    #expect(try publisher.text() == "")
    #expect(same(try subscriber.output(), lines))
  }
}

import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// What the connections of `apus bench` carry, and which of them is named.
@Suite("Bench: its connections") struct BenchConnectionTests {
  @Test("of several servers the one is named that refused") func namedServer() throws {
    let open = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let closed = try Mosquitto(["allow_anonymous false"], logsPackets: false)
    let result = try Program.run(
      ["bench", "pub", "--clients", "2", "--count", "2"]
        + ["-h", "127.0.0.1:\(open.port),127.0.0.1:\(closed.port)"])
    #expect(result.ending == .exited(5))
    #expect(result.errors.contains("127.0.0.1:\(closed.port): "), "\(result.errors)")
  }

  @Test("properties of SUBSCRIBE and DISCONNECT are sent") func properties() throws {
    let broker = try ScriptedBroker { broker in
      let subscriber = try broker.accept(.v5)
      try subscriber.handshake()
      let subscribe = try subscriber.grant()
      guard subscribe.properties.contains(.userProperty),
        subscribe.properties.number(.subscriptionIdentifier) == 7,
        case .disconnect(let packet) = try subscriber.receive(),
        packet.properties.contains(.userProperty)
      else { throw TimedOut(description: "a property is missing") }
    }
    let result = try Program.run(
      ["bench", "sub", "--duration", "0.1", "-D", "subscribe", "user-property", "a", "b"]
        + ["-D", "subscribe", "subscription-identifier", "7"]
        + ["-D", "disconnect", "user-property", "c", "d"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
  }

  @Test("a rate of each client stays that in every shard") func shardedClientRate() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    for (part, sent) in [(1, 20), (2, 10)] {
      let report = try BenchReport.run(
        ["pub", "--clients", "3", "--client-rate", "20", "--duration", "0.5"]
          + ["--shard", "\(part)/2"] + broker.address)
      #expect(report.messages("sent") == sent, "\(report.errors)")
    }
  }

  @Test("an address to connect from that is not ours") func foreignSource() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let result = try Program.run(
      ["bench", "pub", "--count", "1", "-A", "192.0.2.1"] + broker.address)
    #expect(result.ending == .exited(1))
    #expect(result.errors.contains("192.0.2.1"), "\(result.errors)")
  }

  @Test("-I makes identifiers that two runs do not share") func prefix() throws {
    let broker = try Mosquitto(["allow_anonymous true"])
    let program = try RunningProgram(
      [Program.apus, "bench", "pub", "--clients", "2", "--count", "2", "-I", "load"]
        + broker.address)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    for client in 0...1 { #expect(broker.log.contains("as load\(program.pid)-\(client) ")) }
  }

  @Test("a sealed message that does not pass is told, and is the status") func notAuthentic() throws
  {
    let broker = try Mosquitto(["allow_anonymous true"])
    let key = broker.directory.file("key")
    _ = try Program.run(["key", "new", "--type", "aes-256-gcm", key])
    let subscriber = try RunningProgram(
      [Program.apus, "bench", "sub", "-t", "x", "--open", key, "-d"] + broker.address)
    try broker.waitForLog("x (QoS 0)")
    _ = try Program.run(["pub", "-t", "x", "-m", "plain", "-q", "1"] + broker.address)
    try subscriber.waitForError("received PUBLISH")
    subscriber.send(SIGINT)
    #expect(try subscriber.wait() == .exited(65))
    #expect(subscriber.errorText.contains("1 messages did not pass"), "\(subscriber.errorText)")
  }

  @Test("the metrics are of the measured time") func metrics() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let witness = try RunningProgram(
      ["mosquitto_sub", "-t", "bench/#", "-C", "30"] + broker.address)
    let port = try freePort()
    let program = try RunningProgram(
      [Program.apus, "bench", "pub", "--rate", "100", "--warmup", "60", "--duration", "1"]
        + ["--prometheus", "127.0.0.1:\(port)"] + broker.address)
    #expect(try witness.wait() == .exited(0))
    let socket = connecting(to: port, isBlocking: true)
    defer { close(socket) }
    let request = Array("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    _ = request.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while isReadable(socket, within: 10) {
      let count = recv(socket, &block, block.count, 0)
      if count <= 0 { break }
      answer += block[..<count]
    }
    let text = String(decoding: answer, as: UTF8.self)
    #expect(text.contains("\napus_bench_elapsed_seconds 0\n"), "\(text)")
    #expect(text.contains("\napus_bench_messages_total{outcome=\"sent\"} 0\n"), "\(text)")
    program.send(SIGINT)
    _ = try program.wait()
  }
}

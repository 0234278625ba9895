import Foundation
import TestSupport
import Testing

/// Many messages from one publisher: none is lost, doubled or out of order.
@Suite(.serialized, .ownThread) struct RoundTripLineTests {
  struct Flood: CustomTestStringConvertible {
    let count: Int
    let qos: Int
    var testDescription: String { "\(count) lines at QoS \(qos)" }

    static func all(_ counts: [Int]) -> [Flood] {
      counts.flatMap { count in (0...2).map { Flood(count: count, qos: $0) } }
    }
  }

  let directory = TemporaryDirectory()

  /// - Parameter delay: seconds that the publisher's bytes take in each direction.
  func run(_ flood: Flood, to client: Client = .apus, delay: Double? = nil) throws {
    let broker = try Mosquitto(
      [
        "allow_anonymous true", "max_inflight_messages 1000", "max_queued_messages 0",
        "max_queued_bytes 0",
      ], logsPackets: false)
    let lines = numberedLines(flood.count)
    let path = try directory.write(lines, to: "lines")
    let common = ["-q", String(flood.qos), "-t", "flood"]
    let subscriber = try RunningProgram(
      client.sub + broker.address + common + ["-i", "reader", "-C", String(flood.count)])
    try broker.waitForLog(": reader ")
    let proxy = try delay.map { delay in try FaultProxy(to: broker.port) { $0.delay = delay } }
    let publisher = try RunningProgram(
      Client.apus.pub + (proxy?.address ?? broker.address) + common + ["-l"], input: .file(path))
    #expect(try publisher.wait(within: 150) == .exited(0), "\(publisher.errorText)")
    let arrived: [UInt8]
    do { arrived = try subscriber.output(within: 150) } catch {
      Issue.record("\(subscriber.outputSoFar.count { $0 == 10 }) of \(flood.count) lines: \(error)")
      return
    }
    #expect(arrived.count == lines.count)
    #expect(same(arrived, lines))
    withExtendedLifetime(proxy) {}
  }

  @Test(arguments: Flood.all([100, 70_000, 500_000]))
  func `all lines arrive in order`(_ flood: Flood) throws { try run(flood) }

  @Test(arguments: Flood.all([100, 70_000, 500_000]))
  func `all lines arrive over 20 ms`(_ flood: Flood) throws { try run(flood, delay: 0.01) }

  @Test func `all lines reach mosquitto_sub`() throws {
    try run(Flood(count: 70_000, qos: 1), to: .mosquitto)
  }
}

/// Where one message of standard input ends and the next begins.
@Suite struct RoundTripSeparatorTests {
  struct Records: CustomTestStringConvertible {
    let option: String
    let input: String
    let messages: [String]
    var testDescription: String { "\(option) \(input.debugDescription)" }

    static let all = [
      Records(option: "-0", input: "a\0b\nc\0\0last", messages: ["a", "b\nc", "", "last"]),
      Records(option: "-0", input: "a\0", messages: ["a"]),
      Records(option: "-0", input: "no end", messages: ["no end"]),
      Records(
        option: "-l", input: "a\r\n\nx\0y\n \nlast", messages: ["a\r", "", "x\0y", " ", "last"]),
      Records(option: "-l", input: "\n\n", messages: ["", ""]),
      Records(option: "-l", input: "one\n", messages: ["one"]),
    ]
  }

  let broker: Mosquitto

  init() throws { broker = try Shared.broker.get() }

  @Test(arguments: Records.all)
  func `records become messages`(_ records: Records) throws {
    let topic = Shared.name("records/")
    let subscriber = try broker.subscriber(
      .mosquitto, ["-t", topic, "-q", "1", "-F", "%x", "-C", String(records.messages.count + 1)])
    try broker.publish(
      .apus, ["-t", topic, "-q", "1", records.option], input: .bytes(Array(records.input.utf8)))
    try broker.publish(.apus, ["-t", topic, "-q", "1", "-m", "end"])
    let lines = (records.messages + ["end"]).map { message in
      message.utf8.map { String(format: "%02x", $0) }.joined() + "\n"
    }
    #expect(try subscriber.text() == lines.joined())
  }

  @Test(arguments: ["-l", "-0"])
  func `a record of 5 MiB is one message`(option: String) throws {
    let topic = Shared.name("long/")
    let line = (0..<5 << 20).map { UInt8(ascii: "a") + UInt8($0 % 23) }
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-N", "-C", "2"])
    let separator: UInt8 = option == "-l" ? 10 : 0
    try broker.publish(
      .apus, ["-t", topic, option], input: .bytes(line + [separator] + Array("short".utf8)))
    #expect(same(try subscriber.output(), line + Array("short".utf8)))
  }
}

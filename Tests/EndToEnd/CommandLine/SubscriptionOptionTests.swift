import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `--subscription 'FILTER;OPTION…'`.
@Suite("--subscription") struct SubscriptionOptionTests {
  /// The SUBSCRIBE packets of a command line, which ends by itself after the answers.
  private func requests(_ words: [String], packets: Int) throws -> [Subscribe] {
    let seen = Box<[Subscribe]>([])
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      for _ in 0..<packets { seen.value.append(try connection.grant()) }
      connection.discard()
    }
    let result = try Program.run(["sub", "-V", "5", "-E"] + words + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
    return seen.value
  }

  private final class Box<Value>: @unchecked Sendable {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  private func filter(_ text: String) throws -> TopicFilter { try TopicFilter(UTF8String(text)) }

  @Test func `options belong to one filter, the others are the command's`() throws {
    let packets = try requests(
      [
        "-t", "a", "-q", "1", "--subscription",
        "b;qos=2;no-local;retain-as-published;retain-handling=never", "--subscription", "c;qos=0",
        "--subscription", "d",
      ], packets: 1)
    #expect(
      packets.first?.subscriptions == [
        Subscription(try filter("a"), qos: .atLeastOnce),
        Subscription(
          try filter("b"), qos: .exactlyOnce, noLocal: true, retainAsPublished: true,
          retainHandling: .never),
        Subscription(try filter("c")), Subscription(try filter("d"), qos: .atLeastOnce),
      ])
  }

  @Test func `filters of one identifier share a packet`() throws {
    let packets = try requests(
      [
        "--subscription", "a;id=7", "--subscription", "b", "--subscription", "c;id=7",
        "--subscription", "d;id=268435455", "-t", "e", "-D", "subscribe", "user-property", "k", "v",
      ], packets: 3)
    #expect(packets.map { $0.properties.number(.subscriptionIdentifier) } == [nil, 7, 268_435_455])
    #expect(packets.allSatisfy { $0.properties.contains(.userProperty) })
    #expect(
      packets.map { $0.subscriptions.map(\.filter.description) } == [
        ["e", "b"], ["a", "c"], ["d"],
      ])
  }

  @Test func `messages bring the identifier`() throws {
    let broker = try Shared.broker.get()
    let topic = Shared.name("specific/")
    let subscriber = try broker.subscriber(
      .apus,
      [
        "-V", "5", "--subscription", "\(topic)/a;id=1;qos=1", "--subscription", "\(topic)/b;id=2",
        "-F", "%t %S %q", "-C", "2", "-q", "2",
      ])
    // The broker's log tells of the first SUBACK only.
    try eventually("both subscriptions") {
      try broker.publish(.apus, ["-t", "\(topic)/b", "-m", "x", "-q", "2"])
      return subscriber.outputText.contains("b 2 2\n")
    }
    try broker.publish(.apus, ["-t", "\(topic)/a", "-m", "x", "-q", "2"])
    #expect(try subscriber.text().contains("\(topic)/b 2 2\n"))
  }

  @Test func `it ends when all packets are refused, and not before`() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      for code: ReasonCode in [.notAuthorized, .quotaExceeded] {
        guard case .subscribe(let packet) = try connection.receive() else { return }
        connection.send(.subscriptionAck(SubscriptionAck(.subAck, packet.packetID, [code])))
      }
      connection.discard()
    }
    let result = try Program.run(
      ["sub", "-V", "5", "--subscription", "a;id=1", "--subscription", "b;id=2"] + broker.address)
    #expect(result.ending == .exited(135))
    #expect(result.errors.contains("'a' refused") && result.errors.contains("'b' refused"))
    try broker.finish()
  }

  static let wrong = [
    WrongLine("no filter", "sub --subscription ;qos=1", says: "--subscription", "empty"),
    WrongLine("no option", "sub --subscription a;colour=1", says: "'colour=1'", "qos=LEVEL"),
    WrongLine("nothing behind the last ;", "sub --subscription a;", says: "''"),
    WrongLine("twice", "sub --subscription a;qos=1;qos=2", says: "'qos' stands there twice"),
    WrongLine("QoS 3", "sub --subscription a;qos=3", says: "qos", "'3'"),
    WrongLine("identifier 0", "sub -V 5 --subscription a;id=0", says: "id", "'0'"),
    WrongLine("a value for a flag", "sub --subscription a;no-local=1", says: "'no-local=1'"),
    WrongLine("a flag for a value", "sub --subscription a;qos", says: "'qos'"),
    WrongLine(
      "when", "sub -V 5 --subscription a;retain-handling=x", says: "retain-handling", "'x'"),
    WrongLine("MQTT 5 only", "sub --subscription a;no-local", says: "'a'", "no-local", "-V 5"),
    WrongLine("identifier in 3.1.1", "sub --subscription a;id=1", says: "id", "-V 5"),
    WrongLine(
      "shared and no-local", "sub -V 5 --subscription $share/g/a;no-local",
      says: "$share/g/a", "no-local"),
  ]

  @Test(arguments: wrong) func refused(_ row: WrongLine) throws { try row.check() }
}

import TestSupport
import Testing

@Suite struct RoundTripPayloadTests {
  enum Payload: String, CaseIterable {
    case empty, text, allBytes, mebibyte

    var bytes: [UInt8] {
      switch self {
      case .empty: []
      case .text: Array("21.5 °C, and rising".utf8)
      case .allBytes: Array(0...255)
      case .mebibyte: randomBytes(1 << 20)
      }
    }
  }

  struct Trip: CustomTestStringConvertible {
    let from: Client
    let version: String
    let qos: Int
    let payload: Payload

    var testDescription: String {
      "\(from)-\(from.other) \(payload) at QoS \(qos), version \(version)"
    }

    static let all = Client.allCases.flatMap { from in
      ["31", "311", "5"].flatMap { version in
        (0...2).flatMap { qos in
          Payload.allCases.map { Trip(from: from, version: version, qos: qos, payload: $0) }
        }
      }
    }
  }

  let broker: Mosquitto
  let directory = TemporaryDirectory()

  init() throws { broker = try Shared.broker.get() }

  @Test(arguments: Trip.all)
  func `every byte of a payload arrives`(_ trip: Trip) throws {
    let bytes = trip.payload.bytes
    let common = ["-V", trip.version, "-q", String(trip.qos), "-t", Shared.name("trip/")]
    let subscriber = try broker.subscriber(trip.from.other, common + ["-N", "-C", "1"])
    let source: [String] =
      switch trip.payload {
      case .empty: ["-n"]
      case .text: ["-m", String(decoding: bytes, as: UTF8.self)]
      default: ["-f", try directory.write(bytes, to: "payload")]
      }
    try broker.publish(trip.from, common + source)
    let arrived = try subscriber.output()
    #expect(arrived.count == bytes.count)
    #expect(same(arrived, bytes))
  }

  @Test(arguments: Client.allCases, [0, 1, 2])
  func `64 MiB arrive`(from: Client, qos: Int) throws {
    let bytes = randomBytes(64 << 20)
    let common = ["-q", String(qos), "-t", Shared.name("large/")]
    let subscriber = try broker.subscriber(from.other, common + ["-N", "-C", "1"])
    let path = try directory.write(bytes, to: "payload")
    try broker.publish(from, common + ["-f", path], within: 60)
    let arrived = try subscriber.output(within: 60)
    #expect(arrived.count == bytes.count)
    #expect(same(arrived, bytes))
  }

  @Test func `an empty file is an empty message`() throws {
    let path = try directory.write([], to: "empty")
    let topic = Shared.name("empty/")
    let subscriber = try broker.subscriber(.mosquitto, ["-t", topic, "-C", "1", "-F", "[%p]"])
    try broker.publish(.apus, ["-t", topic, "-f", path])
    #expect(try subscriber.text() == "[]\n")
  }
}

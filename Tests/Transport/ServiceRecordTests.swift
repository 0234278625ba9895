import TestSupport
import Testing

@testable import Transport

/// SRV records as bytes of an answer, and their order.
@Suite("SRV records, RFC 2782") struct ServiceRecordTests {
  /// `_mqtt._tcp.example.org`, asked for; the answers point at it.
  static let question = labels("_mqtt", "_tcp", "example", "org") + [0, 0, 33, 0, 1]

  static func labels(_ names: String...) -> [UInt8] {
    names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
  }

  static func answer(_ records: [[UInt8]], claimed: UInt8? = nil) -> [UInt8] {
    let counts: [UInt8] = [0, 1, 0, claimed ?? UInt8(records.count), 0, 0, 0, 0]
    return [0x12, 0x34, 0x81, 0x80] + counts + question + records.joined()
  }

  static func record(
    _ numbers: [UInt8], _ target: [UInt8], type: UInt8 = 33, length: UInt8? = nil
  ) -> [UInt8] {
    let head: [UInt8] = [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0]
    return head + [length ?? UInt8(numbers.count + target.count)] + numbers + target
  }

  /// `b1.example.org`, with the end borrowed from the question.
  static let compressed: [UInt8] = labels("b1") + [0xc0, 23]
  static let plain: [UInt8] = labels("b2", "test") + [0]

  @Test("an answer as name servers give it") func read() {
    let bytes = Self.answer([
      Self.record([0, 10, 0, 5, 0x07, 0x5b], Self.compressed),
      Self.record([], Self.labels("web") + [0xc0, 23], type: 5),
      Self.record([0, 20, 0, 0, 0x22, 0xb3], Self.plain),
    ])
    #expect(
      NameServerAnswer.services(in: bytes) == [
        ServiceRecord(priority: 10, weight: 5, port: 1883, target: "b1.example.org"),
        ServiceRecord(priority: 20, weight: 0, port: 8883, target: "b2.test"),
      ])
  }

  @Test("a target that is the root says: not here") func root() {
    let bytes = Self.answer([Self.record([0, 0, 0, 0, 0, 0], [0])])
    #expect(NameServerAnswer.services(in: bytes).map(\.target) == [""])
  }

  @Test(
    "records that cannot be used are left out",
    arguments: [
      record([0, 1, 0, 1, 7, 91], [0xc0, 57]),  // points at itself
      record([0, 1, 0, 1, 7, 91], [0xc0, 255]),  // forwards
      record([0, 1, 0, 1, 7, 91], [0x80, 1]),  // no kind of label
      record([0, 1, 0, 1, 7, 91], [3, 0x61, 0x0a, 0x62, 0]),  // a line break
      record([0, 1, 0, 1, 7, 91], [3, 0x61, 0x2e, 0x62, 0]),  // a dot in a label
      record([0, 1, 0, 1, 7, 91], [9, 0x63, 0x75, 0x74]),
      record([0, 1, 0, 1, 7, 91], plain, length: 7),  // the target goes on beyond the record
      record([0, 1, 0], []),
    ])
  func unusable(_ bad: [UInt8]) {
    let good = Self.record([0, 1, 0, 1, 7, 91], Self.compressed)
    #expect(NameServerAnswer.services(in: Self.answer([good, bad])).count == 1)
  }

  @Test("a name of more than 255 bytes is none") func long() {
    let label: [UInt8] = [63] + Array(repeating: 0x61, count: 63)
    let target = label + label + label + label + [0]
    let numbers: [UInt8] = [0, 1, 0, 1, 7, 91]
    var record = Self.record(numbers, [])
    record[10] = 1
    record[11] = UInt8(numbers.count + target.count - 256)
    #expect(NameServerAnswer.services(in: Self.answer([record + target])).isEmpty)
  }

  @Test("no cut and no changed byte of an answer does harm") func hostile() {
    let whole = Self.answer([
      Self.record([0, 1, 0, 1, 7, 91], Self.compressed),
      Self.record([0, 1, 0, 1, 7, 91], Self.plain),
    ])
    for length in 0..<whole.count {
      #expect(NameServerAnswer.services(in: Array(whole[..<length])).count < 2)
    }
    for place in whole.indices {
      for byte in UInt8.min...UInt8.max {
        var bytes = whole
        bytes[place] = byte
        #expect(NameServerAnswer.services(in: bytes).count <= 2)
      }
    }
    #expect(NameServerAnswer.services(in: Self.answer([], claimed: 255)).isEmpty)
  }

  @Test("the order is by priority, and by lot within one, as weights say") func order() {
    let records = [
      ServiceRecord(priority: 2, weight: 9, port: 1, target: "late"),
      ServiceRecord(priority: 1, weight: 30, port: 1, target: "often"),
      ServiceRecord(priority: 1, weight: 10, port: 1, target: "seldom"),
      ServiceRecord(priority: 1, weight: 0, port: 1, target: "hardly"),
    ]
    var random = Generator(seed: 1)
    var first: [String: Int] = [:]
    for _ in 0..<4100 {
      let order = ServiceRecord.ordered(records, using: &random)
      #expect(Set(order) == Set(records))
      #expect(order.last?.target == "late")
      first[order[0].target, default: 0] += 1
    }
    // Of 41 marks 30 fall to the one, 10 to the other, and 0 to the third.
    #expect(abs(first["often"]! - 3000) < 200)
    #expect(abs(first["seldom"]! - 1000) < 200)
    #expect((1..<250).contains(first["hardly"]!))
  }
}

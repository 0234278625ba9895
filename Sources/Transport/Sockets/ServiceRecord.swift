// SRV records (RFC 2782): what a name server's answer says, and in which order it is to be used.

/// A server of a service.
struct ServiceRecord: Hashable, Sendable {
  /// The smallest comes first.
  var priority: UInt16
  /// Share of the clients among servers of one priority.
  var weight: UInt16
  var port: UInt16
  /// A host name without the last dot; empty: the service is decidedly not there.
  var target: String

  static let type: UInt16 = 33

  /// The order to try servers in: by priority, and within one by lot, as weights say.
  static func ordered(
    _ records: [ServiceRecord], using random: inout some RandomNumberGenerator
  ) -> [ServiceRecord] {
    var rest = records
    var order: [ServiceRecord] = []
    while let priority = rest.map(\.priority).min() {
      // Those of weight 0 stand in front, so that they have a small chance.
      var lot = rest.filter { $0.priority == priority }.sorted { $0.weight < $1.weight }
      rest.removeAll { $0.priority == priority }
      while !lot.isEmpty {
        let sum = lot.reduce(0) { $0 + Int($1.weight) }
        let mark = Int.random(in: 0...sum, using: &random)
        var running = 0
        let place = lot.firstIndex { record in
          running += Int(record.weight)
          return running >= mark
        }
        order.append(lot.remove(at: place ?? 0))
      }
    }
    return order
  }
}

/// A name server's answer (RFC 1035 §4), which nobody vouches for.
struct NameServerAnswer {
  private let bytes: [UInt8]
  private var position = 0

  /// - Returns: the SRV records in it up to the first fault, without those whose target is no host name.
  static func services(in bytes: [UInt8]) -> [ServiceRecord] {
    var answer = NameServerAnswer(bytes: bytes)
    var records: [ServiceRecord] = []
    answer.read(into: &records)
    return records
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func read(into records: inout [ServiceRecord]) {
    position = 4
    guard let questions = number(), let answers = number() else { return }
    position = 12
    for _ in 0..<questions {
      guard name() != nil, number() != nil, number() != nil else { return }
    }
    for _ in 0..<answers {
      guard name() != nil, let type = number(), let family = number(), number() != nil,
        number() != nil, let length = number(), position + Int(length) <= bytes.count
      else { return }
      let end = position + Int(length)
      if type == ServiceRecord.type, family == 1, let record = service(before: end) {
        records.append(record)
      }
      position = end
    }
  }

  private mutating func service(before end: Int) -> ServiceRecord? {
    guard let priority = number(), let weight = number(), let port = number(),
      let target = name(), position <= end, let host = Self.host(target)
    else { return nil }
    return ServiceRecord(priority: priority, weight: weight, port: port, target: host)
  }

  private mutating func number() -> UInt16? {
    guard position + 2 <= bytes.count else { return nil }
    defer { position += 2 }
    return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
  }

  /// The labels of a domain name; nil when it is cut off or too long, or its pointers do not lead back.
  private mutating func name() -> [ArraySlice<UInt8>]? {
    var labels: [ArraySlice<UInt8>] = []
    var place = position
    var start = position
    var size = 0
    var end: Int?
    while place < bytes.count {
      let length = Int(bytes[place])
      switch length >> 6 {
      case 0 where length == 0:
        position = end ?? place + 1
        return labels
      case 0:
        size += length + 1
        guard size <= 254, place + 1 + length <= bytes.count else { return nil }
        labels.append(bytes[(place + 1)...(place + length)])
        place += length + 1
      case 3:
        guard place + 1 < bytes.count else { return nil }
        end = end ?? place + 2
        let target = (length & 0x3f) << 8 | Int(bytes[place + 1])
        // Always further back, so that it comes to an end.
        guard target < start else { return nil }
        place = target
        start = target
      default: return nil
      }
    }
    return nil
  }

  /// - Returns: nil when a byte in it has no place in a host name.
  private static func host(_ labels: [ArraySlice<UInt8>]) -> String? {
    for byte in labels.joined() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        continue
      default: return nil
      }
    }
    return labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
  }
}

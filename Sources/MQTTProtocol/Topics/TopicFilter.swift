/// What a subscription asks for: levels between slashes, `+` for one level, `#` for all that follow,
/// and `$share/NAME/…` for a subscription shared among clients.  MQTT 5 §4.7, §4.8.2.
package struct TopicFilter: Hashable, Sendable, CustomStringConvertible {
  package let string: UTF8String
  /// Where the filter proper begins: behind `$share/NAME/`, else 0.
  private let start: Int

  package enum Fault: Error, Hashable, Sendable {
    case empty
    case string(UTF8String.Fault)
    /// `#` must be a whole level and the last [MQTT-4.7.1-1], `+` a whole level [MQTT-4.7.1-2].
    case multiLevelWildcard
    case singleLevelWildcard
    /// `$share/` needs a name without wildcards and a filter behind it [MQTT-4.8.2-1, -2].
    case share
  }

  package init(_ bytes: [UInt8]) throws(Fault) {
    let string: UTF8String
    do { string = try UTF8String(bytes) } catch { throw .string(error) }
    try self.init(string)
  }

  package init(_ string: UTF8String) throws(Fault) {
    self.string = string
    let bytes = string.bytes
    if bytes.isEmpty { throw .empty }
    let prefix = Array("$share/".utf8)
    if bytes.starts(with: prefix) {
      let name = bytes[prefix.count...].prefix { $0 != Self.slash }
      let behind = prefix.count + name.count + 1
      guard !name.isEmpty, !name.contains(Self.plus), !name.contains(Self.hash),
        behind < bytes.count
      else { throw .share }
      start = behind
    } else {
      start = 0
    }
    for at in start..<bytes.count {
      let opensLevel = at == start || bytes[at - 1] == Self.slash
      let isLast = at == bytes.count - 1
      if bytes[at] == Self.hash {
        if !opensLevel || !isLast { throw .multiLevelWildcard }
      } else if bytes[at] == Self.plus {
        if !opensLevel || !(isLast || bytes[at + 1] == Self.slash) { throw .singleLevelWildcard }
      }
    }
  }

  package var bytes: [UInt8] { string.bytes }
  package var description: String { string.description }
  package var isShared: Bool { start > 0 }
  package var hasWildcard: Bool {
    bytes[start...].contains { $0 == Self.plus || $0 == Self.hash }
  }

  /// True when a message on `topic` belongs to the subscription.  A wildcard in the first level does
  /// not match a topic that begins with `$` [MQTT-4.7.2-1]; `a/#` matches `a` too (§4.7.1.2).
  package func matches(_ topic: UnsafeRawBufferPointer) -> Bool {
    bytes.withUnsafeBytes { Self.match(UnsafeRawBufferPointer(rebasing: $0[start...]), topic) }
  }

  private static func match(
    _ filter: UnsafeRawBufferPointer, _ topic: UnsafeRawBufferPointer
  ) -> Bool {
    if let first = topic.first, first == UInt8(ascii: "$"),
      filter[0] == plus || filter[0] == hash
    {
      return false
    }
    var f = 0
    var t = 0
    while f < filter.count {
      if filter[f] == hash { return true }
      if filter[f] == plus {
        while t < topic.count, topic[t] != slash { t += 1 }
        f += 1
      } else {
        while f < filter.count, filter[f] != slash {
          guard t < topic.count, topic[t] == filter[f] else { return false }
          f += 1
          t += 1
        }
      }
      // Both stand at the end of a level.
      if f == filter.count { return t == topic.count }
      if t == topic.count { return f + 2 == filter.count && filter[f + 1] == hash }
      guard topic[t] == slash else { return false }
      f += 1
      t += 1
      if f == filter.count { return t == topic.count }
    }
    return false
  }

  private static let slash = UInt8(ascii: "/")
  private static let plus = UInt8(ascii: "+")
  private static let hash = UInt8(ascii: "#")
}

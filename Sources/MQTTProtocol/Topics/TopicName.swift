/// The topic a message is published to: 1 to 65,535 bytes of UTF-8 without wildcards.
/// MQTT 5 §4.7, §3.3.2.1.
package struct TopicName: Hashable, Sendable, CustomStringConvertible {
  package let string: UTF8String

  package enum Fault: Error, Hashable, Sendable {
    case empty
    case wildcard
    case string(UTF8String.Fault)
  }

  package init(_ bytes: [UInt8]) throws(Fault) {
    let string: UTF8String
    do { string = try UTF8String(bytes) } catch { throw .string(error) }
    if string.isEmpty { throw .empty }
    if bytes.withUnsafeBytes({ Self.hasWildcard($0) }) { throw .wildcard }
    self.string = string
  }

  package var bytes: [UInt8] { string.bytes }
  package var description: String { string.description }

  package static func hasWildcard(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for byte in bytes where byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#") { return true }
    return false
  }
}

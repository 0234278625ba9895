// The rows of the decoder table, and the few words their bytes are written with.

import MQTTProtocol
import Testing

/// Bytes that are a packet.  `#N` in a name is a line of the protocol checklist.
struct ValidRow: Sendable, CustomTestStringConvertible {
  let name: String
  let version: ProtocolVersion
  let bytes: [UInt8]
  let packet: Packet
  /// What the encoder writes: shorter where MQTT lets a sender leave something out.
  let canonical: [UInt8]

  init(
    _ name: String, _ version: ProtocolVersion, _ bytes: [UInt8], _ packet: Packet,
    canonical: [UInt8]? = nil
  ) {
    self.name = name
    self.version = version
    self.bytes = bytes
    self.packet = packet
    self.canonical = canonical ?? bytes
  }

  var testDescription: String { "\(version): \(name)" }
}

/// Bytes that are none, with what is wrong and the reason code MQTT 5 answers it with.
struct MalformedRow: Sendable, CustomTestStringConvertible {
  let name: String
  let version: ProtocolVersion
  let bytes: [UInt8]
  let error: MalformedPacket
  let code: UInt8

  init(
    _ name: String, _ version: ProtocolVersion, _ bytes: [UInt8], _ error: MalformedPacket,
    _ code: UInt8
  ) {
    self.name = name
    self.version = version
    self.bytes = bytes
    self.error = error
    self.code = code
  }

  var testDescription: String { "\(version): \(name)" }
}

extension MalformedRow {
  /// One row for every length a body of nothing but mandatory fields can be cut to.
  static func cuts(
    _ name: String, _ version: ProtocolVersion, _ first: UInt8, _ body: [UInt8]
  ) -> [MalformedRow] {
    body.indices.map {
      MalformedRow(
        "\(name) cut after \($0) of \(body.count) bytes (#58)", version,
        frame(first, Array(body[..<$0])), .truncated, 0x81)
    }
  }
}

/// The identifier 0x1234, and its bytes.
let id = PacketID(rawValue: 0x1234)!
let idBytes: [UInt8] = [0x12, 0x34]

/// A packet: its first byte, the length of the parts, the parts.
func frame(_ first: UInt8, _ parts: [UInt8]...) -> [UInt8] {
  let body = parts.flatMap { $0 }
  return [first] + variable(body.count) + body
}

/// A two-byte length and the text.
func field(_ text: String) -> [UInt8] { field([UInt8](text.utf8)) }

func field(_ bytes: [UInt8]) -> [UInt8] {
  [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes
}

/// Properties with their length in front.
func block(_ properties: [UInt8]...) -> [UInt8] {
  let all = properties.flatMap { $0 }
  return variable(all.count) + all
}

/// The algorithm of MQTT 5 §1.5.5, as it stands there.
func variable(_ number: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  var x = number
  repeat {
    var encodedByte = UInt8(x % 128)
    x /= 128
    if x > 0 { encodedByte |= 128 }
    bytes.append(encodedByte)
  } while x > 0
  return bytes
}

/// `0x8f`, for names.
func hex(_ byte: UInt8) -> String {
  (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16)
}

/// A packet, and how many bytes it took.
struct Decoded: Equatable {
  var packet: Packet
  var size: Int
}

/// Decodes the packet at the start of `bytes`; nil when it has not all arrived.
func decode(_ bytes: [UInt8], _ version: ProtocolVersion) throws -> Decoded? {
  try bytes.withUnsafeBytes { raw in
    var position = 0
    let packet = try Packet(from: raw, at: &position, version)
    return packet.map { Decoded(packet: $0, size: position) }
  }
}

// libFuzzer's way into the codec: any bytes, and what they decode to there and back again.

import MQTTProtocol

/// The first byte selects the version; the rest is a stream of packets until one is malformed or not
/// all there.  Traps when a decoded packet does not survive being encoded and decoded again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: start, count: count)
  guard let selector = input.first else { return 0 }
  let version = ProtocolVersion.allCases[Int(selector) % ProtocolVersion.allCases.count]
  let stream = UnsafeRawBufferPointer(rebasing: input[1...])
  var position = 0
  while let packet = try? Packet(from: stream, at: &position, version) {
    precondition(position <= stream.count)
    checkRoundTrip(packet, version)
  }
  return 0
}

private func checkRoundTrip(_ packet: Packet, _ version: ProtocolVersion) {
  let bytes = packet.encoded(version)
  var position = 0
  let again = try? bytes.withUnsafeBytes { try Packet(from: $0, at: &position, version) }
  precondition(again == packet, "decodes to another packet")
  precondition(position == bytes.count, "leaves bytes of its own")
}

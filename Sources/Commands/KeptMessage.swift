import MQTTSession

/// A message that outlives the input it arrived in.
final class KeptMessage {
  /// Valid as long as this object.
  let message: ReceivedMessage
  private let block: UnsafeMutableRawBufferPointer

  init(_ original: ReceivedMessage) {
    let parts = [original.topic, original.properties, original.payload]
    block = .allocate(byteCount: parts.reduce(0) { $0 + $1.count }, alignment: 1)
    var end = 0
    var copies: [UnsafeRawBufferPointer] = []
    for part in parts {
      let place = UnsafeMutableRawBufferPointer(rebasing: block[end..<(end + part.count)])
      place.copyMemory(from: part)
      copies.append(UnsafeRawBufferPointer(place))
      end += part.count
    }
    message = ReceivedMessage(
      topic: copies[0], payload: copies[2], properties: copies[1], qos: original.qos,
      retain: original.retain, duplicate: original.duplicate, packetID: original.packetID)
  }

  deinit { block.deallocate() }

  /// Bytes that it takes.
  var size: Int { block.count }
}

// Every packet is shown, for who wants to see it.

import MQTTProtocol
import MQTTSession

extension Client {
  /// One packet at a time, so that each is shown before what it leads to.
  mutating func nextTracedEvent() throws(ClientFailure) -> Event? {
    while let size = wholePacket(in: input.bytes) {
      let packet = UnsafeRawBufferPointer(rebasing: input.bytes[..<size])
      trace?(.received, packet, session.clientID)
      defer { input.removeFirst(size) }
      var position = 0
      do {
        if let event = try session.nextEvent(
          in: packet, from: &position, at: arrival)
        {
          return event
        }
      } catch {
        throw .session(error)
      }
    }
    // What is left may be malformed, which the session finds out.
    return try nextUntracedEvent()
  }

  mutating func traceOutput() {
    guard let trace else { return }
    while let size = wholePacket(
      in: UnsafeRawBufferPointer(rebasing: session.output.bytes[traced...]))
    {
      let packet = UnsafeRawBufferPointer(
        rebasing: session.output.bytes[traced..<(traced + size)])
      trace(.sent, packet, session.clientID)
      traced += size
    }
  }

  private func wholePacket(in bytes: UnsafeRawBufferPointer) -> Int? {
    let header = try? FixedHeader(in: bytes, at: 0, limit: .max, session.version)
    guard let header, header.packetSize <= bytes.count else { return nil }
    return header.packetSize
  }
}

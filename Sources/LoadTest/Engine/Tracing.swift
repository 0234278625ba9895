// What happens on the connections, for who wants to see it.

import MQTTProtocol
import MQTTSession
import Rendering

extension Worker {
  /// Shows the packets of the output that were not shown yet.
  func traceOutput(_ client: LoadClient) {
    guard let trace else { return }
    let output = client.session.output.bytes
    client.traced += show(
      UnsafeRawBufferPointer(rebasing: output[client.traced...]), sent: true, client, trace)
  }

  /// - Parameter bytes: none of whose packets was shown.
  func traceInput(_ client: LoadClient, _ bytes: UnsafeRawBufferPointer) {
    guard let trace else { return }
    _ = show(bytes, sent: false, client, trace)
  }

  func traceEnd(_ client: LoadClient, _ fault: LoadFault) {
    trace?("Client \(SafeText.escaped(client.session.clientID.bytes)): \(fault)")
  }

  /// - Returns: bytes of the packets that are whole.
  private func show(
    _ bytes: UnsafeRawBufferPointer, sent: Bool, _ client: LoadClient,
    _ trace: @Sendable (String) -> Void
  ) -> Int {
    var position = 0
    while position < bytes.count {
      let header = try? FixedHeader(in: bytes, at: position, limit: .max, plan.version)
      guard let header, header.packetSize <= bytes.count - position else { break }
      let packet = UnsafeRawBufferPointer(
        rebasing: bytes[position..<(position + header.packetSize)])
      trace(PacketTrace.line(sent: sent, packet, clientID: client.session.clientID, plan.version))
      position += header.packetSize
    }
    return position
  }
}

// Received messages on their way to standard output.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// Collects what is to be written and writes it in large blocks, keeping the connection alive when the
/// reader is slow.
struct MessageOutput: ~Copyable {
  private let format: PlainFormat
  private var buffer = ByteBuffer(capacity: 64 << 10)
  private let file = OutputFile.standardOutput

  /// More than this is written without waiting for the socket to run dry.
  private static let block = 128 << 10

  init(_ format: PlainFormat) { self.format = format }

  /// Adds a message; a large payload is written from where it lies.
  mutating func append(_ message: ReceivedMessage, _ client: inout Client) throws(ClientFailure) {
    format.appendHead(topic: message.topic, to: &buffer)
    if message.payload.count >= Self.block {
      try drain(&client)
      try write(message.payload, &client)
    } else {
      buffer.append(message.payload)
    }
    format.appendTail(to: &buffer)
    if buffer.count >= Self.block {
      try drain(&client)
      client.session.releaseAcknowledgements()
    }
  }

  /// Writes everything that was added.
  mutating func drain(_ client: inout Client) throws(ClientFailure) {
    if buffer.isEmpty { return }
    try write(buffer.bytes, &client)
    buffer.removeAll()
  }

  private func write(
    _ bytes: UnsafeRawBufferPointer, _ client: inout Client
  ) throws(ClientFailure) {
    var rest = bytes
    while !rest.isEmpty {
      let result: Transfer
      do { result = try file.write(rest) } catch { throw .transport(error) }
      switch result {
      case .bytes(let count): rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      case .wouldBlock, .end:
        try client.flush()
        _ = try client.wait(other: Watch(file.descriptor, .writable), reading: false)
      }
    }
  }
}

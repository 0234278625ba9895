// `apus pub` with one message, once or repeated; a large one goes through memory in blocks.

import MQTTProtocol
import MQTTSession
import Transport

extension Publisher {
  mutating func send(_ payload: [UInt8]) throws(Failure) {
    // What is sealed is another copy, so a large one is sealed in pieces.
    if sealer != nil, payload.count > Self.block {
      try stream("the payload", payload.count) { (room, offset) in
        let piece = payload[min(offset, payload.count)...].prefix(room.count)
        room.copyBytes(from: piece)
        return piece.count
      }
      return
    }
    while true {
      if hasRoom {
        let isSent = try payload.withUnsafeBufferPointer { (bytes) throws(Failure) -> Bool in
          try publish(UnsafeRawBufferPointer(bytes))
        }
        if isSent { return }
      }
      try exchange()
      if !hasRoom || !mayPublish { _ = try wait() }
    }
  }

  /// - Parameter name: of what is read, for messages.
  mutating func stream(
    _ name: String, _ size: Int, _ read: PayloadReader
  ) throws(Failure) {
    while !mayPublish || !client.session.output.isEmpty {
      try exchange()
      if !mayPublish || !client.session.output.isEmpty { _ = try wait() }
    }
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { block.deallocate() }
    var sealed: SealedFile?
    if let sealer {
      sealed = try SealedFile(publication, messages.properties, size, by: sealer, block, read)
    }
    try beginStreaming(sealed?.publication ?? publication, sealed?.length ?? size)
    append(sealed?.front ?? [])
    var offset = 0
    while offset < size {
      let room = UnsafeMutableRawBufferPointer(rebasing: block[..<min(block.count, size - offset)])
      let count = try read(room, offset)
      if count == 0 {
        // A message whose length is announced cannot be cut short: the server must not get any.
        throw Failure(.usage, "\(name): became shorter while it was sent")
      }
      offset += count
      let piece = UnsafeMutableRawBufferPointer(rebasing: room[..<count])
      try sealed?.transform(piece)
      client.session.appendPayload(UnsafeRawBufferPointer(piece))
      try exchange()
      while client.session.output.count > 2 * Self.block {
        _ = try wait()
        try exchange()
      }
    }
    append(try sealed.take()?.tail() ?? [])
  }

  private mutating func beginStreaming(
    _ publication: Publication, _ length: Int
  ) throws(Failure) {
    do { try client.session.publishStreaming(publication, payloadLength: length) } catch {
      throw connecting.failure(error)
    }
    published += 1
  }

  private mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { client.session.appendPayload($0) }
  }

  /// Calls `send` as often as `--repeat` says, with the pause of `--repeat-delay` between.
  mutating func repeating(
    _ send: (inout Publisher) throws(Failure) -> Void
  ) throws(Failure) {
    let delay = Duration.seconds(settings.publishing.repeatDelay)
    for round in 0..<settings.publishing.repeatCount {
      // mosquitto_pub sends the next one only when the last is acknowledged.
      if round > 0, delay > .zero || settings.personality != .apus {
        try settle()
        let due = MonotonicClock.now() + delay
        while MonotonicClock.now() < due {
          try exchange()
          _ = try wait(until: due)
        }
      }
      try send(&self)
    }
    // At QoS 0 there is nothing to wait for: DISCONNECT leaves together with the last message.
    if settings.qos > .atMostOnce || !hasRoom { try settle() }
  }
}

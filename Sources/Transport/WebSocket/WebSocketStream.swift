// WebSocket over another stream.  RFC 6455.

import StreamProtocols

/// Bytes in binary frames.  Pings are answered and Close is, whenever something is read.
package final class WebSocketStream: ByteStream {
  private let below: any ByteStream
  private let endpoint: Endpoint
  private var reader = FrameReader()
  private var writer = FrameWriter()
  private var masks = RandomWords()
  /// The last read took all that it had room for.
  private var mayHaveMore = false
  /// Nothing more is to be said: whatever code the server closes with is all right.
  private var isLeaving = false
  /// Close goes behind what is written next.
  private var closesBehindWrite = false
  /// Close was sent, or cannot be any more.
  private var hasClosed = false

  package var descriptor: CInt { below.descriptor }
  package var channelBinding: [UInt8]? { below.channelBinding }
  package var hasMore: Bool { mayHaveMore || reader.ending != nil || below.hasMore }

  private init(over stream: any ByteStream, to endpoint: Endpoint) {
    below = stream
    self.endpoint = endpoint
  }

  deinit { close() }

  /// Shakes hands.
  ///
  /// - Parameters:
  ///   - endpoint: for messages.
  ///   - host: the server's name and port, as `Host` has them.
  /// - Throws: `.upgrade`, `.noAnswer`, `.interrupted`, and what the stream throws.
  package static func connect(
    over stream: any ByteStream, _ configuration: WebSocketConfiguration, to endpoint: Endpoint,
    host: String, deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> WebSocketStream {
    let upgrade = Upgrade(
      host: host, path: configuration.path, fields: configuration.fields,
      protocols: configuration.protocols, nonce: RandomWords.bytes(16))
    let talk = Handshaking(over: stream, with: endpoint, "WebSocket", until: deadline, stop)
    try talk.send(upgrade.request)
    let answer = try talk.receiveHead { .upgrade(endpoint, $0.map { .http($0) } ?? .closed) }
    do { try upgrade.check(answer) } catch { throw .upgrade(endpoint, error) }
    return WebSocketStream(over: stream, to: endpoint)
  }

  // MARK: Bytes

  package func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(TransportError) -> Transfer {
    if let ending = reader.ending { return try finish(ending) }
    switch try below.read(into: buffer) {
    case .end:
      hasClosed = true
      return .end
    case .wouldBlock(let wants):
      mayHaveMore = false
      return .wouldBlock(answer() ? wants : wants.union(.writable))
    case .bytes(let count):
      mayHaveMore = count == buffer.count
      let payload = reader.unwrap(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
      if reader.ping != nil { _ = answer() }
      if payload > 0 { return .bytes(payload) }
      if let ending = reader.ending { return try finish(ending) }
      // Nothing but pings: the caller has other things to look at, too.
      return .wouldBlock(.readable)
    }
  }

  /// Reports payload when its frame has left: until then the caller comes with the same bytes again.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Transfer {
    var total = 0
    while true {
      preparePong()
      if writer.isEmpty {
        if total == bytes.count { return .bytes(total) }
        writer.frame(UnsafeRawBufferPointer(rebasing: bytes[total...]), mask: masks.word())
        if closesBehindWrite, bytes.count - total <= FrameWriter.most {
          writer.closeBehind(1000, mask: masks.word())
          hasClosed = true
        }
      }
      switch try below.write(writer.bytes) {
      case .bytes(let count): total += writer.sent(count)
      case let other: return total > 0 ? .bytes(total) : other
      }
    }
  }

  package func isDelivered() throws(TransportError) -> Bool {
    let isBelow = try below.isDelivered()
    return writer.isEmpty && isBelow
  }

  /// Close is to be read together with DISCONNECT, at which servers close: mosquitto 2.0.11 would take what
  /// comes later for a fault of another client's TLS connection, and end that one.
  package func willFinish() { closesBehindWrite = true }

  /// Close leaves with `close`: servers close at DISCONNECT, and bytes that they leave unread would make
  /// their system reset the connection, which would mean that messages were lost.
  package func finishWriting() { isLeaving = true }

  /// RabbitMQ leaves a WebSocket open at DISCONNECT; it has read what came before, so there is no reset.
  package func askToClose() { sendClose(1000) }

  package func close() {
    sendClose(1000)
    below.close()
  }

  // MARK: Control frames

  /// Puts a pong that is due into the writer, unless a frame is on its way; nothing follows Close.
  private func preparePong() {
    if writer.isEmpty, !hasClosed, let payload = reader.takePing() {
      writer.control(.pong, payload, mask: masks.word())
    }
  }

  /// Sends a pong that is due, as far as it can be sent now.  A frame that is on its way comes first,
  /// and `write` sees to both then.
  ///
  /// - Returns: false when it has to wait for the stream below.
  private func answer() -> Bool {
    preparePong()
    while !writer.isEmpty, writer.isControl {
      // What goes wrong here, the next write finds out.
      guard case .bytes(let count) = try? below.write(writer.bytes) else { return false }
      _ = writer.sent(count)
    }
    return true
  }

  private func finish(_ ending: FrameReader.Ending) throws(TransportError) -> Transfer {
    switch ending {
    case .fault(let fault):
      sendClose(fault.closeCode)
      throw .frame(endpoint, fault)
    case .closed(let code, let reason):
      sendClose(code ?? 1000)
      guard !isLeaving, let code, code != 1000 else { return .end }
      throw .webSocketClosed(endpoint, code: code, reason: reason)
    }
  }

  /// Once, and not into another frame; whether it arrives is the server's concern.
  private func sendClose(_ code: UInt16) {
    if hasClosed { return }
    hasClosed = true
    guard writer.isEmpty else { return }
    writer.close(code, mask: masks.word())
    if case .bytes(let count) = try? below.write(writer.bytes) { _ = writer.sent(count) }
  }
}

// Question and answer before a connection can be used.

import Glibc
import StreamProtocols

/// One conversation over a stream, each step of which may take until the deadline.
struct Handshaking {
  let stream: any ByteStream
  let endpoint: Endpoint
  /// For messages: `WebSocket handshake`.
  let name: String
  let deadline: Duration?
  let stop: StopSignals?
  private let began = MonotonicClock.now()

  init(
    over stream: any ByteStream, with endpoint: Endpoint, _ name: String, until deadline: Duration?,
    _ stop: StopSignals?
  ) {
    self.stream = stream
    self.endpoint = endpoint
    self.name = name
    self.deadline = deadline
    self.stop = stop
  }

  /// - Throws: `.noAnswer`, `.interrupted`, and what the stream throws.
  func send(_ bytes: [UInt8]) throws(TransportError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // The closure would lose the type of what is thrown.
      let result = rest.withUnsafeBytes { bytes in
        Result { () throws(TransportError) in try stream.write(bytes) }
      }
      switch try result.get() {
      case .bytes(let count): rest = rest.dropFirst(count)
      case .wouldBlock(let wants): try wait(for: wants)
      case .end: throw .system(call: "\(endpoint)", errno: EPIPE)
      }
    }
  }

  /// - Returns: 1 to `most` bytes; none when the other side has closed, in order or not.
  func receive(atMost most: Int) throws(TransportError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: most)
    while true {
      let result = block.withUnsafeMutableBytes { block in
        Result { () throws(TransportError) in try stream.read(into: block) }
      }
      switch result {
      case .success(.bytes(let count)): return Array(block[..<count])
      case .success(.wouldBlock(let wants)): try wait(for: wants)
      case .success(.end), .failure(.lost): return []
      case .failure(let error): throw error
      }
    }
  }

  /// Reads a web server's answer up to its blank line, and no further.
  ///
  /// - Parameter failure: what to throw for a fault; nil: the other side has closed.
  func receiveHead(
    orThrow failure: (HTTPFault?) -> TransportError
  ) throws(TransportError) -> HTTPHead {
    var head = HTTPHead()
    while head.wanted > 0 {
      let bytes = try receive(atMost: head.wanted)
      if bytes.isEmpty { throw failure(nil) }
      do { try head.receive(bytes) } catch { throw failure(error) }
    }
    return head
  }

  private func wait(for wants: Readiness) throws(TransportError) {
    let ready = try Watches(socket: Watch(stream.descriptor, wants)).wait(
      until: deadline, stop: stop)
    if let signal = ready.signal { throw .interrupted(signal: signal) }
    if !ready.socket { throw .noAnswer(endpoint, name, within: MonotonicClock.now() - began) }
  }
}

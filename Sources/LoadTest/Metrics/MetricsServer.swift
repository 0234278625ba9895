// Where Prometheus fetches the metrics during the run: GET /metrics (RFC 9112).

import Transport

/// Answers on a thread that has other things to do: each `turn` does what can be done without waiting.
/// The number of connections, the length of a request and its time are bounded.
package final class MetricsServer {
  private let listener: Listener
  private var visitors: [Visitor] = []

  private static let mostVisitors = 8
  private static let patience: Duration = .seconds(5)

  package init(_ listener: Listener) { self.listener = listener }

  package var port: UInt16 { listener.port }

  /// - Parameters:
  ///   - now: by any clock that does not run back.
  ///   - metrics: asked for when somebody wants them.
  package func turn(at now: Duration, _ metrics: () -> String) {
    while visitors.count < Self.mostVisitors, let stream = listener.accept() {
      visitors.append(Visitor(stream, since: now))
    }
    visitors.removeAll { visitor in
      let isDone = visitor.turn(metrics) || now - visitor.since > Self.patience
      if isDone { visitor.close() }
      return isDone
    }
  }
}

private final class Visitor {
  let since: Duration
  private let stream: SocketStream
  private var request = MetricsRequest()
  private var answer: [UInt8] = []
  private var isAnswered = false

  init(_ stream: SocketStream, since: Duration) {
    self.stream = stream
    self.since = since
  }

  func close() { stream.close() }

  /// - Returns: true when nothing is left to do.
  func turn(_ metrics: () -> String) -> Bool {
    do throws(TransportError) {
      if try hasEnded(metrics) { return true }
      while !answer.isEmpty {
        switch try answer.withUnsafeBufferPointer({ (bytes) throws(TransportError) in
          try stream.write(UnsafeRawBufferPointer(bytes))
        }) {
        case .bytes(let count): answer.removeFirst(count)
        case .end, .wouldBlock: return false
        }
        if answer.isEmpty { stream.finishWriting() }
      }
      return false
    } catch { return true }
  }

  /// Reads what is there, up to the visitor's end: closing before it would take our answer away.
  private func hasEnded(_ metrics: () -> String) throws(TransportError) -> Bool {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1024, alignment: 16)
    defer { block.deallocate() }
    // A visitor that never stops talking has its turn like the others.
    for _ in 0..<8 {
      switch try stream.read(into: block) {
      case .end: return true
      case .wouldBlock: return false
      case .bytes(let count):
        if isAnswered { continue }
        request.receive(block[..<count])
        guard let answer = request.answer(metrics) else { continue }
        self.answer = Array(answer.utf8)
        isAnswered = true
      }
    }
    return false
  }
}

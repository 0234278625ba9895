// A network between client and broker that is worse than loopback.

import Foundation
import Glibc
import Synchronization

/// Forwards one connection after the other to a broker, late or only in part.
package final class FaultProxy: @unchecked Sendable {
  package let port: UInt16
  private let socket: CInt
  private let broker: UInt16
  private let faults: Faults

  package struct Faults: Sendable {
    /// Seconds that every byte is on its way, in each direction.
    package var delay = 0.0
    /// The connection breaks after so many bytes from the client, or to it.
    package var cutAfterSent: Int?
    package var cutAfterReceived: Int?
    /// What becomes of the connection then.
    package var cut = Cut.end
    /// Bytes go on in pieces of at most this size.
    package var pieces = 64 << 10

    package init() {}
  }

  package enum Cut: String, Sendable, CaseIterable {
    /// It ends in order, both ways.
    case end
    case reset
    /// Nothing goes on any more in that direction, and nobody is told.
    case stall
  }

  /// Bytes that came from clients, and that went to them.
  package var carried: (sent: Int, received: Int) { (sent.load(), received.load()) }
  private let sent = Count()
  private let received = Count()

  package var address: [String] { ["-h", "127.0.0.1", "-p", String(port)] }

  package init(to broker: UInt16, _ change: (inout Faults) -> Void) throws {
    var faults = Faults()
    change(&faults)
    self.faults = faults
    self.broker = broker
    (socket, port) = try listeningSocket()
    let listener = socket
    Thread.detachNewThread { [broker, faults, sent, received] in
      while true {
        let client = accepted(from: listener)
        if client < 0 {
          close(listener)
          return
        }
        let server = connecting(to: broker, isBlocking: true)
        let line = Line(client, server)
        Thread.detachNewThread { line.carry(client, server, faults, faults.cutAfterSent, sent) }
        Thread.detachNewThread {
          line.carry(server, client, faults, faults.cutAfterReceived, received)
        }
      }
    }
  }

  /// The thread that accepts closes it: until then the number must not be another socket's.
  deinit { shutdown(socket, CInt(SHUT_RDWR)) }
}

private final class Count: Sendable {
  private let number = Mutex(0)
  func load() -> Int { number.withLock { $0 } }
  func add(_ count: Int) { number.withLock { $0 += count } }
}

/// Both sockets of one forwarded connection; closed when both directions are done with them.
private final class Line: Sendable {
  private let client: CInt
  private let server: CInt

  init(_ client: CInt, _ server: CInt) {
    self.client = client
    self.server = server
  }

  deinit {
    close(client)
    close(server)
  }

  /// One direction, with every piece held back for the delay but as many under way as there are.
  func carry(
    _ source: CInt, _ target: CInt, _ faults: FaultProxy.Faults, _ limit: Int?, _ count: Count
  ) {
    var waiting: [(due: Double, bytes: [UInt8])] = []
    var left = limit ?? .max
    var isAtEnd = false
    while !isAtEnd || !waiting.isEmpty {
      let now = monotonicSeconds()
      if let first = waiting.first, first.due <= now {
        let bytes = first.bytes.prefix(left)
        left -= bytes.count
        if !sendAll(Array(bytes), to: target, faults.pieces) { break }
        count.add(bytes.count)
        if left == 0 {
          cut(source, target, faults.cut)
          return
        }
        waiting.removeFirst()
        continue
      }
      if isAtEnd || waiting.count > 4096 {
        _ = poll(nil, 0, milliseconds((waiting.first?.due ?? now) - now))
        continue
      }
      var slot = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
      let ready = poll(&slot, 1, waiting.first.map { milliseconds($0.due - now) } ?? -1)
      if ready <= 0 { continue }
      var block = [UInt8](repeating: 0, count: 64 << 10)
      let taken = recv(source, &block, block.count, 0)
      if taken <= 0 {
        isAtEnd = true
      } else {
        waiting.append((monotonicSeconds() + faults.delay, Array(block[..<taken])))
      }
    }
    shutdown(target, CInt(SHUT_WR))
  }

  private func cut(_ source: CInt, _ target: CInt, _ kind: FaultProxy.Cut) {
    switch kind {
    case .end: for socket in [source, target] { shutdown(socket, CInt(SHUT_RDWR)) }
    // Linux takes a connection to no address for its end, by RST.
    case .reset:
      var nowhere = sockaddr()
      nowhere.sa_family = sa_family_t(AF_UNSPEC)
      for socket in [source, target] {
        connect(socket, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
      }
    case .stall:
      // Takes in what comes, until the other side has had enough.
      var block = [UInt8](repeating: 0, count: 64 << 10)
      while recv(source, &block, block.count, 0) > 0 {}
      shutdown(target, CInt(SHUT_RDWR))
    }
  }

  private func milliseconds(_ seconds: Double) -> CInt {
    CInt(max(0, (seconds * 1000).rounded(.up)))
  }

  private func sendAll(_ bytes: [UInt8], to socket: CInt, _ pieces: Int) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.prefix(pieces).withUnsafeBytes {
        send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

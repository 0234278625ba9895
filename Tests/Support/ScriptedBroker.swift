// A broker that does what a script says, for what a healthy one never does.

import Foundation
import Glibc
import MQTTProtocol
import Synchronization

/// Listens on a free port of 127.0.0.1 and runs a script for the connections that come.
package final class ScriptedBroker: @unchecked Sendable {
  package let port: UInt16
  private let socket: CInt
  private let done = DispatchSemaphore(value: 0)
  private let failure = Mutex<String?>(nil)

  package var address: [String] { ["-h", "127.0.0.1", "-p", String(port)] }

  /// - Parameter script: runs on a thread of its own; `accept` in it takes the next connection.
  package init(_ script: @escaping @Sendable (ScriptedBroker) throws -> Void) throws {
    (socket, port) = try listeningSocket()
    run(script)
  }

  /// With a socket that listens already, for scripts that know the port beforehand.
  package init(
    socket: CInt, port: UInt16, _ script: @escaping @Sendable (ScriptedBroker) throws -> Void
  ) {
    self.socket = socket
    self.port = port
    run(script)
  }

  private func run(_ script: @escaping @Sendable (ScriptedBroker) throws -> Void) {
    Thread.detachNewThread { [self] in
      do { try script(self) } catch { failure.withLock { $0 = "\(error)" } }
      done.signal()
    }
  }

  deinit { close(socket) }

  package func accept(
    _ version: ProtocolVersion = .v311, within seconds: Double = 10
  ) throws -> ScriptedConnection {
    guard isReadable(socket, within: seconds) else {
      throw TimedOut(description: "no connection to the scripted broker")
    }
    return ScriptedConnection(accepted(from: socket), version)
  }

  /// Waits for the script's end.
  ///
  /// - Throws: what the script threw.
  package func finish(within seconds: Double = 15) throws {
    guard done.wait(timeout: .now() + allowed(seconds)) == .success else {
      throw TimedOut(description: "the script did not end")
    }
    if let text = failure.withLock({ $0 }) { throw TimedOut(description: text) }
  }
}

/// The broker's end of one connection.
package final class ScriptedConnection: @unchecked Sendable {
  private let socket: CInt
  private var isOpen = true
  private var buffer: [UInt8] = []
  package var version: ProtocolVersion

  /// - Parameter socket: a connected socket, owned from now on.
  package init(_ socket: CInt, _ version: ProtocolVersion) {
    self.socket = socket
    self.version = version
  }

  deinit { close() }

  /// The next packet from the client.
  package func receive(within seconds: Double = 10) throws -> Packet {
    guard let packet = try next(within: seconds) else {
      throw TimedOut(description: "the client closed the connection")
    }
    return packet
  }

  /// - Returns: nil when the client closed the connection.
  package func next(within seconds: Double = 10) throws -> Packet? {
    try nextFrame(within: seconds)?.packet
  }

  /// The next packet and the bytes that it came in.
  package func nextFrame(
    within seconds: Double = 10
  ) throws -> (packet: Packet, bytes: [UInt8])? {
    while true {
      var position = 0
      let packet = try buffer.withUnsafeBytes { try Packet(from: $0, at: &position, version) }
      if let packet {
        defer { buffer.removeFirst(position) }
        return (packet, Array(buffer[..<position]))
      }
      guard isReadable(socket, within: seconds) else {
        throw TimedOut(description: "nothing from the client in \(seconds) s")
      }
      var block = [UInt8](repeating: 0, count: 64 << 10)
      let count = recv(socket, &block, block.count, 0)
      if count <= 0 { return nil }
      buffer += block[..<count]
    }
  }

  /// Whatever comes next.
  ///
  /// - Throws: at the end, too.
  package func bytes(within seconds: Double = 10) throws -> [UInt8] {
    guard isReadable(socket, within: seconds) else {
      throw TimedOut(description: "nothing from the client in \(seconds) s")
    }
    var block = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(socket, &block, block.count, 0)
    if count <= 0 { throw TimedOut(description: "the client closed the connection") }
    return Array(block[..<count])
  }

  /// Takes CONNECT and accepts it.
  @discardableResult
  package func handshake(_ connAck: ConnAck = ConnAck()) throws -> Connect {
    guard case .connect(let connect) = try receive() else {
      throw TimedOut(description: "no CONNECT")
    }
    var connAck = connAck
    if version == .v5, connect.clientID.isEmpty, connAck.isAccepted {
      connAck.properties.set(Property(.assignedClientIdentifier, "assigned"))
    }
    send(.connAck(connAck))
    return connect
  }

  /// Takes SUBSCRIBE and grants what it asks for.
  @discardableResult
  package func grant() throws -> Subscribe {
    guard case .subscribe(let subscribe) = try receive() else {
      throw TimedOut(description: "no SUBSCRIBE")
    }
    let codes = subscribe.subscriptions.map { ReasonCode(rawValue: $0.qos.rawValue) }
    send(.subscriptionAck(SubscriptionAck(.subAck, subscribe.packetID, codes)))
    return subscribe
  }

  package func send(_ packet: Packet) { send(packet.encoded(version)) }

  /// - Returns: false when the client is gone.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Takes in what comes, unread, until the client closes.
  package func discard(within seconds: Double = 10) {
    var block = [UInt8](repeating: 0, count: 256 << 10)
    while isReadable(socket, within: seconds), recv(socket, &block, block.count, 0) > 0 {}
  }

  /// Nothing more comes from the broker; what the client says can still be received.
  package func finishSending() { shutdown(socket, CInt(SHUT_WR)) }

  package func close() {
    if isOpen { Glibc.close(socket) }
    isOpen = false
  }

  /// Ends the connection with RST.
  package func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    close()
  }
}

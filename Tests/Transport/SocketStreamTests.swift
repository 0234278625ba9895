import Glibc
import TestSupport
import Testing

@testable import Transport

/// One end of a connection; the test holds the other.
@Suite("SocketStream") struct SocketStreamTests {
  private let descriptors = Descriptors()

  /// A stream over one end of a blocking pair, and the other end.
  private func pair() throws -> (SocketStream, CInt) {
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Silent() }
    return (SocketStream(ends[0]), try descriptors.keep(ends[1]))
  }

  /// What one read gives, with the bytes.
  private func receive(_ stream: SocketStream, _ room: Int = 100) throws -> (Transfer, String) {
    var block = [UInt8](repeating: 0, count: room)
    let transfer = try block.withUnsafeMutableBytes { try stream.read(into: $0) }
    guard case .bytes(let count) = transfer else { return (transfer, "") }
    return (transfer, String(decoding: block[..<count], as: UTF8.self))
  }

  private func send(_ stream: SocketStream, _ bytes: [UInt8]) throws -> Transfer {
    try bytes.withUnsafeBytes { try stream.write($0) }
  }

  @Test("reads what is there, as far as there is room") func reading() throws {
    let (stream, peer) = try pair()
    write("hello", to: peer)
    #expect(try receive(stream, 3) == (.bytes(3), "hel"))
    #expect(try receive(stream) == (.bytes(2), "lo"))
  }

  @Test("writes") func writing() throws {
    let (stream, peer) = try pair()
    #expect(try send(stream, Array("hello".utf8)) == .bytes(5))
    #expect(try read(from: peer) == "hello")
  }

  @Test("never waits, even where the socket would") func wouldBlock() throws {
    let (stream, peer) = try pair()
    #expect(fcntl(stream.descriptor, F_GETFL) & O_NONBLOCK == 0)
    #expect(try receive(stream).0 == .wouldBlock(.readable))
    let block = [UInt8](repeating: 0, count: 64 << 10)
    var sent = 0
    while case .bytes(let count) = try send(stream, block) { sent += count }
    #expect(try send(stream, block) == .wouldBlock(.writable))
    var received = 0
    while received < sent { received += try read(from: peer).utf8.count }
    guard case .bytes(1...) = try send(stream, block) else {
      Issue.record("still full")
      return
    }
  }

  @Test("tells the end, after what came before it, again and again") func end() throws {
    let (stream, peer) = try pair()
    write("last", to: peer)
    descriptors.close(peer)
    #expect(try receive(stream) == (.bytes(4), "last"))
    #expect(try receive(stream).0 == .end)
    #expect(try receive(stream).0 == .end)
  }

  @Test("finishWriting ends one direction only") func finishWriting() throws {
    let (stream, peer) = try pair()
    _ = try send(stream, Array("last".utf8))
    stream.finishWriting()
    #expect(try read(from: peer) == "last")
    #expect(try read(from: peer) == "")
    write("still here", to: peer)
    #expect(try receive(stream) == (.bytes(10), "still here"))
  }

  @Test("writing to nobody is an error, not a signal") func broken() throws {
    let (stream, peer) = try pair()
    descriptors.close(peer)
    let error = #expect(throws: TransportError.self) { try send(stream, [1]) }
    #expect(error == .lost(errno: EPIPE))
    #expect(error?.description == "connection lost: broken pipe")
  }

  @Test("a reset is an error, not an end") func reset() throws {
    let listener = try Listener()
    let stream = try Dialer.connect(
      to: .tcp(host: "127.0.0.1", port: listener.port), options: DialOptions(), deadline: nil,
      stop: nil)
    listener.reset(try listener.accept())
    #expect(isReadable(stream.descriptor, within: 5))
    #expect(throws: TransportError.lost(errno: ECONNRESET)) {
      try receive(stream)
    }
  }

  @Test("close is for ever, and happens at the latest when nobody holds it") func closing() throws {
    let (stream, peer) = try pair()
    stream.close()
    #expect(stream.descriptor == -1)
    stream.close()
    #expect(try read(from: peer) == "")
    #expect(try read(from: pair().1) == "")
  }
}

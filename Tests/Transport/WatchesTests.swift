import Foundation
import Glibc
import Testing
import Transport

/// One wait for two descriptors and the time.
@Suite("Watches") struct WatchesTests {
  private let descriptors = Descriptors()

  /// What is ready within the limit: `socket`, `other`, both or nothing.
  private func ready(
    _ watches: Watches, within limit: Duration = .milliseconds(10)
  ) throws -> Set<String> {
    let ready = try watches.wait(until: MonotonicClock.now() + limit, stop: nil)
    #expect(ready.signal == nil)
    return Set([ready.socket ? "socket" : nil, ready.other ? "other" : nil].compactMap { $0 })
  }

  @Test("a deadline that is over ends it at once, with nothing ready") func over() throws {
    let (end, _) = try descriptors.socketPair()
    let began = MonotonicClock.now()
    for deadline in [began, began - .seconds(1), .zero] {
      let ready = try Watches(socket: Watch(end, .readable)).wait(until: deadline, stop: nil)
      #expect(!ready.socket && !ready.other)
    }
  }

  @Test("what is ready is seen even when the deadline is over") func late() throws {
    let (end, _) = try descriptors.socketPair()
    #expect(try Watches(socket: Watch(end, .writable)).wait(until: .zero, stop: nil).socket)
  }

  @Test("never returns before the deadline", arguments: [1, 900, 1001, 7300, 20_999])
  func early(_ microseconds: Int) throws {
    let deadline = MonotonicClock.now() + .microseconds(microseconds)
    _ = try Watches().wait(until: deadline, stop: nil)
    #expect(MonotonicClock.now() >= deadline)
  }

  @Test("tells which descriptor is readable") func readable() throws {
    let (socket, socketPeer) = try descriptors.socketPair()
    let (other, otherPeer) = try descriptors.pipe()
    let watches = Watches(socket: Watch(socket, .readable), other: Watch(other, .readable))
    #expect(try ready(watches) == [])
    write("x", to: socketPeer)
    #expect(try ready(watches) == ["socket"])
    write("x", to: otherPeer)
    #expect(try ready(watches) == ["socket", "other"])
    _ = try read(from: socket)
    #expect(try ready(watches) == ["other"])
  }

  @Test("tells which descriptor is writable") func writable() throws {
    let (socket, _) = try descriptors.socketPair()
    let (_, other) = try descriptors.pipe()
    #expect(try ready(Watches(socket: Watch(socket, .writable))) == ["socket"])
    #expect(try ready(Watches(other: Watch(other, .writable))) == ["other"])
    #expect(try ready(Watches(socket: Watch(socket, .readable))) == [])
    #expect(try ready(Watches(socket: Watch(socket, [.readable, .writable]))) == ["socket"])
  }

  @Test("a full pipe is writable again once somebody read it") func full() throws {
    let (reader, writer) = try descriptors.pipe()
    _ = fcntl(writer, F_SETFL, O_NONBLOCK)
    let block = [UInt8](repeating: 0, count: 4096)
    while Glibc.write(writer, block, block.count) > 0 {}
    let watches = Watches(other: Watch(writer, .writable))
    #expect(try ready(watches) == [])
    _ = try read(from: reader)
    #expect(try ready(watches) == ["other"])
  }

  @Test("a hang-up is ready: reading tells the rest") func hangUp() throws {
    let (socket, socketPeer) = try descriptors.socketPair()
    let (reader, writer) = try descriptors.pipe()
    descriptors.close(socketPeer)
    descriptors.close(writer)
    let watches = Watches(socket: Watch(socket, .readable), other: Watch(reader, .readable))
    #expect(try ready(watches) == ["socket", "other"])
  }

  @Test("a pipe that nobody reads any more is ready: writing tells the rest") func broken() throws {
    let (reader, writer) = try descriptors.pipe()
    descriptors.close(reader)
    #expect(try ready(Watches(other: Watch(writer, .writable))) == ["other"])
  }

  @Test("a watch without readiness is left out, even at a hang-up") func empty() throws {
    let (socket, peer) = try descriptors.socketPair()
    write("x", to: peer)
    descriptors.close(peer)
    let deadline = MonotonicClock.now() + .milliseconds(10)
    let ready = try Watches(socket: Watch(socket, []), other: Watch(socket, []))
      .wait(until: deadline, stop: nil)
    #expect(!ready.socket && !ready.other)
    #expect(MonotonicClock.now() >= deadline)
  }

  @Test("without a deadline waits for what comes", .timeLimit(.minutes(1))) func forever() throws {
    let (socket, peer) = try descriptors.socketPair()
    Thread.detachNewThread { write("x", to: peer) }
    #expect(try Watches(socket: Watch(socket, .readable)).wait(until: nil, stop: nil).socket)
  }

  @Test("a deadline further away than poll can count") func distant() throws {
    let (socket, _) = try descriptors.socketPair()
    let watches = Watches(socket: Watch(socket, .writable))
    #expect(try watches.wait(until: .seconds(Int64.max / 2), stop: nil).socket)
  }
}

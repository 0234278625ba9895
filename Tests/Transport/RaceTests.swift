import Glibc
import TestSupport
import Testing

@testable import Transport

/// Several addresses of one host (RFC 8305).
@Suite("Race of addresses") struct RaceTests {
  private let endpoint = Endpoint.tcp(host: "broker", port: 1883)
  private let directory = TemporaryDirectory()

  private func race(
    _ addresses: [Address], within limit: Duration = .seconds(5)
  ) throws -> SocketStream {
    let dialer = Dialer(
      endpoint: endpoint, options: DialOptions(), deadline: MonotonicClock.now() + limit, stop: nil)
    return try dialer.race(addresses)
  }

  private func address(_ host: String, _ port: UInt16) throws -> Address {
    try #require(Address(literal: host, port: port))
  }

  @Test(
    "the families take turns, the first address's first, §4",
    arguments: [
      ("", ""),
      ("6a", "6a"),
      ("4a 4b", "4a 4b"),
      ("6a 6b 6c 4a 4b", "6a 4a 6b 4b 6c"),
      ("4a 4b 6a", "4a 6a 4b"),
      ("6a 4a 4b 4c", "6a 4a 4b 4c"),
      ("4a 6a 6b 4b", "4a 6a 4b 6b"),
    ])
  func interleaving(_ given: String, _ mixed: String) throws {
    let addresses = try given.split(separator: " ").map { name in
      let number = name.hasSuffix("a") ? 1 : name.hasSuffix("b") ? 2 : 3
      return try address(name.hasPrefix("6") ? "2001:db8::\(number)" : "192.0.2.\(number)", 1)
    }
    let names = Dialer.interleaved(addresses).map { address in
      (address.family == AF_INET6 ? "6" : "4")
        + (address.text.contains("1]") || address.text.contains(".1:")
          ? "a" : address.text.contains("2]") || address.text.contains(".2:") ? "b" : "c")
    }
    #expect(names.joined(separator: " ") == mixed)
  }

  @Test("a dead address is passed over for a live one") func dead() throws {
    let refusing = try Refusing()
    let listener = try Listener()
    let stream = try race([
      address("127.0.0.1", refusing.port), address("127.0.0.1", refusing.port),
      address("127.0.0.1", listener.port),
    ])
    _ = try listener.accept()
    withExtendedLifetime(stream) {}
  }

  @Test(
    "an address that never answers has a quarter of a second's start, §5",
    .enabled(if: SilentListener.isPossible))
  func silent() throws {
    let silent = try SilentListener()
    let listener = try Listener()
    let began = MonotonicClock.now()
    let stream = try race([silent.address, address("127.0.0.1", listener.port)])
    #expect(MonotonicClock.now() - began >= .milliseconds(250))
    _ = try listener.accept()
    withExtendedLifetime(stream) {}
  }

  @Test(
    "an address that refuses makes room for the next while one is silent",
    .enabled(if: SilentListener.isPossible))
  func silentAndDead() throws {
    let silent = try SilentListener()
    let refusing = try Refusing()
    let listener = try Listener()
    let stream = try race([
      silent.address, address("127.0.0.1", refusing.port), address("127.0.0.1", listener.port),
    ])
    _ = try listener.accept()
    withExtendedLifetime(stream) {}
  }

  @Test(
    "addresses that fail at once don't have to wait for their turn either",
    .enabled(if: SilentListener.isPossible))
  func silentAndMissing() throws {
    let silent = try SilentListener()
    let missing = try #require(Address(unixPath: directory.file("nothing")))
    let listener = try Listener()
    // With a quarter of a second each it would take three.
    let stream = try race(
      [silent.address] + Array(repeating: missing, count: 11)
        + [address("127.0.0.1", listener.port)], within: .seconds(2))
    _ = try listener.accept()
    withExtendedLifetime(stream) {}
  }

  @Test("of several errors the most telling is told") func telling() throws {
    let missing = try #require(Address(unixPath: directory.file("nothing")))
    let refused = try address("127.0.0.1", Refusing().port)
    for addresses in [[missing, refused], [refused, missing], [refused, refused]] {
      #expect(throws: TransportError.connect(endpoint, errno: ECONNREFUSED)) {
        try race(addresses)
      }
    }
    #expect(throws: TransportError.connect(endpoint, errno: ENOENT)) { try race([missing]) }
  }

  @Test(
    "the deadline ends it, not before, and says how long it was",
    .enabled(if: SilentListener.isPossible))
  func deadline() throws {
    let silent = try SilentListener()
    let began = MonotonicClock.now()
    let error = #expect(throws: TransportError.self) {
      try race([silent.address], within: .milliseconds(30))
    }
    #expect(MonotonicClock.now() - began >= .milliseconds(30))
    guard case .timedOut(endpoint, let limit) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(limit <= .milliseconds(30))
  }

  @Test(
    "a refusal beside a silent address does not end it", .enabled(if: SilentListener.isPossible))
  func waitsForSilent() throws {
    let silent = try SilentListener()
    let refusing = try Refusing()
    let error = #expect(throws: TransportError.self) {
      try race(
        [address("127.0.0.1", refusing.port), silent.address], within: .milliseconds(30))
    }
    guard case .timedOut(endpoint, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

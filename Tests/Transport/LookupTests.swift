import TestSupport
import Testing
import Transport

@testable import struct Transport.Lookup

/// Names that need nobody's answer, and names that nobody knows.
@Suite("Lookup") struct LookupTests {
  /// What it finds when nobody else knows better.
  private func addresses(of host: String) throws -> [String] {
    try Lookup(getent: "/nonexistent").addresses(of: host, port: 1883, deadline: nil, stop: nil)
      .map(\.text)
  }

  @Test("a literal is its own address", arguments: ["127.0.0.1:1883", "[::1]:1883"])
  func literal(_ shown: String) throws {
    let host = shown.dropLast(5).filter { $0 != "[" && $0 != "]" }
    #expect(try addresses(of: host) == [shown])
  }

  @Test(
    "localhost is the loopback addresses without asking anybody, RFC 6761 §6.3",
    arguments: ["localhost", "LocalHost", "broker.localhost", "A.B.LOCALHOST"])
  func localhost(_ host: String) throws {
    #expect(try addresses(of: host) == ["[::1]:1883", "127.0.0.1:1883"])
  }

  @Test("a name is the C library's to find; an old way to write an address will do for one")
  func found() throws {
    #expect(try addresses(of: "127.1") == ["127.0.0.1:1883"])
  }

  @Test(
    "a name that nobody knows is said",
    arguments: ["no..such", ".no-such", String(repeating: "n", count: 64), "no such"])
  func unknown(_ host: String) throws {
    let error = #expect(throws: TransportError.self) { try addresses(of: host) }
    #expect(error == .lookup(host: host, reason: "host name not found"))
    #expect(error?.description == "\(host): host name not found")
  }

  @Test("a name with a NUL byte is no name, whatever stands before it") func null() throws {
    for host in ["127.0.0.1\0.example.org", "localhost\0", "\0"] {
      #expect(throws: TransportError.lookup(host: host, reason: "host name not found")) {
        try addresses(of: host)
      }
    }
  }
}

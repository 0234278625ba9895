import Testing

@testable import Transport

/// Addresses as people write them, and paths of Unix sockets.
@Suite("Address") struct AddressTests {
  @Test(
    "a literal needs no lookup",
    arguments: [
      ("127.0.0.1", "127.0.0.1:1883"),
      ("0.0.0.0", "0.0.0.0:1883"),
      ("255.255.255.255", "255.255.255.255:1883"),
      ("::1", "[::1]:1883"),
      ("::", "[::]:1883"),
      ("2001:DB8:0:0::1", "[2001:db8::1]:1883"),
      ("::ffff:192.0.2.1", "[::ffff:192.0.2.1]:1883"),
    ])
  func literal(_ text: String, _ shown: String) {
    #expect(Address(literal: text, port: 1883)?.text == shown)
  }

  @Test("a scope is the name or the number of an interface", arguments: ["lo", "1"])
  func scope(_ interface: String) {
    #expect(Address(literal: "fe80::1%\(interface)", port: 1)?.text == "[fe80::1%lo]:1")
  }

  @Test(
    "anything else is a name",
    arguments: [
      "", " ", "localhost", "127.0.0", "127.0.0.1.", "127.0.0.256", "127.0.0.1 ", "0x7f.0.0.1",
      "1883", ":", ":::", "1::2::3", "::g", "[::1]", "::1]", "::1/64", "1:2:3:4:5:6:7:8:9", "%lo",
      "fe80::1%nosuchinterface", "fe80::1%0", "127.0.0.1%lo",
    ])
  func name(_ text: String) {
    #expect(Address(literal: text, port: 1883)?.text == nil)
  }

  @Test("every port", arguments: [0, 1, 255, 256, 1883, 65_535] as [UInt16])
  func port(_ port: UInt16) {
    #expect(Address(literal: "127.0.0.1", port: port)?.text == "127.0.0.1:\(port)")
    #expect(Address(literal: "::1", port: port)?.text == "[::1]:\(port)")
  }

  @Test("a path of 1 to 107 bytes", arguments: [1, 2, 106, 107]) func path(_ count: Int) {
    let path = String(repeating: "p", count: count)
    #expect(Address(unixPath: path)?.text == path)
  }

  @Test("bytes count, not characters") func bytes() {
    #expect(Address(unixPath: String(repeating: "ü", count: 53))?.text.utf8.count == 106)
    #expect(Address(unixPath: String(repeating: "ü", count: 54)) == nil)
  }

  @Test("no path: empty, above 107 bytes, or with a NUL byte") func noPath() {
    #expect(Address(unixPath: "") == nil)
    #expect(Address(unixPath: String(repeating: "p", count: 108)) == nil)
    #expect(Address(unixPath: "\0abstract") == nil)
    #expect(Address(unixPath: "broker\0") == nil)
  }
}

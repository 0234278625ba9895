import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `--binary`: values that no word of a command line can hold.
@Suite("--binary") struct BinaryPropertyTests {
  /// The correlation data of the PUBLISH, and the authentication data of the CONNECT.
  private func sent(_ words: [String]) throws -> [UInt8]? {
    let data = Mutexed()
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      let connect = try connection.handshake()
      data.value = connect.properties.binary(.authenticationData)
      while let packet = try connection.next() {
        if case .publish(let message) = packet {
          data.value = message.properties.binary(.correlationData) ?? data.value
        }
      }
    }
    let result = try Program.run(["pub", "-t", "a", "-m", "x"] + words + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
    return data.value
  }

  private final class Mutexed: @unchecked Sendable { var value: [UInt8]? }

  private func correlation(_ value: String) -> [String] {
    ["-D", "publish", "correlation-data", value]
  }

  @Test func `hexadecimal, base64, a file, or itself`() throws {
    #expect(try sent(correlation("hex:00fFa0") + ["--binary"]) == [0, 0xff, 0xa0])
    #expect(try sent(["--binary"] + correlation("base64:AP8=")) == [0, 0xff])
    #expect(try sent(["--binary"] + correlation("base64:AP8")) == [0, 0xff])
    #expect(try sent(["--binary"] + correlation("hex:")) == [])
    #expect(try sent(["--binary"] + correlation("plain")) == Array("plain".utf8))
    #expect(try sent(correlation("hex:00")) == Array("hex:00".utf8))
    let folder = TemporaryDirectory()
    let path = try folder.write([0, 1, 2, 0xff], to: "data")
    #expect(try sent(["--binary"] + correlation("@\(path)")) == [0, 1, 2, 0xff])
  }

  @Test func `the last one counts`() throws {
    #expect(try sent(["--binary"] + correlation("hex:00") + correlation("hex:01")) == [1])
  }

  @Test func `more digits than a property has bytes`() throws {
    let digits = String(repeating: "ab", count: 65_000)
    #expect(try sent(["--binary"] + correlation("hex:\(digits)"))?.count == 65_000)
  }

  static let wrong = [
    WrongLine("odd", "pub -t a -m x --binary -D publish correlation-data hex:012", says: "hex"),
    WrongLine(
      "no digits", "pub -t a -m x --binary -D publish correlation-data hex:+1", says: "hex"),
    WrongLine(
      "no base64", "pub -t a -m x -D publish correlation-data base64:? --binary", says: "base64"),
    WrongLine(
      "no file", "pub -t a -m x --binary -D publish correlation-data @/none",
      says: "correlation-data", "/none"),
    WrongLine(
      "a device without end", "pub -t a -m x --binary -D publish correlation-data @/dev/zero",
      says: "/dev/zero", "65535"),
    WrongLine(
      "no secret is told", "pub -t a -m x --binary -D connect authentication-data hex:secret",
      says: "authentication-data: 'hex:' wants"),
  ]

  @Test(arguments: wrong) func refused(_ row: WrongLine) throws { try row.check() }
}

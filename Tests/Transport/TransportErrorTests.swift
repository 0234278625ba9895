import Glibc
import Testing
import Transport

/// What a person reads when bytes do not travel.
@Suite("What transport says") struct TransportErrorTests {
  private static let broker = Endpoint.tcp(host: "broker", port: 1883)

  static let texts: [(TransportError, String)] = [
    (.lookup(host: "broker", reason: "host name not found"), "broker: host name not found"),
    (.connect(broker, errno: ECONNREFUSED), "broker:1883: connection refused"),
    (.connect(.unix(path: "/run/b"), errno: ENOENT), "/run/b: no such file or directory"),
    (
      .bind(address: "192.0.2.1", errno: EADDRNOTAVAIL),
      "cannot connect from 192.0.2.1: cannot assign requested address"
    ),
    (.noBindAddress("::1", broker), "::1 is no address to reach broker:1883 from"),
    (.invalidPath(""), "'' is no path of a Unix socket (1 to 107 bytes)"),
    (.system(call: "poll", errno: EINVAL), "poll: invalid argument"),
    (.file(name: "standard output", errno: ENOSPC), "standard output: no space left on device"),
    (
      .tooLarge(name: "standard input", limit: 268_435_455),
      "standard input: larger than 268435455 bytes"
    ),
    (.interrupted(signal: SIGINT), "interrupted"),
  ]

  @Test("one line, in lower case where the system speaks", arguments: texts)
  func text(_ error: TransportError, _ text: String) {
    #expect(error.description == text)
  }

  /// A deadline is measured from a moment after it was set, so that a bit is missing or too much.
  @Test(
    "a limit is told in the seconds that were asked for",
    arguments: [.seconds(5), .nanoseconds(4_999_990_000), .nanoseconds(5_000_090_000)] as [Duration]
  )
  func seconds(_ limit: Duration) {
    let text = TransportError.timedOut(Self.broker, within: limit).description
    #expect(text == "broker:1883: no connection within 5 s")
  }

  @Test("an endpoint reads as people write it") func endpoint() {
    #expect(Endpoint.tcp(host: "broker", port: 1883).description == "broker:1883")
    #expect(Endpoint.tcp(host: "127.0.0.1", port: 1).description == "127.0.0.1:1")
    #expect(Endpoint.tcp(host: "fe80::1%lo", port: 1883).description == "[fe80::1%lo]:1883")
    #expect(Endpoint.unix(path: "/run/broker").description == "/run/broker")
  }
}

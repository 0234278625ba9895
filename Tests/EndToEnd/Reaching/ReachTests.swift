import Foundation
import TestSupport
import Testing

/// Every way to the broker, through every kind of proxy: what is published arrives, byte by byte.
@Suite("Ways to the broker", .ownThread) struct ReachTests {
  enum Proxy: String, CaseIterable, Sendable {
    case direct, socks5, socks5h, socksLogin, http, httpLogin, https

    func words(_ broker: ReachableBroker) -> [String] {
      switch self {
      case .direct: ["--no-proxy"]
      case .socks5: ["--proxy", "socks5://127.0.0.1:\(broker.socks)"]
      case .socks5h: ["--proxy", "SOCKS5H://localhost:\(broker.socks)/"]
      case .socksLogin:
        ["--proxy", "socks5h://user:pass%3Aword@127.0.0.1:\(broker.socksWithLogin)"]
      case .http: ["--proxy", "127.0.0.1:\(broker.http)"]
      case .httpLogin: ["--proxy", "http://user:secret@127.0.0.1:\(broker.httpWithLogin)"]
      case .https:
        ["--proxy", "https://localhost:\(broker.https)", "--proxy-cafile", broker.authority]
      }
    }
  }

  private static let payload: [UInt8] = {
    var random = Generator(seed: 4)
    return random.bytes(200_000)
  }()

  @Test("publish, subscribe and ask", arguments: ReachableBroker.Way.remote, Proxy.allCases)
  func roundTrip(_ way: ReachableBroker.Way, _ proxy: Proxy) throws { try check(way, proxy) }

  @Test("a Unix socket") func unix() throws { try check(.unix, .direct) }

  /// In both versions: to another subscriber, from another publisher, and from `rr` to itself.
  private func check(_ way: ReachableBroker.Way, _ proxy: Proxy) throws {
    let broker = try Reach.broker.get()
    for version in ["311", "5"] {
      let topic = Shared.name("reach")
      let words = broker.address(way) + proxy.words(broker) + ["-q", "1", "-V", version]
      // Retained: the subscriber may come as late as it likes.
      let sent = try Program.run(
        ["pub", "-r", "-s", "-t", topic] + words, input: .bytes(Self.payload), within: 30)
      #expect(sent.ending == .exited(0), "\(sent.errors)")
      let got = try Program.run(["sub", "-C", "1", "-N", "-t", topic] + words, within: 30)
      #expect(got.ending == .exited(0), "\(got.errors)")
      #expect(got.output == Self.payload)
      let other = try RunningProgram(
        ["mosquitto_sub", "-C", "1", "-N", "-t", topic] + broker.mosquitto(way).address)
      try other.wait()
      #expect(other.outputSoFar == Self.payload)
      let answer = Shared.name("reach")
      let asked = try Program.run(
        ["rr", "-t", answer, "-e", answer, "-N", "-s"] + words, input: .bytes(Self.payload),
        within: 30)
      #expect(asked.ending == .exited(0), "\(asked.errors)")
      #expect(asked.output == Self.payload)
    }
  }

  @Test(
    "16 MiB there and back, from and to mosquitto's own clients",
    arguments: ReachableBroker.Way.allCases.filter { $0 != .ws && $0 != .wss })
  func sixteen(_ way: ReachableBroker.Way) throws {
    let broker = try Reach.broker.get()
    let topic = Shared.name("sixteen")
    let random = try #require(FileHandle(forReadingAtPath: "/dev/urandom"))
    let payload = [UInt8](try #require(try random.read(upToCount: 16 << 20)))
    let path = try broker.directory.write(payload, to: topic)
    let proxies: [Proxy] = way == .tls ? [.direct, .socks5, .http] : [.direct]
    for proxy in proxies {
      let words = broker.address(way) + proxy.words(broker) + ["-q", "1", "-t", topic]
      let sent = try Program.run(["pub", "-r", "-f", path] + words, within: 60)
      #expect(sent.ending == .exited(0), "\(proxy): \(sent.errors)")
      let other = try RunningProgram(
        ["mosquitto_sub", "-C", "1", "-N", "-t", topic] + broker.mosquitto.address)
      try other.wait(within: 60)
      #expect(same(other.outputSoFar, payload))
      let got = try Program.run(["sub", "-C", "1", "-N"] + words, within: 60)
      #expect(got.ending == .exited(0), "\(got.errors)")
      #expect(same(got.output, payload))
    }
    _ = try Program.run(["pub", "-n", "-r", "-t", topic] + broker.address(.tcp))
  }

  /// mosquitto 2.0.11 itself stalls when it has to send more than some hundred KiB through WebSocket, to
  /// whatever client: for that direction see WebSocketTests.
  @Test("64 MiB to the broker", arguments: [ReachableBroker.Way.ws, .wss])
  func large(_ way: ReachableBroker.Way) throws {
    let broker = try Reach.broker.get()
    let topic = Shared.name("large")
    var payload = [UInt8](repeating: 0, count: 64 << 20)
    for place in stride(from: 0, to: payload.count, by: 997) {
      payload[place] = UInt8(truncatingIfNeeded: place)
    }
    let path = try broker.directory.write(payload, to: topic)
    let sent = try Program.run(
      ["pub", "-f", path, "-r", "-q", "1", "-t", topic] + broker.address(way), within: 120)
    #expect(sent.ending == .exited(0), "\(sent.errors)")
    let got = try RunningProgram(
      ["mosquitto_sub", "-C", "1", "-N", "-t", topic] + broker.webSockets.address)
    try got.wait(within: 60)
    #expect(same(got.outputSoFar, payload))
    _ = try Program.run(["pub", "-n", "-r", "-t", topic] + broker.address(way))
  }

  @Test("20000 small messages, in order, from WebSocket to WebSocket and to TCP") func many() throws
  {
    let broker = try Reach.broker.get()
    let topic = Shared.name("many")
    let count = 20_000
    let words = ["-q", "1", "-C", "\(count)", "-t", topic]
    let ends = try [
      RunningProgram([Program.apus, "sub", "-i", "\(topic)a"] + words + broker.address(.ws)),
      RunningProgram(["mosquitto_sub", "-i", "\(topic)b"] + words + broker.webSockets.address),
    ]
    for end in ["a", "b"] { try broker.webSockets.waitForLog("\(topic)\(end) 1 \(topic)\n") }
    let lines = (0..<count).map { "message \($0)\n" }.joined()
    let sent = try Program.run(
      ["pub", "-l", "-q", "1", "-t", topic] + broker.address(.ws), input: .bytes(Array(lines.utf8)),
      within: 60)
    #expect(sent.ending == .exited(0), "\(sent.errors)")
    for end in ends {
      #expect(try end.wait(within: 60) == .exited(0))
      #expect(end.outputText == lines)
    }
  }

  @Test("the path is the URL's, the topic is -t's") func url() throws {
    let broker = try Reach.broker.get()
    let url = "ws://127.0.0.1:\(broker.port(.ws))"
    for words in [
      ["-L", "\(url)/mqtt"], ["-L", url], ["-L", "\(url)/a?b=%20", "--ws-path", "/mqtt"],
    ] {
      let result = try Program.run(["pub", "-t", "a", "-m", "x", "-q", "1"] + words)
      #expect(result.ending == .exited(0), "\(words): \(result.errors)")
    }
    let secure = "wss://localhost:\(broker.port(.wss))/mqtt"
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x", "-L", secure, "--cafile", broker.authority])
    #expect(result.ending == .exited(0), "\(result.errors)")
  }

  @Test("MQTT 3.1 over WebSocket") func old() throws {
    let broker = try Reach.broker.get()
    let result = try Program.run(
      ["pub", "-V", "31", "-t", "a", "-m", "x", "-q", "1"] + broker.address(.ws))
    #expect(result.ending == .exited(0), "\(result.errors)")
  }

  @Test("as mosquitto_pub: --ws, ws:// and socks5h://") func dropIn() throws {
    let broker = try Reach.broker.get()
    let proxy = "socks5h://user:pass%3Aword@localhost:\(broker.socksWithLogin)"
    // Not by name: where localhost is ::1 too, microsocks tries only that.
    let tcp = ["-h", "127.0.0.1", "-p", String(broker.port(.tcp)), "-t", "d/i"]
    let rows = [
      broker.address(.ws) + ["-t", "d/i"],
      ["-L", "ws://127.0.0.1:\(broker.port(.ws))/d/i"],
      tcp + ["--proxy", proxy], broker.address(.ws) + ["-t", "d/i", "--proxy", proxy],
    ]
    for words in rows {
      let result = try Program.run(["--drop-in", "pub", "-m", "x", "-q", "1"] + words)
      #expect(result.ending == .exited(0) && result.errors.isEmpty, "\(words): \(result.errors)")
    }
    let wrong = try Program.run(
      [
        "--drop-in", "pub", "-m", "x", "--proxy",
        "socks5h://wrong:auth@localhost:\(broker.socksWithLogin)",
      ]
        + tcp)
    #expect(wrong.errors == "Error: Authorisation failed\n")
    #expect(wrong.ending == .exited(11))
    let http = try Program.run(["--drop-in", "pub", "-m", "x", "--proxy", "http://a:b@c"] + tcp)
    #expect(http.errors.hasPrefix("Error: Unsupported proxy protocol: http://a:****@c\n"))
  }
}

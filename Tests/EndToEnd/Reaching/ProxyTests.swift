import Foundation
import TestSupport
import Testing

@Suite("Proxies", .serialized, .ownThread) struct ProxyTests {
  private static let message = ["pub", "-t", "a", "-m", "x", "-q", "1"]

  private func run(
    _ words: [String], _ environment: [String: String] = [:]
  ) throws -> (ending: Ending, errors: String) {
    let program = try RunningProgram([Program.apus] + words, environment: environment)
    return (try program.wait(within: 15), program.errorText)
  }

  // MARK: The environment

  struct Variables: Sendable {
    let words: [String]
    let variables: [String: String]
    /// The proxy is asked; it refuses whatever it is asked for.
    let isProxied: Bool
  }

  @Test(
    "which variable counts",
    arguments: [
      Variables(words: [], variables: ["ALL_PROXY": "PROXY"], isProxied: true),
      Variables(
        words: [], variables: ["all_proxy": "PROXY", "ALL_PROXY": "ftp://x"], isProxied: true),
      Variables(words: [], variables: ["all_proxy": "", "ALL_PROXY": "PROXY"], isProxied: true),
      Variables(words: [], variables: ["HTTPS_PROXY": "PROXY"], isProxied: false),
      Variables(words: [], variables: ["http_proxy": "PROXY"], isProxied: false),
      Variables(words: ["--ws"], variables: ["http_proxy": "PROXY"], isProxied: true),
      Variables(words: ["--ws"], variables: ["HTTP_PROXY": "PROXY"], isProxied: false),
      Variables(words: ["--ws"], variables: ["https_proxy": "PROXY"], isProxied: false),
      Variables(words: ["--ws", "--tls"], variables: ["https_proxy": "PROXY"], isProxied: true),
      Variables(
        words: ["--ws", "--tls"], variables: ["HTTPS_PROXY": "PROXY", "all_proxy": "ftp://x"],
        isProxied: true),
      Variables(words: ["--no-proxy"], variables: ["ALL_PROXY": "PROXY"], isProxied: false),
      Variables(words: ["--proxy", ""], variables: ["ALL_PROXY": "PROXY"], isProxied: false),
      Variables(
        words: ["--no-proxy", "--proxy", "PROXY"], variables: ["NO_PROXY": "*"], isProxied: true),
      Variables(
        words: [], variables: ["ALL_PROXY": "PROXY", "NO_PROXY": "x, 127.0.0.0/8"],
        isProxied: false),
      Variables(
        words: [], variables: ["ALL_PROXY": "PROXY", "no_proxy": "127.0.0.1"], isProxied: false),
      Variables(words: [], variables: ["ALL_PROXY": "PROXY", "NO_PROXY": "*"], isProxied: false),
      Variables(
        words: [], variables: ["ALL_PROXY": "PROXY", "NO_PROXY": "10.0.0.0/8"], isProxied: true),
      Variables(
        words: ["-h", "a.localhost"], variables: ["ALL_PROXY": "PROXY", "NO_PROXY": ".LOCALHOST"],
        isProxied: false),
      Variables(
        words: ["-h", "notlocalhost.invalid"],
        variables: ["ALL_PROXY": "PROXY", "NO_PROXY": "localhost.invalid"], isProxied: true),
    ]) func variables(_ row: Variables) throws
  {
    let proxy = try ScriptedBroker { broker in
      guard let connection = try? broker.accept(within: row.isProxied ? 15 : 3) else { return }
      _ = try connection.bytes()
      connection.send(Array("HTTP/1.1 418 Teapot\r\n\r\n".utf8))
    }
    let url = "127.0.0.1:\(proxy.port)"
    let words = row.words.map { $0 == "PROXY" ? url : $0 }
    let (ending, errors) = try run(
      Self.message + ["-h", "127.0.0.1", "-p", String(try freePort())] + words,
      row.variables.mapValues { $0.replacing("PROXY", with: url) })
    #expect(ending == .exited(1))
    #expect(
      errors.contains("the proxy does not connect to the broker: 418 Teapot") == row.isProxied,
      "\(errors)")
    #expect(errors.contains("refused") != row.isProxied, "\(errors)")
    expectOneLine(errors, from: "pub")
  }

  @Test("a variable that holds no proxy is named, its password is not")
  func wrongVariable() throws {
    let (ending, errors) = try run(Self.message, ["ALL_PROXY": "socks4://u:secret@h"])
    #expect(ending == .exited(1))
    #expect(errors.hasPrefix("apus pub: ALL_PROXY: 'socks4' proxies are not supported"))
    #expect(!errors.contains("secret"))
  }

  // MARK: Faults

  @Test(
    "what a proxy says goes wrong",
    arguments: [
      ("socks5h", [5, 0, 5, 5], "does not connect to the broker: connection refused"),
      ("socks5h", [5, 0, 5, 2], "its rules do not allow it"),
      ("socks5h", [5, 0xff], "wants a login"),
      ("socks5h", Array("HTTP/1.1 400 Bad\r\n\r\n".utf8), "is no SOCKS5 proxy"),
      ("socks5", [], "closed the connection"),
      ("http", [5, 0], "is no HTTP proxy"),
      ("http", Array("HTTP/1.1 407 x\r\n\r\n".utf8), "wants a login (407)"),
      ("http", Array("HTTP/1.0 200 ok\r\nA".utf8), "closed the connection"),
      ("https", [5, 0], "speak TLS at this port"),
    ] as [(String, [UInt8], String)])
  func faults(_ scheme: String, _ answer: [UInt8], _ text: String) throws {
    let proxy = try ScriptedBroker { broker in
      let connection = try broker.accept()
      _ = try connection.bytes()
      connection.send(answer)
      connection.finishSending()
      connection.discard()
    }
    let (ending, errors) = try run(
      Self.message + ["-h", "127.0.0.1", "--proxy", "\(scheme)://127.0.0.1:\(proxy.port)"])
    #expect(ending == .exited(1))
    #expect(errors.hasPrefix("apus pub: --proxy: 127.0.0.1:\(proxy.port): "), "\(errors)")
    #expect(errors.contains(text), "\(errors)")
    expectOneLine(errors, from: "pub")
    try proxy.finish()
  }

  @Test("wrong logins, by real proxies") func logins() throws {
    let broker = try Reach.broker.get()
    for (url, text) in [
      (
        "socks5h://user:hush@127.0.0.1:\(broker.socksWithLogin)",
        "does not accept user and password"
      ),
      ("socks5h://127.0.0.1:\(broker.socksWithLogin)", "wants a login"),
      ("http://user:hush@127.0.0.1:\(broker.httpWithLogin)", "does not accept user and password"),
      ("http://127.0.0.1:\(broker.httpWithLogin)", "wants a login"),
    ] {
      let (ending, errors) = try run(Self.message + broker.address(.tcp) + ["--proxy", url, "-d"])
      #expect(ending == .exited(1))
      #expect(errors.contains(text), "\(errors)")
      #expect(!errors.contains("hush"))
    }
  }

  @Test("an https proxy is who it says it is") func certificate() throws {
    let broker = try Reach.broker.get()
    let (ending, errors) = try run(
      Self.message + broker.address(.tcp) + ["--proxy", "https://127.0.0.1:\(broker.https)"])
    #expect(ending == .exited(1))
    #expect(errors.contains("certificate"), "\(errors)")
  }

  @Test("an https proxy is talked to over TLS, also when the first server needs no proxy")
  func excepted() throws {
    let proxy = try ScriptedBroker { broker in
      let bytes = try broker.accept().bytes()
      // A handshake record of TLS.
      guard bytes.starts(with: [0x16, 3]) else {
        throw TimedOut(description: "no TLS: \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    let (ending, errors) = try run(
      Self.message + ["-h", "localhost:\(try freePort()),127.0.0.1:\(try freePort())"],
      ["ALL_PROXY": "https://me:hush@127.0.0.1:\(proxy.port)", "NO_PROXY": "localhost"])
    #expect(ending == .exited(1))
    #expect(errors.contains("ALL_PROXY: 127.0.0.1:\(proxy.port): "), "\(errors)")
    try proxy.finish()
  }

  @Test("nobody waits longer than told", arguments: ["socks5", "socks5h", "http", "https"])
  func silence(_ scheme: String) throws {
    let proxy = try ScriptedBroker { broker in
      let connections = try (0..<2).map { _ in try broker.accept() }
      for connection in connections { connection.discard() }
    }
    let words =
      Self.message + ["-h", "127.0.0.1", "--proxy", "\(scheme)://127.0.0.1:\(proxy.port)"]
    let (ending, errors) = try run(words + ["--connect-timeout", "0.5"])
    #expect(ending == .exited(27), "\(errors)")
    expectOneLine(errors, from: "pub")
    let program = try RunningProgram([Program.apus] + words)
    try eventually("the handlers") { program.catches(SIGTERM) }
    program.send(SIGTERM)
    #expect(try program.wait(within: 5) == .signaled(SIGTERM))
    try proxy.finish()
  }

  @Test(
    "words that are no proxy, or have none",
    arguments: [
      (["--proxy", "ftp://h"], "'ftp' proxies are not supported"),
      (["--proxy", "http://h/path"], "a proxy's URL ends behind host and port"),
      (["--proxy", "http://u%3Ax:secret@h"], "cannot have a ':'"),
      (["--proxy", "socks5://:secret@h"], "has 1 to 255 bytes"),
      (["--proxy", "socks5h://u:secret%4@h"], "two hexadecimal digits"),
      (["--proxy", "socks5h://h:0"], "port"),
      (["--proxy", "socks5h://"], "names no host"),
      (["--proxy", "socks5h://h", "--unix", "/tmp/s"], "does not go with --unix"),
      (["--proxy", "socks5h://h", "-S"], "does not go with --proxy"),
      (["--ws", "-S"], "does not go with --ws"),
      (["--ws-path", "mqtt"], "begins with '/'"),
      (["--ws-path", "/a b"], "visible ASCII"),
      (["--ws-header", "X: a\r\nY: secret"], "control characters"),
      (["--ws-header", "X"], "NAME: VALUE"),
      (["--ws-header", "X Y: secret"], "NAME: VALUE"),
      (["--ws-header", "Sec-WebSocket-Key: secret"], "is for apus to set"),
      (["--ws-header", "Upgrade: secret"], "is for apus to set"),
      (["-L", "ws://h/a#b"], "without '#'"),
      (["-L", "http://h/a"], "ws:// and wss://"),
    ]) func mistakes(_ words: [String], _ text: String) throws
  {
    let (ending, errors) = try run(Self.message + words)
    #expect(ending == .exited(1))
    #expect(errors.contains(text) && !errors.contains("secret"), "\(errors)")
    expectOneLine(errors, from: "pub")
  }

  @Test("apus config shows no secret") func config() throws {
    let program = try RunningProgram([
      Program.apus, "config", "pub", "--proxy", "socks5h://u:hush@h", "--ws-path", "/a?t=hush",
      "--ws-header", "Authorization: hush", "--ws-header", "Origin: http://shown",
    ])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(!program.outputText.contains("hush"), "\(program.outputText)")
    #expect(program.outputText.contains("http://shown"))
  }
}

// A broker that can be reached in every way, and the proxies before it.

import Foundation
import TestSupport

/// Lives as long as the test process.
enum Reach {
  static let broker: Result<ReachableBroker, any Error> = Result {
    let broker = try ReachableBroker()
    atexit {
      if let broker = try? Reach.broker.get() {
        for program in broker.programs { program.send(SIGKILL) }
        try? broker.mosquitto.kill()
        try? broker.webSockets.kill()
      }
    }
    return broker
  }
}

/// mosquitto with listeners for TCP, TLS (with certificates of clients or keys shared beforehand too) and
/// a Unix socket; one with WebSocket, and both; microsocks, tinyproxy, and a TLS front for it.
///
/// Two, since in mosquitto 2.0.11 a WebSocket that ends in disorder leaves an error in OpenSSL's queue, which
/// ends the TLS connection that is read next, whoever's it is.
final class ReachableBroker: @unchecked Sendable {
  let mosquitto: Mosquitto
  let webSockets: Mosquitto
  let directory = TemporaryDirectory()
  let authority: String
  private let ports: [Way: UInt16]
  let socks = try! freePort()
  let socksWithLogin = try! freePort()
  let http = try! freePort()
  let httpWithLogin = try! freePort()
  let https = try! freePort()
  fileprivate private(set) var programs: [RunningProgram] = []

  enum Way: String, CaseIterable, Sendable {
    case tcp, tls, mtls, psk, ws, wss, unix

    /// Those that go through a proxy.
    static let remote = allCases.filter { $0 != .unix }
  }

  init() throws {
    authority = directory.path + "/cert.pem"
    let key = directory.path + "/key.pem"
    try RunningProgram([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
      "-keyout", key, "-out", authority,
    ]).wait()
    let files = ["certfile \(authority)", "keyfile \(key)"]
    var ports: [Way: UInt16] = [:]
    for way in [Way.tls, .mtls, .psk, .ws, .wss] { ports[way] = try freePort() }
    let keys = try directory.write(Array("someone:\(Self.sharedKey)\n".utf8), to: "psk")
    let common = ["allow_anonymous true", "message_size_limit 0", "max_queued_messages 0"]
    mosquitto = try Mosquitto(
      common + ["listener \(ports[.tls]!) 127.0.0.1"] + files
        + ["listener \(ports[.mtls]!) 127.0.0.1"] + files
        + ["cafile \(authority)", "require_certificate true"]
        + ["listener \(ports[.psk]!) 127.0.0.1", "psk_hint test", "psk_file \(keys)"]
        + ["listener 0 \(directory.path)/socket"],
      logsPackets: false)
    webSockets = try Mosquitto(
      common + ["listener \(ports[.ws]!) 127.0.0.1", "protocol websockets"]
        + ["listener \(ports[.wss]!) 127.0.0.1", "protocol websockets"] + files,
      logsPackets: false)
    ports[.tcp] = mosquitto.port
    self.ports = ports
    try startProxies(key)
  }

  /// The one that a way leads to.
  func mosquitto(_ way: Way) -> Mosquitto { way == .ws || way == .wss ? webSockets : mosquitto }

  func address(_ way: Way) -> [String] {
    if way == .unix { return ["--unix", "\(directory.path)/socket"] }
    let key = directory.path + "/key.pem"
    return ["-h", "127.0.0.1", "-p", String(ports[way]!)]
      + ([.tls, .mtls, .wss].contains(way) ? ["--cafile", authority] : [])
      + (way == .mtls ? ["--cert", authority, "--key", key] : [])
      + (way == .psk ? ["--psk", Self.sharedKey, "--psk-identity", "someone"] : [])
      + (way == .ws || way == .wss ? ["--ws"] : [])
  }

  private static let sharedKey = "0123456789abcdef"

  func port(_ way: Way) -> UInt16 { ports[way]! }

  private func startProxies(_ key: String) throws {
    let bind = ["-i", "127.0.0.1", "-p"]
    try start(["microsocks"] + bind + [String(socks)], on: socks)
    try start(
      ["microsocks", "-u", "user", "-P", "pass:word"] + bind + [String(socksWithLogin)],
      on: socksWithLogin)
    for (port, login) in [(http, ""), (httpWithLogin, "BasicAuth user secret\n")] {
      let path = try directory.write(
        Array("Port \(port)\nListen 127.0.0.1\nTimeout 60\nMaxClients 200\n\(login)".utf8),
        to: "tinyproxy-\(port)")
      try start(["tinyproxy", "-d", "-c", path], on: port)
    }
    let front = try directory.write(Array(Self.tlsFront.utf8), to: "front.py")
    try start(["python3", front, String(https), String(http), authority, key], on: https)
  }

  private func start(_ command: [String], on port: UInt16) throws {
    programs.append(try RunningProgram(command))
    try eventually("\(command[0]) to listen", within: 20) {
      let socket = connecting(to: port, isBlocking: true)
      defer { close(socket) }
      var slot = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
      return poll(&slot, 1, 0) > 0 && slot.revents & Int16(POLLERR | POLLHUP) == 0
    }
  }

  /// Takes TLS off and hands the rest on to another port.
  private static let tlsFront = """
    import asyncio, ssl, sys
    listen, target, certificate, key = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async def carry(reader, writer):
      try:
        while block := await reader.read(65536):
          writer.write(block)
          await writer.drain()
      except OSError:
        pass
      writer.close()
    async def serve(reader, writer):
      there, back = await asyncio.open_connection("127.0.0.1", target)
      await asyncio.gather(carry(reader, back), carry(there, writer))
    async def main():
      server = await asyncio.start_server(serve, "127.0.0.1", listen, ssl=context)
      await server.serve_forever()
    asyncio.run(main())
    """
}

// Connections through a proxy: what comes back carries the broker's bytes and nothing else.

import StreamProtocols

/// One way through a proxy.
package struct Tunnel {
  let proxy: ProxyServer
  let options: DialOptions
  /// For a proxy that is talked to over TLS.
  let tls: TLSContext?
  let deadline: Duration?
  let stop: StopSignals?

  package init(
    _ proxy: ProxyServer, options: DialOptions, tls: TLSContext?, deadline: Duration?,
    stop: StopSignals?
  ) {
    self.proxy = proxy
    self.options = options
    self.tls = tls
    self.deadline = deadline
    self.stop = stop
  }

  /// - Throws: `.lookup` for the broker's name, `.interrupted`, and `.proxy` for all else.
  package func connect(host: String, port: UInt16) throws(TransportError) -> any ByteStream {
    guard case .socks5(resolvesHere: true) = proxy.kind else {
      let target: SOCKS5.Target =
        Address(literal: host, port: port).map { .address($0.bytes) } ?? .name(Array(host.utf8))
      return try connect(to: target, .tcp(host: host, port: port), port)
    }
    var failure = TransportError.lookup(host: host, reason: "host name not found")
    for address in try Lookup().addresses(of: host, port: port, deadline: deadline, stop: stop) {
      do throws(TransportError) {
        return try connect(to: .address(address.bytes), .tcp(host: host, port: port), port)
      } catch {
        failure = error
        // Another address may do better; another try with the same proxy would not.
        guard case .proxy(_, .socks(_, .refused)) = error else { throw error }
      }
    }
    throw failure
  }

  private func connect(
    to target: SOCKS5.Target, _ broker: Endpoint, _ port: UInt16
  ) throws(TransportError) -> any ByteStream {
    do throws(TransportError) {
      var stream: any ByteStream = try Dialer.connect(
        to: proxy.endpoint, options: options, deadline: deadline, stop: stop)
      if let tls {
        stream = try TLSStream.connect(
          over: stream, tls, to: proxy.endpoint, host: proxy.host, deadline: deadline, stop: stop)
      }
      switch proxy.kind {
      case .socks5: try askSOCKS(over: stream, for: target, port)
      case .http: try askHTTP(over: stream, for: broker)
      }
      return stream
    } catch {
      if case .interrupted = error { throw error }
      throw .proxy(source: proxy.source, error)
    }
  }

  private func askSOCKS(
    over stream: any ByteStream, for target: SOCKS5.Target, _ port: UInt16
  ) throws(TransportError) {
    let talk = Handshaking(over: stream, with: proxy.endpoint, "SOCKS5", until: deadline, stop)
    let login = proxy.userName.flatMap { SOCKS5.Login(user: $0, password: proxy.password ?? []) }
    var socks = SOCKS5(to: target, port: port, login: login)
    while socks.wanted > 0 {
      try talk.send(socks.output)
      let bytes = try talk.receive(atMost: socks.wanted)
      if bytes.isEmpty { throw .closedByProxy(proxy.endpoint) }
      do { try socks.receive(bytes) } catch { throw .socks(proxy.endpoint, error) }
    }
  }

  private func askHTTP(
    over stream: any ByteStream, for broker: Endpoint
  ) throws(TransportError) {
    let endpoint = proxy.endpoint
    let talk = Handshaking(over: stream, with: endpoint, "HTTP", until: deadline, stop)
    let login = proxy.userName.map { HTTPConnect.Login(user: $0, password: proxy.password ?? []) }
    let connect = HTTPConnect(to: "\(broker)", login: login)
    try talk.send(connect.request)
    let answer = try talk.receiveHead {
      $0.map { .httpProxy(endpoint, .http($0)) } ?? .closedByProxy(endpoint)
    }
    do { try connect.check(answer) } catch { throw .httpProxy(endpoint, error) }
  }
}

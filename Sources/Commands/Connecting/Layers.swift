// What lies between us and a broker, one on the other: a socket or a way through a proxy, TLS, WebSocket.

import MQTTSession
import Transport

extension Settings.Connection {
  /// Makes a network connection, perhaps through a proxy.
  ///
  /// - Parameters:
  ///   - source: the local address, where that matters.
  ///   - proxyTLS: asked where there is a proxy.
  func reach(
    from source: String?, proxyTLS: () throws(TransportError) -> TLSContext?, until limit: Instant,
    stop: StopSignals
  ) throws(TransportError) -> any ByteStream {
    let options = DialOptions(bindAddress: source)
    guard let proxyServer, case .tcp(let host, let port) = endpoint else {
      return try Dialer.connect(to: endpoint, options: options, deadline: limit, stop: stop)
    }
    let tunnel = Tunnel(
      proxyServer, options: options, tls: try proxyTLS(), deadline: limit, stop: stop)
    return try tunnel.connect(host: host, port: port)
  }

  /// Shakes hands with the broker.
  func secure(
    _ stream: any ByteStream, _ context: TLSContext, until limit: Instant, stop: StopSignals
  ) throws(TransportError) -> TLSStream {
    try TLSStream.connect(
      over: stream, context, to: endpoint, host: host, deadline: limit, stop: stop)
  }

  /// Goes through WebSocket where that is asked for.
  func upgrade(
    _ stream: any ByteStream, until limit: Instant, stop: StopSignals
  ) throws(TransportError) -> any ByteStream {
    guard let configuration = webSocketConfiguration else { return stream }
    return try WebSocketStream.connect(
      over: stream, configuration, to: endpoint, host: hostField, deadline: limit, stop: stop)
  }
}

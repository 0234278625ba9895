// Secrets that are fetched once, before the first connection.

import OptionTable
import Transport

extension Settings.Connection {
  /// Fetches what stands elsewhere, but for a password that a command tells: that one is asked at every
  /// connection.
  ///
  /// - Parameter deadline: of the whole run; a command has no more than `--connect-timeout` besides.
  mutating func fetchSecrets(until deadline: Duration?, stop: StopSignals?) throws(TransportError) {
    if let source = passwordSource, !source.isCommand {
      password = try fetch(source, deadline, stop)
    }
    if usesTLS, let source = tls.preSharedKeySource {
      let digits = Argument(bytes: try fetch(source, deadline, stop))
      do { tls.preSharedKey = try digits.preSharedKey() } catch {
        throw .secret(name: "the pre-shared key", reason: error.text)
      }
    }
    guard let source = proxyPasswordSource else { return }
    switch proxy {
    case .byEnvironment, .none: break
    case .through(let server): proxy = .through(try login(at: server, source, deadline, stop))
    case .unlessExcepted(let server, let exceptions):
      let server = try login(at: server, source, deadline, stop)
      proxy = .unlessExcepted(server, exceptions: exceptions)
    }
  }

  /// - Returns: the proxy with its password.
  private func login(
    at proxy: ProxyServer, _ source: SecretSource, _ deadline: Duration?, _ stop: StopSignals?
  ) throws(TransportError) -> ProxyServer {
    if proxy.userName == nil {
      throw .secret(
        name: proxy.source, reason: "a password for the proxy needs a user name in its URL")
    }
    var proxy = proxy
    let password = try fetch(source, deadline, stop)
    if case .socks5 = proxy.kind, password.count > 255 {
      throw .secret(
        name: proxy.source, reason: "a password for a SOCKS proxy has at most 255 bytes")
    }
    proxy.password = password
    return proxy
  }

  private func fetch(
    _ source: SecretSource, _ deadline: Duration?, _ stop: StopSignals?
  ) throws(TransportError) -> [UInt8] {
    let own = source.isPrompt ? nil : MonotonicClock.now() + .seconds(connectTimeout)
    return try source.read(until: [deadline, own].compactMap { $0 }.min(), stop: stop)
  }
}

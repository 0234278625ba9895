import LoadTest
import Transport

/// Makes the connections that take questions and answers: TLS, WebSocket, proxies, passwords that a
/// command tells.  Several threads use it at once.
final class BenchDialer: LoadDialer, @unchecked Sendable {
  private let places: [Settings.Connection]
  private let sources: [String]
  /// Handshakes are whole ones: OpenSSL's context counts its references itself, and nothing in it changes.
  private let tls: TLSContext?
  private let proxyTLS: TLSContext?
  private let stop: StopSignals

  /// Reads the files of TLS.
  init(
    _ connection: Settings.Connection, _ places: [Settings.Connection], _ sources: [String],
    stop: StopSignals
  ) throws(TransportError) {
    self.places = places
    self.sources = sources
    self.stop = stop
    let files = TLSFiles(stop: stop)
    files.deadline = MonotonicClock.now() + .seconds(connection.connectTimeout)
    tls = try connection.tlsContext(files, RememberedSecret(), until: nil, stop: stop)
    proxyTLS = try connection.proxyTLSContext(files)
  }

  func dial(_ number: Int, until deadline: Duration) throws(LoadFault) -> Dialled {
    do throws(TransportError) {
      return try connect(number, places[number % places.count], until: deadline)
    } catch {
      throw .transport(error)
    }
  }

  private func connect(
    _ number: Int, _ place: Settings.Connection, until deadline: Duration
  ) throws(TransportError) -> Dialled {
    var password: [UInt8]?
    if let source = place.passwordSource, source.isCommand {
      password = try source.read(until: deadline, stop: stop)
    }
    let began = MonotonicClock.nanoseconds()
    let source = sources.isEmpty ? nil : sources[number % sources.count]
    var stream = try place.reach(
      from: source, proxyTLS: { proxyTLS }, until: deadline, stop: stop)
    let connected = MonotonicClock.nanoseconds()
    var handshake: Int64?
    if let tls {
      stream = try place.secure(stream, tls, until: deadline, stop: stop)
      handshake = MonotonicClock.nanoseconds() - connected
    }
    stream = try place.upgrade(stream, until: deadline, stop: stop)
    return Dialled(
      stream, password: password, connecting: connected - began, handshake: handshake)
  }
}

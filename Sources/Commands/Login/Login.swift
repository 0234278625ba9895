// What a connection logs in with.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

/// The password, which may be another one at each connection, and enhanced authentication.
final class Login {
  private let connection: Settings.Connection
  private let deadline: Instant?
  private let stop: StopSignals
  private(set) var password: [UInt8]?

  init(_ connection: Settings.Connection, until deadline: Instant?, stop: StopSignals) {
    self.connection = connection
    self.deadline = deadline
    self.stop = stop
    password = connection.password
  }

  /// Before a connection is made: asks a command for the password of this one (`--pw-cmd`).
  func renew(until limit: Instant) throws(TransportError) {
    guard let source = connection.passwordSource, source.isCommand else { return }
    password = try source.read(until: limit, stop: stop)
  }

  /// Puts CONNECT into the client's output, with the first step of authentication.
  ///
  /// - Parameter host: of the server whose turn it is.
  func open(
    _ client: inout Client, over stream: any ByteStream, to host: String, until limit: Instant
  ) throws(ClientFailure) {
    let asked = connection.authentication
    guard let method = asked.method else {
      client.session.setPassword(password)
      return client.open(stream)
    }
    let data: [UInt8]
    let authenticator: any Authenticator
    do throws(ClientFailure) {
      authenticator = try self.authenticator(
        method, over: stream, to: host, until: limit)
      data = try authenticator.begin()
    } catch {
      stream.close()
      throw error
    }
    client.session.setPassword(asked.usesSCRAM ? nil : password)
    client.session.setAuthenticationData(data)
    client.open(stream)
    client.authenticate(
      with: authenticator, every: asked.interval.map { .seconds($0) },
      patience: .seconds(connection.connectTimeout))
  }

  private func authenticator(
    _ method: UTF8String, over stream: any ByteStream, to host: String, until limit: Instant
  ) throws(ClientFailure) -> any Authenticator {
    if let command = connection.authentication.command {
      do throws(TransportError) {
        return try CommandAuthenticator(
          command, method: method, host: host,
          patience: .seconds(connection.connectTimeout), until: limit, deadline: deadline,
          stop: stop)
      } catch {
        throw .transport(error)
      }
    }
    guard case .scram(let hash, let isBound) = AuthenticationMethod(method) else {
      throw .authentication(.impossible("\(method) needs --auth-cmd"))
    }
    return SCRAMAuthenticator(
      hash, isBound: isBound, user: connection.userName?.bytes ?? [], password: password ?? [],
      binding: stream.channelBinding)
  }
}

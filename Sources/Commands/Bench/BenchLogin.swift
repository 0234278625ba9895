import LoadTest
import MQTTClient
import MQTTProtocol

/// SCRAM on one of a load's connections.
final class BenchLogin: LoadLogin {
  private let authenticator: SCRAMAuthenticator

  init(_ authenticator: SCRAMAuthenticator) { self.authenticator = authenticator }

  func begin() throws(LoadFault) -> [UInt8] {
    do { return try authenticator.begin() } catch { throw Self.fault(error) }
  }

  func answer(_ challenge: [UInt8]) throws(LoadFault) -> [UInt8] {
    do { return try authenticator.answer(challenge) } catch { throw Self.fault(error) }
  }

  func conclude(_ data: [UInt8]?) throws(LoadFault) {
    do { try authenticator.conclude(data) } catch { throw Self.fault(error) }
  }

  private static func fault(_ failure: ClientFailure) -> LoadFault {
    if case .authentication(let fault) = failure { return .authentication("\(fault)") }
    return .authentication("\(failure)")
  }
}

extension BenchIdentity {
  /// How each client logs in; nil for a method that is not built in.
  func login(
    _ settings: Settings
  ) -> (@Sendable (_ client: Int, _ binding: [UInt8]?) throws(LoadFault) -> any LoadLogin)? {
    guard let method = settings.connection.authentication.method,
      case .scram(let hash, let isBound) = AuthenticationMethod(method)
    else { return nil }
    return { (client, binding) throws(LoadFault) in
      let (user, password) = credentials(client)
      return BenchLogin(
        SCRAMAuthenticator(
          hash, isBound: isBound, user: user ?? [], password: password ?? [], binding: binding))
    }
  }
}

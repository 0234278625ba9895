import MQTTClient
import MQTTProtocol
import SASL

/// SCRAM in MQTT's AUTH packets: the first message travels in CONNECT, the server's last one in CONNACK, or in
/// AUTH when it was done again.
final class SCRAMAuthenticator: Authenticator {
  private let hash: SCRAMHash
  private let isBound: Bool
  private let user: [UInt8]
  private let password: [UInt8]
  private let binding: [UInt8]?
  private var scram: SCRAM?

  /// - Parameter binding: of the connection, where it has one.
  init(
    _ hash: SCRAMHash, isBound: Bool, user: [UInt8], password: [UInt8], binding: [UInt8]?
  ) {
    self.hash = hash
    self.isBound = isBound
    self.user = user
    self.password = password
    self.binding = binding
  }

  func begin() throws(ClientFailure) -> [UInt8] {
    if isBound, binding == nil {
      throw .authentication(.impossible("\(name) binds to TLS 1.3, and the server speaks TLS 1.2"))
    }
    do throws(SCRAMFault) {
      let scram = try SCRAM(
        hash, user: user, password: password, nonce: Self.nonce(),
        binding: isBound ? binding : nil)
      self.scram = scram
      return scram.first
    } catch {
      throw failure(error)
    }
  }

  func answer(_ challenge: [UInt8]) throws(ClientFailure) -> [UInt8] {
    do throws(SCRAMFault) {
      if scram?.isAnswered == true {
        // Some servers send their last message before they are done.
        try scram?.verify(challenge)
        return []
      }
      return try scram?.answer(challenge) ?? []
    } catch {
      throw failure(error)
    }
  }

  func conclude(_ data: [UInt8]?) throws(ClientFailure) {
    if scram?.isVerified == true, data == nil { return }
    guard let data else {
      throw .authentication(
        .untrusted("\(name): the server did not show that it knows the password"))
    }
    do throws(SCRAMFault) { try scram?.verify(data) } catch { throw failure(error) }
  }

  private var name: String { "SCRAM-\(hash.rawValue)" + (isBound ? "-PLUS" : "") }

  private func failure(_ fault: SCRAMFault) -> ClientFailure {
    let text = "\(name): \(fault)"
    switch fault {
    case .wrongSignature, .refused: return .authentication(.untrusted(text))
    case .unprepared, .cryptography: return .authentication(.impossible(text))
    default: return .authentication(.broken(text))
    }
  }

  /// 144 bits as letters and digits of base64.
  private static func nonce() -> [UInt8] {
    let letters = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var random = SystemRandomNumberGenerator()
    return (0..<24).map { _ in letters[Int(random.next() as UInt64 >> 58)] }
  }
}

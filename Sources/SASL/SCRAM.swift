// The client's side of SCRAM, without network or randomness.

/// One exchange: both sides show that they know the password, and neither tells it.  RFC 5802, RFC 7677.
///
/// `first`, then `answer` to the server's first message, then `verify` on its last one.
package struct SCRAM {
  package let hash: SCRAMHash
  /// What both ends of a TLS connection know (`tls-exporter`, RFC 9266); nil without channel binding.
  private let binding: [UInt8]?
  private let password: [UInt8]
  private let nonce: [UInt8]
  private let bareFirst: [UInt8]
  private var state = State.began

  private enum State {
    case began
    case answered(serverSignature: [UInt8])
    case verified
  }

  /// How often the server may have the hash applied: less protects no password, more is no server's
  /// honest wish and would keep us busy for long.
  package static let iterations = 4096...2_000_000

  /// - Parameters:
  ///   - nonce: printable ASCII without ',', at least 16 bytes, never the same again.
  /// - Throws: `.unprepared` for text that SASLprep would change.
  package init(
    _ hash: SCRAMHash, user: [UInt8], password: [UInt8], nonce: [UInt8], binding: [UInt8]?
  ) throws(SCRAMFault) {
    guard PreparedText.isPrepared(user) else { throw .unprepared("user name") }
    guard PreparedText.isPrepared(password) else { throw .unprepared("password") }
    self.hash = hash
    self.binding = binding
    self.password = password
    self.nonce = nonce
    bareFirst = Array("n=".utf8) + Self.escaped(user) + Array(",r=".utf8) + nonce
  }

  /// The server's first message was answered.
  package var isAnswered: Bool {
    if case .answered = state { return true }
    return false
  }

  /// The server has shown that it knows the password.
  package var isVerified: Bool {
    if case .verified = state { return true }
    return false
  }

  /// client-first-message.
  package var first: [UInt8] { header + bareFirst }

  /// gs2-header.  MQTT's servers have no list of methods that `y` (we could, you cannot) could be about: who
  /// does without channel binding says `n`.
  private var header: [UInt8] { Array((binding == nil ? "n,," : "p=tls-exporter,,").utf8) }

  /// Reads the server's first message.
  ///
  /// - Returns: client-final-message.
  package mutating func answer(_ message: [UInt8]) throws(SCRAMFault) -> [UInt8] {
    guard case .began = state else { throw .outOfTurn }
    let server = try ServerFirst(message, extending: nonce)
    let salted = try hash.salted(password, server.salt, server.iterations)
    let clientKey = try hash.hmac(salted, Array("Client Key".utf8))
    let bound = Base64Text.text(header + (binding ?? []))
    let withoutProof: [UInt8] =
      Array("c=".utf8) + bound + Array(",r=".utf8) + server.nonce
    let comma = [UInt8(ascii: ",")]
    let authMessage: [UInt8] = bareFirst + comma + message + comma + withoutProof
    let signature = try hash.hmac(try hash.digest(clientKey), authMessage)
    let proof = zip(clientKey, signature).map { $0 ^ $1 }
    let serverKey = try hash.hmac(salted, Array("Server Key".utf8))
    state = .answered(serverSignature: try hash.hmac(serverKey, authMessage))
    return withoutProof + Array(",p=".utf8) + Base64Text.text(proof)
  }

  /// Reads the server's last message.
  ///
  /// - Throws: `.refused` with the server's word, `.wrongSignature` when it does not know the password.
  package mutating func verify(_ message: [UInt8]) throws(SCRAMFault) {
    guard case .answered(let expected) = state else { throw .outOfTurn }
    guard hash.areEqual(try ServerFinal(message).signature, expected) else {
      throw .wrongSignature
    }
    state = .verified
  }

  /// saslname: what separates attributes is written otherwise.
  private static func escaped(_ name: [UInt8]) -> [UInt8] {
    name.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: ","): Array("=2C".utf8)
      case UInt8(ascii: "="): Array("=3D".utf8)
      default: [byte]
      }
    }
  }
}

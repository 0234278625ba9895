/// Why SCRAM comes to no good end.
package enum SCRAMFault: Error, Hashable, Sendable {
  case unprepared(String)
  case malformed(String)
  case mandatoryExtension
  case nonceNotOurs
  case tooFewIterations(Int)
  case tooManyIterations
  case outOfTurn
  /// The server's `e=`, as it stands.
  case refused([UInt8])
  case wrongSignature
  /// A function of OpenSSL failed.
  case cryptography(String)
}

extension SCRAMFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unprepared(let what):
      "the \(what) has characters that SASLprep (RFC 4013) forbids or may change; apus takes text that "
        + "it leaves as it is, such as ASCII"
    case .malformed(let what): "the server's SCRAM message has \(what)"
    case .mandatoryExtension: "the server wants an extension of SCRAM (m=) that is not known"
    case .nonceNotOurs: "the server's nonce does not continue ours"
    case .tooFewIterations(let count):
      "the server asks for \(count) iterations; fewer than \(SCRAM.iterations.lowerBound) protect no "
        + "password"
    case .tooManyIterations:
      "the server asks for more than \(SCRAM.iterations.upperBound) iterations"
    case .outOfTurn: "the server sent a SCRAM message out of turn"
    case .refused(let reason): "the server refused: \(Self.shown(reason))"
    case .wrongSignature:
      "the server's signature is wrong: it does not know the password, so it is not the right server"
    case .cryptography(let function): "\(function) of OpenSSL failed"
    }
  }

  /// RFC 5802's words are lower case letters and dashes.
  private static func shown(_ reason: [UInt8]) -> String {
    let text = reason.prefix(100).map { byte in
      switch byte {
      case 0x20..<0x7f: Character(UnicodeScalar(byte))
      default: "?" as Character
      }
    }
    return String(text)
  }
}

/// Why a message is refused: which check failed.
package enum SealingFault: Error, Hashable, Sendable {
  case notSealed
  case notSigned
  case truncated
  case version(UInt8)
  case malformed(String)
  /// None of our keys is among those that the message is sealed for.
  case noKeyToOpen([KeyID])
  case noKeyToVerify(KeyID)
  case wrongSignature(KeyID)
  case wrongTag
  case wrongContentType
  case replayed
  /// Seen before, and the server says that it may be so: it delivers the message again, or has kept it.
  case repeated
  case tooOld
  case crypto(CryptoFailure)
}

extension SealingFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notSealed: "it is not sealed; --allow-plain takes such messages"
    case .notSigned: "it is not signed; --allow-plain takes such messages"
    case .truncated: "its envelope is cut off"
    case .version(let version): "its envelope has version \(version), which this apus does not know"
    case .malformed(let what): "its envelope is malformed: \(what)"
    case .noKeyToOpen(let ids):
      "it is sealed for \(ids.prefix(4).map { "\($0)" }.joined(separator: ", "))"
        + "\(ids.count > 4 ? " and others" : ""), which no key of --open is"
    case .noKeyToVerify(let id): "it is signed by \(id), which no key of --verify is"
    case .wrongSignature(let id): "its signature by \(id) does not fit"
    case .wrongTag:
      "it was changed, or moved from another topic, or sealed with another key of the same identifier"
    case .wrongContentType: "its content type was changed"
    case .replayed: "replayed: it was received before"
    case .repeated: "received before: the broker delivers it again"
    case .tooOld: "replayed, or late: it is older than what is remembered of its sender"
    case .crypto(let failure): "\(failure)"
    }
  }

  /// It is no attack that a server does as the protocol says.
  package var isHarmless: Bool { self == .repeated }
}

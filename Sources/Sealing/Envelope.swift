/// An envelope whose payload is still to go through.  A signature stands before the payload and is over
/// the encrypted one, so who streams a payload sends it through twice.
package struct Envelope: Sendable {
  let header: [UInt8]
  let context: [UInt8]
  let cipher: Cipher?
  let key: [UInt8]
  let nonce: [UInt8]
  let signer: Key?

  /// Begins to send the payload through.
  package func pass() throws(CryptoFailure) -> Pass {
    let aead: AEAD? =
      try cipher.map { (cipher) throws(CryptoFailure) in
        try AEAD(cipher, .encrypt, key: key, nonce: nonce, bound: context)
      }
    var hash: SHA256?
    if signer != nil {
      hash = try SHA256()
      try hash?.update(context)
    }
    return Pass(aead: aead, hash: hash)
  }

  /// The header with the signature that a pass has led to.
  package func head(_ end: Pass.End) throws(CryptoFailure) -> [UInt8] {
    guard let signer, let digest = end.digest else { return header }
    let signature =
      signer.type == .hmacSHA256
      ? hmac(signer.secret ?? [], statement(digest))
      : Curve.sign(statement(digest), secret: signer.secret ?? [])
    guard let signature else { throw CryptoFailure("EVP_DigestSign") }
    return header + signature
  }

  /// Bytes of what `head` returns.
  package var headLength: Int {
    switch signer?.type {
    case .ed25519?: header.count + Header.Signing.ed25519.length
    case .hmacSHA256?: header.count + Header.Signing.hmac.length
    default: header.count
    }
  }

  /// The header of an envelope without a signature, which needs no pass before.
  package var unsignedHead: [UInt8]? { signer == nil ? header : nil }
}

/// One way of a payload through an envelope.
package struct Pass: ~Copyable {
  private var aead: AEAD?
  private var hash: SHA256?

  /// What is known when all has gone through.
  package struct End: Sendable {
    /// Stands behind the payload.
    package let tag: [UInt8]
    let digest: [UInt8]?
  }

  init(aead: consuming AEAD?, hash: consuming SHA256?) {
    self.aead = aead
    self.hash = hash
  }

  /// Sends a piece through, in place.
  package mutating func transform(_ piece: UnsafeMutableRawBufferPointer) throws(CryptoFailure) {
    try aead?.update(UnsafeRawBufferPointer(piece), into: piece)
    try hash?.update(UnsafeRawBufferPointer(piece))
  }

  package consuming func finish() throws(CryptoFailure) -> End {
    let tag = try aead.take()?.tag() ?? []
    try hash?.update(tag)
    return End(tag: tag, digest: try hash.take()?.finish())
  }
}

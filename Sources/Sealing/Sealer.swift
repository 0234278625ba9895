// Makes envelopes.

/// One run's sealing and signing.  Everything that a message does not change is computed once.
package struct Sealer: ~Copyable {
  private let sealing: Header.Sealing
  private let signer: Key?
  private let sender: SenderID
  private let key: [UInt8]
  private var sequence: UInt64 = 0

  /// Most recipients of one message.
  package static let mostRecipients = 255

  /// - Parameters:
  ///   - keys: one symmetric key, or the public keys of those who may open it, or none.
  ///   - signer: what to sign with.
  ///   - random: 80 bytes that nobody knows: the sender, the content key and the key to wrap it with.
  package init(_ keys: [Key], signer: Key?, random: [UInt8]) throws(KeyMisuse) {
    guard random.count == Self.randomLength, let sender = SenderID(Array(random[..<16])) else {
      throw KeyMisuse("\(CryptoFailure("RAND_bytes"))")
    }
    if let signer { try KeyUse.sign.check(signer) }
    for key in keys { try KeyUse.seal.check(key) }
    if keys.count > 1, let key = keys.first(where: { $0.type != .x25519 }) {
      throw KeyMisuse(
        "of several keys to seal with, each must be x25519, and one is \(key.type.name)")
    }
    if keys.count > Self.mostRecipients {
      throw KeyMisuse("a message is sealed for at most \(Self.mostRecipients) keys")
    }
    let prepared: (sealing: Header.Sealing, key: [UInt8])
    do throws(CryptoFailure) { prepared = try Self.prepare(keys, random, sender) } catch {
      throw KeyMisuse("\(error)")
    }
    self.signer = signer
    self.sender = sender
    sealing = prepared.sealing
    key = prepared.key
  }

  /// How this run seals, and the key that its content is encrypted with.
  private static func prepare(
    _ keys: [Key], _ random: [UInt8], _ sender: SenderID
  ) throws(CryptoFailure) -> (Header.Sealing, [UInt8]) {
    guard let first = keys.first else { return (.none, []) }
    let sealing: Header.Sealing
    var base = first.secret ?? []
    switch first.type {
    case .x25519:
      base = Array(random[16..<48])
      sealing = try wrap(base, for: keys, by: Array(random[48...]), sender)
    case .chacha20Poly1305: sealing = .symmetric(.chacha20Poly1305, first.id)
    case .aes256GCM, .ed25519, .hmacSHA256: sealing = .symmetric(.aes256GCM, first.id)
    }
    return (sealing, try contentKey(base, suite: sealing.suite, sender))
  }

  package static let randomLength = 80

  private static func wrap(
    _ base: [UInt8], for keys: [Key], by secret: [UInt8], _ sender: SenderID
  ) throws(CryptoFailure) -> Header.Sealing {
    guard let ephemeral = Key(.x25519, secret: secret) else { throw CryptoFailure("X25519") }
    var recipients: [Header.Recipient] = []
    for key in keys {
      guard let agreement = Curve.agreement(secret: secret, publicPart: key.publicPart) else {
        throw CryptoFailure("X25519")
      }
      let wrapping = try wrappingKey(
        agreement, ephemeral: ephemeral.publicPart, recipient: key.publicPart, sender)
      let cipher = try AEAD(.aes256GCM, .encrypt, key: wrapping, nonce: nonce(0), bound: [])
      var wrapped = base
      try cipher.update(&wrapped)
      recipients.append(Header.Recipient(id: key.id, wrapped: wrapped + (try cipher.tag())))
    }
    return .wrapped(ephemeral: ephemeral.publicPart, recipients)
  }

  package var seals: Bool { !key.isEmpty }
  package var signs: Bool { signer != nil }
  /// By how much a payload grows, its header apart.
  package var growth: Int { seals ? Cipher.tagLength : 0 }

  /// Begins an envelope with the next sequence number.
  ///
  /// - Parameter time: milliseconds since 1970.
  package mutating func begin(_ binding: Binding, time: UInt64) -> Envelope {
    sequence += 1
    let header = Header(
      sealing: sealing, signer: signer, isText: seals && binding.isText,
      contentType: seals ? binding.contentType : nil, sender: sender, sequence: sequence, time: time
    ).encoded
    let cipher: Cipher? =
      switch sealing {
      case .none: nil
      case .symmetric(let cipher, _): cipher
      case .wrapped: .aes256GCM
      }
    return Envelope(
      header: header, context: binding.context(header), cipher: cipher, key: key,
      nonce: nonce(sequence), signer: signer)
  }
}

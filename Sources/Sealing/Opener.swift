// Opens envelopes.

/// What a subscriber asks of messages, and what it has seen of them.
package struct Opener: ~Copyable {
  private let keys: [Key]
  private let verifiers: [Key]
  private let allowsPlain: Bool
  package var replay: ReplayGuard
  /// The content key of the run that sealed the last message.
  private var last: (sender: SenderID, sealing: [UInt8], key: [UInt8])?

  /// - Parameters:
  ///   - keys: what to open with; with one, a message must be sealed.
  ///   - verifiers: whose signatures are taken; with one, a message must be signed.
  ///   - allowsPlain: messages may be neither.  What is sealed or signed is checked all the same.
  package init(
    _ keys: [Key], verifiers: [Key], allowsPlain: Bool, replay: ReplayGuard = ReplayGuard()
  ) throws(KeyMisuse) {
    for key in keys { try KeyUse.open.check(key) }
    for key in verifiers { try KeyUse.verify.check(key) }
    self.keys = keys
    self.verifiers = verifiers
    self.allowsPlain = allowsPlain
    self.replay = replay
  }

  /// A message as it arrived.
  package struct Delivery {
    /// What came with it; the content type and whether it is text as the packet has them.
    package var binding: Binding
    /// The envelope's head where it stands in a property, as text; nil where it is before the payload.
    package var head: UnsafeRawBufferPointer?
    /// Changed in place.
    package var payload: UnsafeMutableRawBufferPointer
    /// The server says that it may have delivered the message before.
    package var isRepetition: Bool

    package init(
      _ binding: Binding, head: UnsafeRawBufferPointer?, payload: UnsafeMutableRawBufferPointer,
      isRepetition: Bool
    ) {
      self.binding = binding
      self.head = head
      self.payload = payload
      self.isRepetition = isRepetition
    }
  }

  /// A message that passed.
  package struct Opened {
    package var payload: UnsafeRawBufferPointer
    package var contentType: [UInt8]?
    package var isText: Bool
  }

  /// What the content type of a sealed message says in MQTT 5.
  package static let sealedContentType = Array("application/vnd.apus.sealed".utf8)

  /// Checks a message and decrypts it where it lies.
  ///
  /// - Throws: which check failed; the payload is of no use then.
  package mutating func open(_ delivery: Delivery) throws(SealingFault) -> Opened {
    guard let (header, letter) = try Self.read(delivery) else {
      if !allowsPlain { throw keys.isEmpty ? .notSigned : .notSealed }
      let binding = delivery.binding
      return Opened(
        payload: UnsafeRawBufferPointer(delivery.payload), contentType: binding.contentType,
        isText: binding.isText)
    }
    if !header.isSealed, !keys.isEmpty, !allowsPlain { throw .notSealed }
    var binding = delivery.binding
    if header.isSealed {
      let expected = delivery.head == nil ? nil : Self.sealedContentType
      if binding.contentType != expected || binding.isText { throw .wrongContentType }
      binding.contentType = header.contentType
      binding.isText = header.isText
    }
    let context = binding.context(letter.header)
    var authority = try verify(header, letter, context)
    var payload = letter.body
    if header.isSealed {
      let key = try key(for: header)
      payload = try decrypt(payload, header, by: key, context)
      authority = authority ?? key.id
    }
    if let authority {
      let source = ReplayGuard.Source(key: authority, sender: header.sender)
      switch replay.admit(source, sequence: header.sequence, time: header.time) {
      case .new: break
      case .seen: throw delivery.isRepetition ? .repeated : .replayed
      case .tooOld: throw .tooOld
      }
    }
    return Opened(
      payload: UnsafeRawBufferPointer(payload), contentType: binding.contentType,
      isText: binding.isText)
  }

  /// An envelope in its parts.
  private struct Letter {
    let header: [UInt8]
    let signature: [UInt8]
    let body: UnsafeMutableRawBufferPointer
  }

  /// - Returns: nil for a message that is in no envelope.
  private static func read(_ delivery: Delivery) throws(SealingFault) -> (Header, Letter)? {
    if let text = delivery.head {
      guard let bytes = Base64.bytes(text) else { throw .malformed("no base64") }
      let (header, letter, end) = try parts(bytes, delivery.payload)
      guard end == bytes.count else { throw .malformed("something stands behind it") }
      return (header, letter)
    }
    guard delivery.payload.starts(with: Header.magic) else { return nil }
    // No header of 255 recipients and the longest content type is larger.
    let most = min(delivery.payload.count, 80 << 10)
    let (header, letter, end) = try parts(Array(delivery.payload[..<most]), delivery.payload)
    let body = UnsafeMutableRawBufferPointer(rebasing: delivery.payload[end...])
    return (header, Letter(header: letter.header, signature: letter.signature, body: body))
  }

  private static func parts(
    _ bytes: [UInt8], _ body: UnsafeMutableRawBufferPointer
  ) throws(SealingFault) -> (Header, Letter, end: Int) {
    var result: Result<(Header, Letter, end: Int), SealingFault> = .failure(.truncated)
    bytes.withUnsafeBytes { raw in
      result = Result { () throws(SealingFault) in
        var reader = FieldReader(raw)
        let header = try Header(from: &reader)
        let end = reader.position
        let signature = try reader.take(header.signing.length)
        let letter = Letter(header: Array(bytes[..<end]), signature: signature, body: body)
        return (header, letter, reader.position)
      }
    }
    return try result.get()
  }

  // MARK: Checks

  /// - Returns: whose signature it is; nil where none is asked for.
  private func verify(
    _ header: Header, _ letter: Letter, _ context: [UInt8]
  ) throws(SealingFault) -> KeyID? {
    guard let signer = header.signer else {
      if !verifiers.isEmpty, !allowsPlain { throw .notSigned }
      return nil
    }
    if verifiers.isEmpty { return nil }
    let type: KeyType = header.signing == .hmac ? .hmacSHA256 : .ed25519
    guard let key = verifiers.first(where: { $0.id == signer && $0.type == type }) else {
      throw .noKeyToVerify(signer)
    }
    let statement: [UInt8]
    do throws(CryptoFailure) {
      let hash = try SHA256()
      try hash.update(context)
      try hash.update(UnsafeRawBufferPointer(letter.body))
      statement = Sealing.statement(try hash.finish())
    } catch {
      throw .crypto(error)
    }
    let isSigned = letter.signature.withUnsafeBytes { signature in
      if let secret = key.secret, type == .hmacSHA256 {
        return areEqual(hmac(secret, statement) ?? [], signature)
      }
      return type == .ed25519
        && Curve.isSigned(statement, by: signature, publicPart: key.publicPart)
    }
    if !isSigned { throw .wrongSignature(signer) }
    return key.id
  }

  private func key(for header: Header) throws(SealingFault) -> Key {
    let ids: [KeyID]
    switch header.sealing {
    case .none: ids = []
    case .symmetric(let cipher, let id):
      let type: KeyType = cipher == .aes256GCM ? .aes256GCM : .chacha20Poly1305
      if let key = keys.first(where: { $0.id == id && $0.type == type }) { return key }
      ids = [id]
    case .wrapped(_, let recipients):
      ids = recipients.map(\.id)
      if let key = keys.first(where: { $0.type == .x25519 && ids.contains($0.id) }) { return key }
    }
    throw .noKeyToOpen(ids)
  }

  private mutating func decrypt(
    _ body: UnsafeMutableRawBufferPointer, _ header: Header, by key: Key, _ context: [UInt8]
  ) throws(SealingFault) -> UnsafeMutableRawBufferPointer {
    guard body.count >= Cipher.tagLength else { throw .truncated }
    let end = body.count - Cipher.tagLength
    let text = UnsafeMutableRawBufferPointer(rebasing: body[..<end])
    let cipher: Cipher =
      if case .symmetric(let cipher, _) = header.sealing { cipher } else { .aes256GCM }
    var isAuthentic = false
    do throws(CryptoFailure) {
      if let content = try contentKey(of: header, by: key) {
        let aead = try AEAD(
          cipher, .decrypt, key: content, nonce: nonce(header.sequence), bound: context)
        try aead.update(UnsafeRawBufferPointer(text), into: text)
        isAuthentic = aead.accepts(Array(body[end...]))
      }
    } catch {
      throw .crypto(error)
    }
    if !isAuthentic { throw .wrongTag }
    return text
  }

  /// - Returns: nil when the content key was wrapped for somebody else, or changed.
  private mutating func contentKey(
    of header: Header, by key: Key
  ) throws(CryptoFailure) -> [UInt8]? {
    var sealing = key.id.bytes + [header.sealing.suite]
    if case .wrapped(let ephemeral, let recipients) = header.sealing {
      sealing += ephemeral
      for recipient in recipients where recipient.id == key.id { sealing += recipient.wrapped }
    }
    if let last, last.sender == header.sender, last.sealing == sealing { return last.key }
    guard let base = try base(of: header, by: key) else { return nil }
    let content = try Sealing.contentKey(base, suite: header.sealing.suite, header.sender)
    last = (header.sender, sealing, content)
    return content
  }

  private func base(of header: Header, by key: Key) throws(CryptoFailure) -> [UInt8]? {
    guard let secret = key.secret else { return nil }
    guard case .wrapped(let ephemeral, let recipients) = header.sealing else { return secret }
    guard let wrapped = recipients.first(where: { $0.id == key.id })?.wrapped,
      let agreement = Curve.agreement(secret: secret, publicPart: ephemeral)
    else { return nil }
    let wrapping = try wrappingKey(
      agreement, ephemeral: ephemeral, recipient: key.publicPart, header.sender)
    let aead = try AEAD(.aes256GCM, .decrypt, key: wrapping, nonce: nonce(0), bound: [])
    var base = Array(wrapped.prefix(KeyType.length))
    try aead.update(&base)
    return aead.accepts(wrapped.suffix(Cipher.tagLength)) ? base : nil
  }
}

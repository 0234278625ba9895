// The head of an envelope: apus-sealing(7) describes it byte by byte.

/// A sender's run: 16 random bytes.
package struct SenderID: Hashable, Sendable {
  package let bytes: [UInt8]

  static let length = 16

  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }
}

/// What stands in an envelope besides the payload and the signature.
struct Header {
  /// How the payload is sealed.
  enum Sealing {
    case none
    case symmetric(Cipher, KeyID)
    /// The run's content key, wrapped for each recipient by an X25519 key made for it.
    case wrapped(ephemeral: [UInt8], [Recipient])

    var suite: UInt8 {
      switch self {
      case .none: 0
      case .symmetric(.aes256GCM, _): 1
      case .symmetric(.chacha20Poly1305, _): 2
      case .wrapped: 3
      }
    }
  }

  struct Recipient {
    var id: KeyID
    var wrapped: [UInt8]

    static let wrappedLength = KeyType.length + Cipher.tagLength
  }

  enum Signing: UInt8 {
    case none = 0
    case ed25519 = 1
    case hmac = 2

    var length: Int {
      switch self {
      case .none: 0
      case .ed25519: 64
      case .hmac: 32
      }
    }
  }

  var sealing: Sealing
  var signing: Signing
  var signer: KeyID?
  var isText: Bool
  /// Of a sealed payload.
  var contentType: [UInt8]?
  var sender: SenderID
  var sequence: UInt64
  /// Milliseconds since 1970.
  var time: UInt64

  /// No text begins so.
  static let magic: [UInt8] = [0xff, 0x41, 0x50, 0x53]
  static let version: UInt8 = 1
  private static let textFlag: UInt8 = 1
  private static let contentTypeFlag: UInt8 = 2

  var isSealed: Bool {
    if case .none = sealing { false } else { true }
  }

  var encoded: [UInt8] {
    var flags = isText ? Self.textFlag : 0
    if contentType != nil { flags |= Self.contentTypeFlag }
    var bytes = Self.magic + [Self.version, sealing.suite, signing.rawValue, flags]
    bytes += sender.bytes
    bytes += bigEndian(sequence)
    bytes += bigEndian(time)
    if let contentType { bytes += field(contentType) }
    switch sealing {
    case .none: break
    case .symmetric(_, let id): bytes += id.bytes
    case .wrapped(let ephemeral, let recipients):
      bytes += ephemeral
      bytes.append(UInt8(truncatingIfNeeded: recipients.count))
      for recipient in recipients { bytes += recipient.id.bytes + recipient.wrapped }
    }
    return bytes + (signer?.bytes ?? [])
  }

  /// - Throws: `.truncated`, `.version`, `.malformed`.
  init(from reader: inout FieldReader) throws(SealingFault) {
    guard try reader.take(4) == Self.magic else { throw .malformed("no magic number") }
    let start = try reader.take(4)
    if start[0] != Self.version { throw .version(start[0]) }
    guard let signing = Signing(rawValue: start[2]) else { throw .malformed("unknown signature") }
    self.signing = signing
    if start[3] & ~(Self.textFlag | Self.contentTypeFlag) != 0 { throw .malformed("unknown flags") }
    isText = start[3] & Self.textFlag != 0
    guard let sender = SenderID(try reader.take(SenderID.length)) else { throw .truncated }
    self.sender = sender
    sequence = try reader.u64()
    time = try reader.u64()
    if start[3] & Self.contentTypeFlag != 0 {
      let text = try reader.take(try reader.u16())
      guard String(validating: text, as: UTF8.self) != nil, !text.contains(0) else {
        throw .malformed("a content type that is no text")
      }
      contentType = text
    }
    switch start[1] {
    case 0:
      if signing == .none || start[3] != 0 { throw .malformed("neither sealed nor signed") }
      sealing = .none
    case 1: sealing = .symmetric(.aes256GCM, try reader.keyID())
    case 2: sealing = .symmetric(.chacha20Poly1305, try reader.keyID())
    case 3:
      let ephemeral = try reader.take(KeyType.length)
      let count = try reader.u8()
      if count == 0 { throw .malformed("no recipients") }
      var recipients: [Recipient] = []
      for _ in 0..<count {
        let id = try reader.keyID()
        recipients.append(
          Recipient(id: id, wrapped: try reader.take(Recipient.wrappedLength)))
      }
      sealing = .wrapped(ephemeral: ephemeral, recipients)
    default: throw .malformed("an unknown way to seal")
    }
    signer = signing == .none ? nil : try reader.keyID()
  }

  init(
    sealing: Sealing, signer: Key?, isText: Bool, contentType: [UInt8]?, sender: SenderID,
    sequence: UInt64, time: UInt64
  ) {
    self.sealing = sealing
    switch signer?.type {
    case .ed25519?: signing = .ed25519
    case .hmacSHA256?: signing = .hmac
    default: signing = .none
    }
    self.signer = signer?.id
    self.isText = isText
    self.contentType = contentType
    self.sender = sender
    self.sequence = sequence
    self.time = time
  }
}

// Keys, and the line of text that a key file holds.

/// The first eight bytes of a hash of a key: enough to find it among others.
package struct KeyID: Hashable, Sendable, CustomStringConvertible {
  let bytes: [UInt8]

  static let length = 8

  package var description: String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}

/// Why a line is no key.
package enum KeyFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notAKey
  case version(String)
  case type(String)
  case damaged

  package var description: String {
    switch self {
    case .notAKey: "is no key file: 'apus key new' makes one"
    case .version(let name): "is a key of the form '\(name)', which this apus does not know"
    case .type(let name): "is a key of the type '\(name)', which this apus does not know"
    case .damaged: "is a damaged key file"
    }
  }
}

/// A secret key, or the public half of one.
package struct Key: Hashable, Sendable {
  package let type: KeyType
  package let id: KeyID
  /// Nil where only the public half is known.
  let secret: [UInt8]?
  /// Empty where there is no public half.
  let publicPart: [UInt8]

  package var isSecret: Bool { secret != nil }

  /// - Returns: nil when the bytes are no secret key of that type.
  package init?(_ type: KeyType, secret: [UInt8]) {
    guard secret.count == KeyType.length else { return nil }
    self.type = type
    self.secret = secret
    if let curve = Curve(type) {
      guard let part = curve.publicPart(of: secret) else { return nil }
      publicPart = part
    } else {
      publicPart = []
    }
    guard let id = Self.id(type, secret: secret, publicPart) else { return nil }
    self.id = id
  }

  package init?(_ type: KeyType, publicPart: [UInt8]) {
    guard publicPart.count == KeyType.length, type.isPair,
      let id = Self.id(type, secret: [], publicPart)
    else { return nil }
    self.type = type
    self.publicPart = publicPart
    self.id = id
    secret = nil
  }

  /// - Returns: nil when the system has no random numbers.
  package static func generate(_ type: KeyType) -> Key? {
    randomBytes(KeyType.length).flatMap { Key(type, secret: $0) }
  }

  /// What may be given away; nil for a key that is all secret.
  package var publicHalf: Key? { type.isPair ? Key(type, publicPart: publicPart) : nil }

  /// Of a pair, a hash of the public half.  Of other keys, a MAC by the key itself: who has it learns
  /// nothing, as long as the key is random.
  private static func id(_ type: KeyType, secret: [UInt8], _ publicPart: [UInt8]) -> KeyID? {
    let name = Array("apus-key-1 \(type.name)".utf8) + [0]
    let hash = type.isPair ? sha256(name + publicPart) : hmac(secret, name)
    return hash.map { KeyID(bytes: Array($0.prefix(KeyID.length))) }
  }

  // MARK: Text

  /// `apus-key-1 TYPE secret|public BASE64` and a newline.
  package var text: String {
    let part = Base64.text(secret ?? publicPart)
    return "\(Self.form) \(type.name) \(isSecret ? "secret" : "public") \(part)\n"
  }

  private static let form = "apus-key-1"

  /// - Throws: why the bytes are no key; nothing secret is in it.
  package init(text bytes: some Collection<UInt8>) throws(KeyFault) {
    guard let text = String(validating: bytes, as: UTF8.self), text.hasPrefix("apus-key-") else {
      throw .notAKey
    }
    let line = text.hasSuffix("\n") ? text.dropLast() : text[...]
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    if words[0] != Self.form { throw .version(Self.shown(words[0])) }
    guard words.count == 4 else { throw .damaged }
    guard let type = KeyType(rawValue: words[1]) else { throw .type(Self.shown(words[1])) }
    guard let part = Base64.bytes(words[3].utf8) else { throw .damaged }
    let key: Key? =
      switch words[2] {
      case "secret": Key(type, secret: part)
      case "public": Key(type, publicPart: part)
      default: nil
      }
    guard let key else { throw .damaged }
    self = key
  }

  /// No more of a strange file than a name would have.
  private static func shown(_ word: String) -> String { String(word.prefix(24)) }
}

/// What a key can do, under the name that key files and `apus key new --type` have for it.
package enum KeyType: String, CaseIterable, Hashable, Sendable {
  case aes256GCM = "aes-256-gcm"
  case chacha20Poly1305 = "chacha20-poly1305"
  case x25519
  case ed25519
  case hmacSHA256 = "hmac-sha256"

  package var name: String { rawValue }

  /// There is a public half that others may know.
  package var isPair: Bool { self == .x25519 || self == .ed25519 }

  /// It seals and opens; otherwise it signs and verifies.
  package var seals: Bool {
    switch self {
    case .aes256GCM, .chacha20Poly1305, .x25519: true
    case .ed25519, .hmacSHA256: false
    }
  }

  /// Bytes of a key, of its public half, and of what X25519 agrees on.
  static let length = 32
}

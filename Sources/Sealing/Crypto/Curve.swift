import COpenSSL

/// X25519 (RFC 7748) and Ed25519 (RFC 8032): keys of 32 bytes as they stand in the RFCs.
struct Curve {
  private let type: CInt

  /// - Returns: nil for a key that is no pair.
  init?(_ type: KeyType) {
    switch type {
    case .x25519: self.type = EVP_PKEY_X25519
    case .ed25519: self.type = EVP_PKEY_ED25519
    case .aes256GCM, .chacha20Poly1305, .hmacSHA256: return nil
    }
  }

  func publicPart(of secret: [UInt8]) -> [UInt8]? {
    guard let key = EVP_PKEY_new_raw_private_key(type, nil, secret, secret.count) else {
      ERR_clear_error()
      return nil
    }
    defer { EVP_PKEY_free(key) }
    var part = [UInt8](repeating: 0, count: KeyType.length)
    var count = part.count
    return EVP_PKEY_get_raw_public_key(key, &part, &count) == 1 && count == part.count ? part : nil
  }

  /// What the holders of two X25519 keys have in common.
  ///
  /// - Returns: nil for a public key that gives nothing away but zeroes (RFC 7748 §6.1).
  static func agreement(secret: [UInt8], publicPart: [UInt8]) -> [UInt8]? {
    defer { ERR_clear_error() }
    let own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, secret, secret.count)
    let other = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, publicPart, publicPart.count)
    let context = own.flatMap { EVP_PKEY_CTX_new($0, nil) }
    defer {
      EVP_PKEY_free(own)
      EVP_PKEY_free(other)
      EVP_PKEY_CTX_free(context)
    }
    guard let context, other != nil, EVP_PKEY_derive_init(context) == 1,
      EVP_PKEY_derive_set_peer(context, other) == 1
    else { return nil }
    var shared = [UInt8](repeating: 0, count: KeyType.length)
    var count = shared.count
    return EVP_PKEY_derive(context, &shared, &count) == 1 && count == shared.count ? shared : nil
  }

  /// An Ed25519 signature.
  static func sign(_ bytes: [UInt8], secret: [UInt8]) -> [UInt8]? {
    let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, secret, secret.count)
    let context = EVP_MD_CTX_new()
    defer {
      EVP_PKEY_free(key)
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = signature.count
    guard key != nil, context != nil, EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
      EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1,
      count == signature.count
    else { return nil }
    return signature
  }

  static func isSigned(
    _ bytes: [UInt8], by signature: UnsafeRawBufferPointer, publicPart: [UInt8]
  ) -> Bool {
    let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicPart, publicPart.count)
    let context = EVP_MD_CTX_new()
    defer {
      EVP_PKEY_free(key)
      EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    guard key != nil, context != nil, EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else {
      return false
    }
    return EVP_DigestVerify(
      context, signature.baseAddress?.assumingMemoryBound(to: UInt8.self), signature.count, bytes,
      bytes.count) == 1
  }
}

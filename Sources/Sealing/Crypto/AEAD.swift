import COpenSSL

/// Encryption that notices every change.
enum Cipher: Hashable, Sendable {
  case aes256GCM, chacha20Poly1305

  static let tagLength = 16
  static let nonceLength = 12
}

/// One encryption or decryption in progress.  Pieces keep their length, and may be changed in place.
struct AEAD: ~Copyable {
  private let context: OpaquePointer

  enum Direction: CInt {
    case decrypt = 0
    case encrypt = 1
  }

  init(
    _ cipher: Cipher, _ direction: Direction, key: [UInt8], nonce: [UInt8], bound: [UInt8]
  ) throws(CryptoFailure) {
    guard key.count == KeyType.length, nonce.count == Cipher.nonceLength,
      let context = EVP_CIPHER_CTX_new()
    else { throw CryptoFailure("EVP_CIPHER_CTX_new") }
    let function = cipher == .aes256GCM ? EVP_aes_256_gcm() : EVP_chacha20_poly1305()
    var count: CInt = 0
    guard EVP_CipherInit_ex(context, function, nil, key, nonce, direction.rawValue) == 1,
      EVP_CipherUpdate(context, nil, &count, bound, CInt(bound.count)) == 1
    else {
      EVP_CIPHER_CTX_free(context)
      throw CryptoFailure("EVP_CipherInit_ex")
    }
    self.context = context
  }

  deinit { EVP_CIPHER_CTX_free(context) }

  /// - Precondition: `output` has as many bytes as `input`, and is the same place or another one.
  func update(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CryptoFailure) {
    // OpenSSL takes lengths of 31 bits; messages of MQTT have 28.
    guard input.count > 0 else { return }
    var count: CInt = 0
    guard let length = CInt(exactly: input.count), output.count >= input.count,
      EVP_CipherUpdate(
        context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &count,
        input.baseAddress?.assumingMemoryBound(to: UInt8.self), length) == 1
    else { throw CryptoFailure("EVP_CipherUpdate") }
  }

  func update(_ bytes: inout [UInt8]) throws(CryptoFailure) {
    var failure: CryptoFailure?
    bytes.withUnsafeMutableBytes { bytes in
      do throws(CryptoFailure) { try update(UnsafeRawBufferPointer(bytes), into: bytes) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Ends an encryption.
  consuming func tag() throws(CryptoFailure) -> [UInt8] {
    var tag = [UInt8](repeating: 0, count: Cipher.tagLength)
    var count: CInt = 0
    guard EVP_CipherFinal_ex(context, nil, &count) == 1,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(tag.count), &tag) == 1
    else { throw CryptoFailure("EVP_CipherFinal_ex") }
    return tag
  }

  /// Ends a decryption: only when this is true anything may be made of what came out.
  consuming func accepts(_ tag: some Collection<UInt8>) -> Bool {
    var tag = Array(tag)
    var count: CInt = 0
    guard tag.count == Cipher.tagLength,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(tag.count), &tag) == 1,
      EVP_CipherFinal_ex(context, nil, &count) == 1
    else {
      ERR_clear_error()
      return false
    }
    return true
  }
}

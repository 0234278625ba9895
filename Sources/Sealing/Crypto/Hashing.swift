// Hashes, MACs, key derivation and random bytes, all by OpenSSL.

import COpenSSL

/// What OpenSSL itself could not do: no memory, no random numbers.
package struct CryptoFailure: Error, Hashable, Sendable, CustomStringConvertible {
  let call: String

  init(_ call: String) {
    self.call = call
    ERR_clear_error()
  }

  package var description: String { "OpenSSL: \(call) failed" }
}

/// A SHA-256 computation in progress.
struct SHA256: ~Copyable {
  private let context: OpaquePointer

  init() throws(CryptoFailure) {
    guard let context = EVP_MD_CTX_new() else { throw CryptoFailure("EVP_MD_CTX_new") }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw CryptoFailure("EVP_DigestInit_ex")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoFailure) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      throw CryptoFailure("EVP_DigestUpdate")
    }
  }

  func update(_ bytes: [UInt8]) throws(CryptoFailure) {
    guard EVP_DigestUpdate(context, bytes, bytes.count) == 1 else {
      throw CryptoFailure("EVP_DigestUpdate")
    }
  }

  consuming func finish() throws(CryptoFailure) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
      throw CryptoFailure("EVP_DigestFinal_ex")
    }
    return digest
  }
}

func sha256(_ bytes: [UInt8]) -> [UInt8]? {
  guard let hash = try? SHA256(), (try? hash.update(bytes)) != nil else { return nil }
  return try? hash.finish()
}

/// HMAC-SHA-256.
func hmac(_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8]? {
  var mac = [UInt8](repeating: 0, count: 32)
  return apus_hmac(key, key.count, bytes, bytes.count, &mac) == 1 ? mac : nil
}

/// 32 bytes by HKDF-SHA-256 (RFC 5869).
func hkdf(
  _ secret: [UInt8], salt: [UInt8], info: [UInt8]
) throws(CryptoFailure) -> [UInt8] {
  var out = [UInt8](repeating: 0, count: 32)
  guard
    apus_hkdf(secret, secret.count, salt, salt.count, info, info.count, &out, out.count) == 1
  else { throw CryptoFailure("HKDF") }
  return out
}

/// - Returns: nil when the system has none.
package func randomBytes(_ count: Int) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: count)
  return RAND_bytes(&bytes, CInt(count)) == 1 ? bytes : nil
}

/// Compares without telling by its time how much is equal.
func areEqual(_ a: [UInt8], _ b: UnsafeRawBufferPointer) -> Bool {
  a.count == b.count && CRYPTO_memcmp(a, b.baseAddress, a.count) == 0
}

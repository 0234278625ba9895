// The arithmetic of SCRAM, done by OpenSSL.

import COpenSSL

package enum SCRAMHash: String, Hashable, Sendable, CaseIterable {
  case sha1 = "SHA-1"
  case sha256 = "SHA-256"
  case sha512 = "SHA-512"

  private var function: OpaquePointer? {
    switch self {
    case .sha1: EVP_sha1()
    case .sha256: EVP_sha256()
    case .sha512: EVP_sha512()
    }
  }

  private var size: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }

  func digest(_ bytes: [UInt8]) throws(SCRAMFault) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: size)
    guard EVP_Digest(bytes, bytes.count, &result, nil, function, nil) == 1 else {
      throw .cryptography("EVP_Digest")
    }
    return result
  }

  func hmac(_ key: [UInt8], _ bytes: [UInt8]) throws(SCRAMFault) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: size)
    var count: UInt32 = 0
    let done = HMAC(
      function, key, CInt(truncatingIfNeeded: key.count), bytes, bytes.count, &result, &count)
    guard done != nil, count == size else { throw .cryptography("HMAC") }
    return result
  }

  /// Hi of RFC 5802: PBKDF2 with one block.
  ///
  /// - Parameter password: at most 65,535 bytes.
  func salted(
    _ password: [UInt8], _ salt: [UInt8], _ iterations: Int
  ) throws(SCRAMFault) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: size)
    let done = password.withUnsafeBytes { password in
      PKCS5_PBKDF2_HMAC(
        password.baseAddress?.assumingMemoryBound(to: CChar.self),
        CInt(truncatingIfNeeded: password.count), salt, CInt(truncatingIfNeeded: salt.count),
        CInt(truncatingIfNeeded: iterations), function, CInt(size), &result)
    }
    guard done == 1 else { throw .cryptography("PKCS5_PBKDF2_HMAC") }
    return result
  }

  /// Takes as long for any two of the same length.
  func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }
}

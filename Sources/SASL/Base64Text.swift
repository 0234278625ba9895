import COpenSSL

/// RFC 4648 §4, with padding and nothing else.
enum Base64Text {
  static func text(_ bytes: [UInt8]) -> [UInt8] {
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    EVP_EncodeBlock(&text, bytes, CInt(truncatingIfNeeded: bytes.count))
    return text.dropLast()
  }

  /// - Returns: nil for anything that no encoder writes.
  static func bytes(_ text: [UInt8]) -> [UInt8]? {
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard text.count % 4 == 0, padding <= 2 else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
    let count = EVP_DecodeBlock(&bytes, text, CInt(truncatingIfNeeded: text.count))
    guard count == bytes.count else { return nil }
    bytes.removeLast(min(padding, bytes.count))
    // OpenSSL passes over blanks, and over bits that belong to nothing.
    return self.text(bytes) == text ? bytes : nil
  }
}

import COpenSSL

/// RFC 4648 §4 with padding, in the one form that stands for the bytes.
package enum Base64 {
  package static func text(_ bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&text, bytes, CInt(bytes.count))
    return String(decoding: text[..<Int(count)], as: UTF8.self)
  }

  /// - Returns: nil for anything that `text` does not make.
  static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
    let text = Array(text)
    if text.isEmpty { return [] }
    guard text.count % 4 == 0, text.count < 1 << 20 else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
    guard EVP_DecodeBlock(&bytes, text, CInt(text.count)) == CInt(bytes.count) else {
      ERR_clear_error()
      return nil
    }
    bytes.removeLast(text.suffix(2).count { $0 == UInt8(ascii: "=") })
    // The decoder overlooks blanks and spare bits.
    return Self.text(bytes).utf8.elementsEqual(text) ? bytes : nil
  }
}

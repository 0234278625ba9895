// `--binary`: bytes that no command line can hold.

import MQTTProtocol
import OptionTable
import Rendering
import Transport

extension Settings {
  /// Gives binary properties their values, once all options are known.
  mutating func decodeBinaryProperties() throws(OptionError) {
    for (target, words) in binaryWords {
      for (id, word) in words {
        do throws(OptionError) {
          let bytes = hasBinaryPrefixes ? try word.decodedBinary() : word.bytes
          let value = Property(id, try Argument(bytes: bytes).field())
          guard let place = properties[target]?.entries.firstIndex(where: { $0.id == id }),
            let value
          else { continue }
          properties[target]?.entries[place] = value
        } catch {
          throw OptionError("-D \(target.rawValue) \(id): \(error.text)")
        }
      }
    }
  }
}

extension Argument {
  /// `hex:…`, `base64:…` or `@FILE`; anything else stands for itself.  No value appears in a message:
  /// it may be a secret.
  fileprivate func decodedBinary() throws(OptionError) -> [UInt8] {
    if bytes.first == UInt8(ascii: "@") { return try Self.content(of: bytes.dropFirst()) }
    if let digits = rest(behind: "hex:") {
      guard let decoded = [UInt8](hexadecimal: digits) else {
        throw OptionError("'hex:' wants an even number of hexadecimal digits")
      }
      return decoded
    }
    if let digits = rest(behind: "base64:") {
      var decoded = ByteBuffer()
      guard digits.withUnsafeBytes({ decoded.append(decoding: $0) }) else {
        throw OptionError("what follows 'base64:' is not base64")
      }
      return decoded.array
    }
    return bytes
  }

  private func rest(behind prefix: String) -> [UInt8]? {
    bytes.starts(with: prefix.utf8) ? Array(bytes.dropFirst(prefix.utf8.count)) : nil
  }

  private static func content(of path: ArraySlice<UInt8>) throws(OptionError) -> [UInt8] {
    if path.isEmpty { throw OptionError("'@' wants the name of a file behind it") }
    let path = Argument(bytes: Array(path))
    do throws(TransportError) {
      let file = try InputFile(path: path.bytes, name: path.shown)
      return try file.readAll(limit: UTF8String.maximumLength, until: nil, stop: nil)
    } catch {
      throw OptionError("\(error)")
    }
  }
}

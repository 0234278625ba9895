// Secrets that stand elsewhere than on the command line, where other users of the machine see them.

import Glibc
import Transport

/// Where a secret is to be found.
package enum SecretSource: Hashable, Sendable {
  case file(String)
  case environment(String)

  /// More than any secret has.
  private static let limit = 64 << 10

  /// - Returns: of a file the first line, without its end.
  /// - Throws: `.secret`, `.file`, `.tooLarge`, `.interrupted`.
  func read(stop: StopSignals?) throws(TransportError) -> [UInt8] {
    switch self {
    case .environment(let name):
      guard let value = getenv(name) else {
        throw .secret(name: name, reason: "the environment has no such variable")
      }
      return [UInt8](UnsafeRawBufferPointer(start: value, count: strlen(value)))
    case .file(let path):
      let file = try InputFile(path: Array(path.utf8), name: path)
      if file.isReadableByOthers {
        throw .secret(name: path, reason: "other users can read this secret; chmod 600 prevents it")
      }
      let bytes = try file.readAll(limit: Self.limit, until: nil, stop: stop)
      return Array(bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
    }
  }
}

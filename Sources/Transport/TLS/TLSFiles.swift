// Files that OpenSSL opens by their names.

import Glibc

/// What is no regular file, such as the pipe of `--key <(pass show key)`, OpenSSL would wait for without end,
/// and after a loss it would be empty.  So it is read once, as long as there is time, into memory that has a
/// name like a file.
package final class TLSFiles {
  /// When what is read has to be at its end.
  package var deadline: Duration?
  private let stop: StopSignals?
  /// Descriptors of such memory, by the name of what was read.
  private var copies: [String: CInt] = [:]

  /// More than any bundle of certificates has.
  static let limit = 64 << 20

  package init(stop: StopSignals?) { self.stop = stop }

  deinit { for copy in copies.values { close(copy) } }

  /// - Parameter kind: what the file is for, for messages.
  /// - Returns: a name under which OpenSSL can read it, as often as it likes.
  /// - Throws: `.tls`, `.inputTimedOut`, `.interrupted`, `.system`.
  func name(of path: String, _ kind: String) throws(TransportError) -> String {
    if let copy = copies[path] { return Self.name(of: copy) }
    var status = stat()
    if stat(path, &status) != 0 || access(path, R_OK) != 0 {
      throw TLSContext.fault(kind, path, errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return path
    case S_IFDIR: throw TLSContext.fault(kind, path, EISDIR)
    default: break
    }
    let bytes = try InputFile(path: Array(path.utf8), name: path)
      .readAll(limit: Self.limit, until: deadline, stop: stop)
    let copy = try bytes.withUnsafeBufferPointer { (bytes) throws(TransportError) in
      try MemoryFile.make(holding: UnsafeRawBufferPointer(bytes))
    }
    copies[path] = copy
    return Self.name(of: copy)
  }

  /// What stands in PEM form.  RFC 7468.
  enum PEM: String {
    case certificate = "CERTIFICATE-----"
    case privateKey = "PRIVATE KEY-----"
    case revocationList = "X509 CRL-----"

    var name: String {
      switch self {
      case .certificate: "certificate"
      case .privateKey: "private key"
      case .revocationList: "revocation list"
      }
    }
  }

  /// - Parameter source: what `name` has returned for `path`.
  func holds(_ kind: PEM, in source: String, of path: String) throws(TransportError) -> Bool {
    let text =
      try InputFile(path: Array(source.utf8), name: path)
      .readAll(limit: Self.limit, until: deadline, stop: stop) + [0]
    return text.withUnsafeBytes { text in
      text.bindMemory(to: CChar.self).baseAddress.map { strstr($0, kind.rawValue) != nil } ?? false
    }
  }

  /// Why OpenSSL has not taken what it should find in a file.
  func fault(_ kind: PEM, in source: String, of path: String) throws(TransportError) -> String {
    try holds(kind, in: source, of: path)
      ? "its \(kind.name) is damaged" : "has no \(kind.name) in PEM form"
  }

  private static func name(of copy: CInt) -> String { "/proc/self/fd/\(copy)" }
}

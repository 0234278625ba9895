// Key files: reading them, and making them so that none is ever half there.

import Glibc
import Sealing
import Transport

enum KeyFile {
  /// More than any key has.
  private static let limit = 4096

  /// - Parameters:
  ///   - what: the option that names the file, for messages.
  ///   - deadline: a pipe may stay open.
  /// - Throws: when it cannot be read, holds no key, or a secret that others can read.
  static func read(
    _ path: String, for what: String? = nil, until deadline: Duration? = nil,
    stop: StopSignals? = nil
  ) throws(Failure) -> Key {
    let prefix = what.map { "\($0): " } ?? ""
    let bytes: [UInt8]
    let isPrivate: Bool
    do {
      let file = try InputFile(path: Array(path.utf8), name: path)
      isPrivate = Self.isPrivate(file)
      bytes = try file.readAll(limit: limit, until: deadline, stop: stop)
    } catch {
      var failure = Failure(input: error)
      if case .tooLarge = error { failure.status = .usage }
      if failure.signal == nil { failure.text = prefix + failure.text }
      throw failure
    }
    let key: Key
    do throws(KeyFault) { key = try Key(text: bytes) } catch {
      throw Failure(.usage, "\(prefix)\(path) \(error)")
    }
    if key.isSecret, !isPrivate {
      throw Failure(
        .usage, "\(prefix)\(path): other users can read this secret key; chmod 600 prevents it")
    }
    return key
  }

  /// - Throws: when the key is not fit for its use, too.
  static func read(
    _ path: String, for option: String, _ use: KeyUse, until deadline: Duration?,
    stop: StopSignals?
  ) throws(Failure) -> Key {
    let key = try read(path, for: option, until: deadline, stop: stop)
    do throws(KeyMisuse) { try use.check(key) } catch {
      throw Failure(.usage, "\(option): \(path) \(error)")
    }
    return key
  }

  private static func isPrivate(_ file: InputFile) -> Bool {
    var status = stat()
    if fstat(file.descriptor, &status) != 0 { return false }
    return status.st_mode & S_IFMT != S_IFREG || status.st_mode & 0o077 == 0
  }

  /// Makes a file that only its owner can read.
  ///
  /// - Throws: when there is one of that name already, too.
  static func create(_ path: String, _ key: Key) throws(Failure) {
    if !DurableFile.create(path, Array(key.text.utf8)) {
      throw Failure(.usage, "\(TransportError.file(name: path, errno: errno))")
    }
  }
}

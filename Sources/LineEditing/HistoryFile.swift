// The lines of earlier sessions, in a file.

import Glibc
import Transport

/// One line of UTF-8 an entry, the oldest first, none twice; a newline in an entry is `\n`, a backslash
/// `\\`, another control character `\x` and two digits.  Each entry is stored as it is made, and whoever
/// writes holds the folder's lock: of two shells at once neither loses anything.
package struct HistoryFile: Sendable {
  package let path: String
  private let most: Int

  /// - Parameter most: entries that are kept.
  package init(path: String, most: Int = usual) {
    self.path = path
    self.most = most
  }

  /// Entries that are kept.
  package static let usual = 1000

  /// Why the file is not used; it is left alone then.
  package struct Fault: Error, CustomStringConvertible {
    package let path: String
    package let reason: String
    package var description: String {
      "history \(path): \(reason); it is left alone, and lines of this session are not kept"
    }
  }

  /// - Returns: none where there is no file yet.
  package func entries() throws(Fault) -> [String] { try read().entries.suffix(most) }

  /// Stores an entry behind all others.
  package func add(_ entry: String) throws(Fault) {
    try makeFolder()
    let lock = try lockFolder()
    defer { close(lock) }
    var (entries, endsWell) = try read()
    if entries.last == entry { return }
    let line = Self.encode(entry)
    if endsWell, entries.count < most, !entries.contains(entry) { return try append(line) }
    entries.removeAll { $0 == entry }
    entries.append(entry)
    try replace(by: entries.suffix(most).map(Self.encode).joined())
  }

  // MARK: The form

  private static func encode(_ entry: String) -> String {
    var line = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case _ where scalar.value < 0x20 && scalar != "\t":
        line += scalar.value < 16 ? "\\x0" : "\\x"
        line += String(scalar.value, radix: 16)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line + "\n"
  }

  private static func decode(_ line: Substring.UnicodeScalarView) -> String {
    var entry = String.UnicodeScalarView()
    var rest = line
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let escaped = rest.popFirst() else {
        entry.append(scalar)
        continue
      }
      if escaped == "n" {
        entry.append("\n")
      } else if escaped == "x", let value = UInt8(String(rest.prefix(2)), radix: 16) {
        entry.append(Unicode.Scalar(value))
        rest = rest.dropFirst(2)
      } else {
        entry.append(escaped)
      }
    }
    return String(entry)
  }

  // MARK: The file

  private func fault(_ reason: String) -> Fault { Fault(path: path, reason: reason) }
  private func systemFault(_ call: String) -> Fault {
    fault("\(TransportError.system(call: call, errno: errno))")
  }

  /// - Returns: the entries, and whether the last line has an end.
  private func read() throws(Fault) -> (entries: [String], endsWell: Bool) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    if file < 0, errno == ENOENT { return ([], true) }
    if file < 0 { throw systemFault("open") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw fault("is no file")
    }
    guard status.st_size <= Self.mostBytes else { throw fault("is larger than 16 MiB") }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(file, &block, block.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw systemFault("read") }
      if count == 0 { break }
      bytes += block[..<count]
    }
    guard let text = String(validating: bytes, as: UTF8.self),
      !bytes.contains(where: { $0 < 0x20 && ![0x0a, 0x09, 0x0d].contains($0) })
    else { throw fault("is no history: it holds what is no text") }
    // Some editors end lines with a carriage return too.
    let lines = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }
    return (lines.map(Self.decode), bytes.isEmpty || bytes.last == 0x0a)
  }

  private static let mostBytes = 16 << 20

  private func append(_ line: String) throws(Fault) {
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    if file < 0 { throw systemFault("open") }
    defer { close(file) }
    try write(line, to: file)
  }

  private func replace(by text: String) throws(Fault) {
    // Where the path is a link, the file it leads to is replaced.
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    let target = resolved.map { String(cString: $0) } ?? path
    let new = "\(target).\(getpid()).new"
    let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if file < 0 { throw systemFault("open") }
    defer { close(file) }
    do throws(Fault) {
      try write(text, to: file)
      if rename(new, target) != 0 { throw systemFault("rename") }
    } catch {
      unlink(new)
      throw error
    }
  }

  /// Nobody else may read it, whoever made the file.
  private func write(_ text: String, to file: CInt) throws(Fault) {
    if fchmod(file, 0o600) != 0 { throw systemFault("fchmod") }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw systemFault("write") }
      rest = rest.dropFirst(count)
    }
  }

  // MARK: The folder

  private var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func makeFolder() throws(Fault) {
    var at = folder.startIndex
    while at < folder.endIndex {
      at = folder[folder.index(after: at)...].firstIndex(of: "/") ?? folder.endIndex
      if mkdir(String(folder[..<at]), 0o700) != 0, errno != EEXIST { throw systemFault("mkdir") }
    }
  }

  /// How long others may hold the lock, who write no more than a file.
  private static let patience = Duration.seconds(2)

  /// - Returns: the descriptor that holds the lock until it is closed.
  private func lockFolder() throws(Fault) -> CInt {
    let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock < 0 { throw systemFault("open") }
    let limit = MonotonicClock.now() + Self.patience
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, MonotonicClock.now() < limit else {
        let isHeld = errno == EWOULDBLOCK
        defer { close(lock) }
        throw isHeld ? fault("another program holds the lock of its folder") : systemFault("flock")
      }
      _ = poll(nil, 0, 2)
    }
    return lock
  }
}

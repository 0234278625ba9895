import Glibc

/// What it takes for a file to survive a power failure.
enum DurableFile {
  /// Makes a file that only its owner can read, with all of its content or not at all.
  ///
  /// - Returns: false with `errno` set when that cannot be, or there is one of that name (EEXIST).
  static func create(_ path: String, _ bytes: [UInt8]) -> Bool {
    let draft = "\(path).\(getpid()).new"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0 { return false }
    // A link is made only where there is no file yet, and stands for all that was written.
    let isMade = write(bytes, to: descriptor) && link(draft, path) == 0
    let reason = errno
    close(descriptor)
    unlink(draft)
    if isMade { syncFolder(of: path) }
    errno = reason
    return isMade
  }

  /// - Returns: false with `errno` set when not all of it is on the disk.
  static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return false }
      rest = rest.dropFirst(max(count, 0))
    }
    return fsync(descriptor) == 0
  }

  /// A name is an entry of its folder.
  static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }
}

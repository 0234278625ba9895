import Glibc

/// A file or standard input to read from.
package final class InputFile {
  package let descriptor: CInt
  /// For messages.
  package let name: String
  private let isOwned: Bool
  /// Where a regular file stood when it was handed to us.
  private let start: Int

  package static var standardInput: InputFile {
    InputFile(descriptor: 0, name: "standard input", isOwned: false)
  }

  package init(descriptor: CInt, name: String, isOwned: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.isOwned = isOwned
    start = max(0, lseek(descriptor, 0, SEEK_CUR))
  }

  /// - Parameters:
  ///   - path: any bytes but NUL.
  ///   - name: the path as messages show it.
  package convenience init(path: [UInt8], name: String) throws(TransportError) {
    let terminated = path.map { CChar(bitPattern: $0) } + [0]
    // A named pipe would keep us until somebody opens its other end, whatever the deadline.
    let descriptor = open(terminated, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    if descriptor < 0 { throw .file(name: name, errno: errno) }
    self.init(descriptor: descriptor, name: name, isOwned: true)
    if let status = status, status.st_mode & S_IFMT == S_IFDIR {
      throw .file(name: name, errno: EISDIR)
    }
  }

  deinit { if isOwned { close(descriptor) } }

  /// Reading never waits.
  package var isRegularFile: Bool { regularSize != nil }

  /// Bytes from the current position to the end of a regular file; nil for anything else.
  package var regularSize: Int? {
    guard let status, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return max(0, Int(status.st_size) - start)
  }

  package var isReadableByOthers: Bool {
    status.map { $0.st_mode & S_IFMT == S_IFREG && $0.st_mode & S_IROTH != 0 } ?? false
  }

  private var status: stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }

  /// - Throws: when it cannot be read from at all: a directory, a closed descriptor.
  package func checkReadable() throws(TransportError) {
    var byte: UInt8 = 0
    while Glibc.read(descriptor, &byte, 0) < 0 {
      if errno != EINTR { throw .file(name: name, errno: errno) }
    }
  }

  /// Reads once.
  ///
  /// - Returns: bytes read, 0 at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno == EAGAIN {
        // Somebody made our standard input non-blocking.
        var slot = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&slot, 1, -1)
      } else if errno != EINTR {
        throw .file(name: name, errno: errno)
      }
    }
  }

  /// Reads once from a place of a regular file, counted from where it stood at first.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(TransportError) -> Int {
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, start + offset)
      if count >= 0 { return count }
      if errno != EINTR { throw .file(name: name, errno: errno) }
    }
  }

  /// Everything up to the end.
  ///
  /// - Throws: `.tooLarge` above `limit` bytes, `.inputTimedOut` when the end has not come by the
  ///   deadline, `.interrupted`.
  package func readAll(
    limit: Int, until deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> [UInt8] {
    var bytes: [UInt8] = []
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { block.deallocate() }
    let watches = Watches(other: Watch(descriptor, .readable))
    while true {
      if !isRegularFile {
        let ready = try watches.wait(until: deadline, stop: stop)
        if let signal = ready.signal { throw .interrupted(signal: signal) }
        if !ready.other { throw .inputTimedOut(name: name) }
      }
      let count = try read(into: block)
      if count == 0 { return bytes }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: block[..<count]))
      if bytes.count > limit { throw .tooLarge(name: name, limit: limit) }
    }
  }
}

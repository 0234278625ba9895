// `> FILE` and `| COMMAND`: where messages go in place of the shell's output.

import Glibc
import MQTTProtocol
import Transport

/// Takes what is written to it, and writes it when it can.
protocol MessageSink: AnyObject {
  /// Adds to what is to be written.
  func append(_ bytes: UnsafeRawBufferPointer)
  /// Writes what can be written without waiting.
  ///
  /// - Throws: when nobody takes it any more.
  func flush() throws(Failure)
  /// Nothing more will be added.
  func close()
  /// What to wait for to go on.
  var watches: [Watch] { get }
  /// So much waits that no more should come.
  var isFull: Bool { get }
  /// Everything was written, and whoever reads it has ended.
  var isDone: Bool { get }
  /// As messages name it.
  var name: String { get }
}

/// A file of the user's.
final class FileSink: MessageSink {
  let name: String
  private let descriptor: CInt
  private var buffer = ByteBuffer()

  init(_ path: [UInt8], name: String, appends: Bool) throws(Failure) {
    self.name = name
    if path.isEmpty || path.contains(0) { throw Failure(.usage, "'\(name)' is no file's name") }
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (appends ? O_APPEND : O_TRUNC)
    descriptor = Glibc.open(path.map { CChar(bitPattern: $0) } + [0], flags, 0o666)
    if descriptor < 0 {
      throw Failure(.usage, "\(TransportError.file(name: name, errno: errno))")
    }
  }

  deinit { Glibc.close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(bytes) }

  func flush() throws(Failure) {
    while !buffer.isEmpty {
      let bytes = buffer.bytes
      let count = write(descriptor, bytes.baseAddress, bytes.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        buffer.removeAll()
        throw Failure(.outputFailed, "\(TransportError.file(name: name, errno: errno))")
      }
      buffer.removeFirst(count)
    }
  }

  func close() {}

  var watches: [Watch] { [] }
  var isFull: Bool { false }
  var isDone: Bool { buffer.isEmpty }
}

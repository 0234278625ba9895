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

/// So many bytes of messages wait for a slow reader before the broker has to wait too.
let mostForSink = 256 << 10

/// A file of the user's, or a FIFO that somebody reads.
final class FileSink: MessageSink {
  let name: String
  private let descriptor: CInt
  private var buffer = ByteBuffer()
  private var isBlocked = false

  init(_ path: [UInt8], name: String, appends: Bool) throws(Failure) {
    self.name = name
    if path.isEmpty || path.contains(0) { throw Failure(.usage, "'\(name)' is no file's name") }
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
    descriptor = Glibc.open(path.cString, flags | (appends ? O_APPEND : O_TRUNC), 0o666)
    if descriptor < 0 {
      if errno == ENXIO {
        throw Failure(.usage, "\(name): nobody reads it: begin with the program that does")
      }
      throw Failure(.usage, "\(TransportError.file(name: name, errno: errno))")
    }
  }

  deinit { Glibc.close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(bytes) }

  func flush() throws(Failure) {
    isBlocked = false
    while !buffer.isEmpty {
      let bytes = buffer.bytes
      let count = write(descriptor, bytes.baseAddress, bytes.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        isBlocked = true
        return
      }
      if count <= 0 {
        buffer.removeAll()
        throw Failure(.outputFailed, "\(TransportError.file(name: name, errno: errno))")
      }
      buffer.removeFirst(count)
    }
  }

  func close() {}

  var watches: [Watch] { isBlocked ? [Watch(descriptor, .writable)] : [] }
  var isFull: Bool { buffer.count > mostForSink }
  var isDone: Bool { buffer.isEmpty }
}

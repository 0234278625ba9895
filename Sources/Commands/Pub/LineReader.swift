// Splits standard input into messages.

import Glibc
import MQTTProtocol
import Transport

/// Lines of a file or pipe, read in large blocks; any bytes, any length.
struct LineReader: ~Copyable {
  private let input: InputFile
  private let separator: UInt8
  /// Longer lines are refused.
  private let limit: Int
  private var base: UnsafeMutableRawPointer
  private var capacity = 256 << 10
  private var head = 0
  private var tail = 0
  /// Bytes of the first line that were searched for its end already.
  private var searched = 0
  private(set) var isAtEnd = false

  init(_ input: InputFile, separator: UInt8, limit: Int) {
    self.input = input
    self.separator = separator
    self.limit = limit
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  var descriptor: CInt { input.descriptor }
  /// Reading never waits.
  var isRegularFile: Bool { input.isRegularFile }

  /// Returns the next line without its separator, or nil when `read` has to bring more.  The last line
  /// may lack the separator.  It stays the next one until `removeFirst`.
  mutating func first() -> UnsafeRawBufferPointer? {
    let start = base + head
    let unsearched = tail - head - searched
    if unsearched > 0, let end = memchr(start + searched, CInt(separator), unsearched) {
      return UnsafeRawBufferPointer(start: start, count: start.distance(to: end))
    }
    searched = tail - head
    if isAtEnd, tail > head {
      return UnsafeRawBufferPointer(start: start, count: tail - head)
    }
    return nil
  }

  /// Takes away the line that `first` returned.
  ///
  /// - Parameter length: its length.
  mutating func removeFirst(_ length: Int) {
    head = min(head + length + 1, tail)
    searched = 0
  }

  /// All lines were taken and no more will come.
  var isFinished: Bool { isAtEnd && head == tail }

  /// Reads once; waits when nothing is there yet.
  ///
  /// - Throws: `.tooLarge` when a line is longer than the limit.
  mutating func read() throws(TransportError) {
    if head == tail {
      head = 0
      tail = 0
    }
    if capacity - tail < 64 << 10 { makeRoom() }
    let count = try input.read(
      into: UnsafeMutableRawBufferPointer(start: base + tail, count: capacity - tail))
    if count == 0 { isAtEnd = true }
    tail += count
    if searched + count > limit, first() == nil {
      throw .tooLarge(name: input.name, limit: limit)
    }
  }

  private mutating func makeRoom() {
    let used = tail - head
    if used <= capacity / 2 {
      memmove(base, base + head, used)
    } else {
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
      larger.copyMemory(from: base + head, byteCount: used)
      base.deallocate()
      base = larger
      capacity *= 2
    }
    head = 0
    tail = used
  }
}

extension LineReader {
  /// Reads once.
  ///
  /// - Parameter place: how a message names the next line, if that is too long.
  mutating func read(naming place: @autoclosure () -> String) throws(Failure) {
    do { try read() } catch {
      var failure = Failure(input: error)
      if case .tooLarge = error { failure.text = "\(place()): \(error)" }
      throw failure
    }
  }
}

// A queue of bytes in one block of memory: packets are appended at its end and leave at its front.

/// Bytes waiting to leave, oldest first.  Appending is a bounds check and a copy; the block grows by
/// doubling and is reused once it has run empty, so a steady stream allocates nothing.
///
/// What is called once a byte is inlined into the modules that write, since a call would cost more than it
/// does; Swift does that only with what is `public`.
public struct ByteBuffer: ~Copyable, @unchecked Sendable {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  @usableFromInline var head = 0
  @usableFromInline var tail = 0

  /// - Parameter capacity: bytes to have ready, at least 16.
  package init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  @inlinable public var count: Int { tail - head }
  @inlinable public var isEmpty: Bool { tail == head }

  /// The waiting bytes; valid until the next change.
  @inlinable public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + head, count: tail - head)
  }

  /// A copy of the waiting bytes, for callers off the hot path.
  package var array: [UInt8] { [UInt8](bytes) }

  /// Lets the first `count` bytes go; more than there are empties the buffer.
  package mutating func removeFirst(_ count: Int) {
    head = min(head + max(count, 0), tail)
    if head == tail { removeAll() }
  }

  /// Takes back everything appended after the first `count` bytes.
  @inlinable public mutating func truncate(to count: Int) {
    tail = min(tail, head + max(count, 0))
  }

  package mutating func removeAll() {
    head = 0
    tail = 0
  }

  @inlinable public mutating func append(_ byte: UInt8) {
    reserve(1)
    base.storeBytes(of: byte, toByteOffset: tail, as: UInt8.self)
    tail += 1
  }

  /// Appends two bytes, the higher one first (MQTT 5 §1.5.2).
  @inlinable public mutating func append(_ number: UInt16) {
    reserve(2)
    base.storeBytes(of: number.bigEndian, toByteOffset: tail, as: UInt16.self)
    tail += 2
  }

  /// Appends four bytes, the highest one first (MQTT 5 §1.5.3).
  @inlinable public mutating func append(_ number: UInt32) {
    reserve(4)
    base.storeBytes(of: number.bigEndian, toByteOffset: tail, as: UInt32.self)
    tail += 4
  }

  @inlinable public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    (base + tail).copyMemory(from: source, byteCount: bytes.count)
    tail += bytes.count
  }

  package mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Appends 1 to 4 bytes, seven bits each, lowest first (MQTT 5 §1.5.5).
  ///
  /// - Precondition: at most `VariableByteInteger.maximum`; callers check sizes before they encode.
  package mutating func appendVariable(_ number: Int) {
    var rest = number
    repeat {
      let low = UInt8(truncatingIfNeeded: rest & 0x7f)
      rest >>= 7
      append(rest > 0 ? low | 0x80 : low)
    } while rest > 0
  }

  /// Appends what `body` writes, preceded by its length as a variable byte integer.
  ///
  /// One byte is left for the length; the few bodies of over 127 bytes move up to make room.
  package mutating func appendWithLength(_ body: (inout ByteBuffer) -> Void) {
    let mark = count
    append(0 as UInt8)
    body(&self)
    let length = count - mark - 1
    let width = VariableByteInteger.width(length)
    if width > 1 {
      reserve(width - 1)
      let start = base + head + mark
      (start + width).copyMemory(from: start + 1, byteCount: length)
      tail += width - 1
    }
    var rest = length
    for place in 0..<width {
      let low = UInt8(truncatingIfNeeded: rest & 0x7f)
      rest >>= 7
      (base + head + mark + place).storeBytes(of: rest > 0 ? low | 0x80 : low, as: UInt8.self)
    }
  }

  /// Changes one byte that is already waiting; an offset outside is ignored.
  @inlinable public mutating func set(_ byte: UInt8, at offset: Int) {
    guard offset >= 0, offset < count else { return }
    base.storeBytes(of: byte, toByteOffset: head + offset, as: UInt8.self)
  }

  /// Makes room for `extra` more bytes, moving the waiting ones to the front when that is enough.
  @inlinable public mutating func reserve(_ extra: Int) {
    if extra <= capacity - tail { return }
    makeRoom(extra)
  }

  @usableFromInline mutating func makeRoom(_ extra: Int) {
    let used = tail - head
    if used + extra <= capacity / 2 {
      base.copyMemory(from: base + head, byteCount: used)
    } else {
      var larger = capacity * 2
      while larger < used + extra { larger *= 2 }
      let block = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
      block.copyMemory(from: base + head, byteCount: used)
      base.deallocate()
      base = block
      capacity = larger
    }
    head = 0
    tail = used
  }
}

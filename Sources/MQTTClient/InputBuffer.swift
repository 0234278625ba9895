// What arrived from the server and was not used yet.

import Glibc

/// One block that the socket reads into and packets are decoded from in place.
///
/// It grows to hold a packet that is larger than itself, but only as that packet's bytes arrive:
/// never because a length was claimed.  `realloc` moves pages, not bytes, so the largest packet is
/// held once.
struct InputBuffer: ~Copyable {
  /// Nil until there is something to read into it.
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0

  static let usual = 256 << 10

  deinit { free(base) }

  var count: Int { tail - head }

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base.map { $0 + head }, count: tail - head)
  }

  mutating func removeFirst(_ count: Int) {
    head = min(head + count, tail)
    if head == tail {
      head = 0
      tail = 0
    }
  }

  mutating func removeAll() { removeFirst(count) }

  /// Room for the next read, at least 64 KiB.
  ///
  /// - Parameter wanted: bytes of the packet at the front, as far as known.
  /// - Returns: nil when there is no memory for it.
  mutating func room(wanted: Int) -> UnsafeMutableRawBufferPointer? {
    if count == 0, capacity > 16 * Self.usual { _ = resize(to: Self.usual) }
    if capacity - tail < 64 << 10 || head > 0 && head + max(wanted, 0) > capacity {
      if head > 0, let base {
        memmove(base, base + head, count)
        tail -= head
        head = 0
      }
      // Twice what has arrived; pages that nothing was written to take no memory.
      if capacity - tail < 64 << 10, !resize(to: max(Self.usual, 2 * capacity)) { return nil }
    }
    return UnsafeMutableRawBufferPointer(start: base.map { $0 + tail }, count: capacity - tail)
  }

  mutating func filled(_ count: Int) { tail += count }

  /// - Returns: false when nothing has changed, for want of memory.
  private mutating func resize(to size: Int) -> Bool {
    guard let block = realloc(base, size) else { return false }
    base = block
    capacity = size
    return true
  }
}

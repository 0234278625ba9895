// What arrived from the server and was not used yet.

import Glibc

/// One block that the socket reads into and packets are decoded from in place.
///
/// It grows to hold a packet that is larger than itself, but only as that packet's bytes arrive:
/// never because a length was claimed.  `realloc` moves pages, not bytes, so the largest packet is
/// held once.
struct InputBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var head = 0
  private var tail = 0

  static let usual = 256 << 10

  init() {
    base = Self.resized(nil, to: Self.usual)
    capacity = Self.usual
  }

  deinit { free(base) }

  var count: Int { tail - head }

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + head, count: tail - head)
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
  mutating func room(wanted: Int) -> UnsafeMutableRawBufferPointer {
    if count == 0, capacity > 16 * Self.usual {
      base = Self.resized(base, to: Self.usual)
      capacity = Self.usual
    }
    if capacity - tail < 64 << 10 || head > 0 && head + max(wanted, 0) > capacity {
      if head > 0 {
        memmove(base, base + head, count)
        tail -= head
        head = 0
      }
      if capacity - tail < 64 << 10 {
        // Twice what has arrived; pages that nothing was written to take no memory.
        capacity *= 2
        base = Self.resized(base, to: capacity)
      }
    }
    return UnsafeMutableRawBufferPointer(start: base + tail, count: capacity - tail)
  }

  mutating func filled(_ count: Int) { tail += count }

  private static func resized(
    _ block: UnsafeMutableRawPointer?, to size: Int
  ) -> UnsafeMutableRawPointer {
    guard let larger = realloc(block, size) else {
      // Nothing sensible is left to do, as in Swift's own allocations.
      fatalError("out of memory for a packet of over \(size / 2) bytes")
    }
    return larger
  }
}

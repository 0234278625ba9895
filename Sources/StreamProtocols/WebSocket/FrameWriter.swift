// What goes to a WebSocket server: payload in masked frames.  RFC 6455 §5.3.

/// One frame on its way out, in a block of its own: the payload is somebody else's and stays unmasked.
package struct FrameWriter: ~Copyable, @unchecked Sendable {
  private let base: UnsafeMutableRawPointer
  private var head = 0
  private var tail = 0
  /// Where the payload in the block lies that counts for `sent`.
  private var payloadStart = 0
  private var payloadEnd = 0

  /// Payload of one frame, at most: 64 KiB with its header.  Servers that limit a frame (Netty's default
  /// is 65536) take it, and a longer one would save nothing.
  package static let most = 65_528
  /// In front of the payload, which is masked eight bytes at a time.
  private static let headerRoom = 16
  /// A masked Close with its code, behind a frame of payload.
  private static let closeSize = 8

  package init() {
    base = .allocate(byteCount: Self.headerRoom + Self.most + Self.closeSize, alignment: 16)
  }

  deinit { base.deallocate() }

  package enum Control: UInt8, Sendable {
    case close = 8
    case ping, pong
  }

  package var isEmpty: Bool { head == tail }
  /// What is to be sent has no payload that `sent` counts.
  package var isControl: Bool { payloadStart == payloadEnd }

  /// What is still to be sent; valid until the next change.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + head, count: tail - head)
  }

  /// Puts as much as fits into a frame.
  ///
  /// - Precondition: the writer is empty.
  /// - Parameter mask: random, and another one for each frame.
  package mutating func frame(_ payload: UnsafeRawBufferPointer, mask: UInt32) {
    put(0x82, UnsafeRawBufferPointer(rebasing: payload.prefix(Self.most)), mask)
    payloadStart = Self.headerRoom
    payloadEnd = tail
  }

  /// - Parameter payload: at most 125 bytes.
  /// - Precondition: the writer is empty.
  package mutating func control(_ kind: Control, _ payload: [UInt8], mask: UInt32) {
    payload.prefix(125).withUnsafeBytes { put(0x80 | kind.rawValue, $0, mask) }
    payloadStart = tail
    payloadEnd = tail
  }

  /// Close with its code.
  package mutating func close(_ code: UInt16, mask: UInt32) {
    control(.close, [UInt8(code >> 8), UInt8(code & 0xff)], mask: mask)
  }

  /// Puts Close behind the frame that is about to be sent.
  ///
  /// - Precondition: that is a frame of payload.
  package mutating func closeBehind(_ code: UInt16, mask: UInt32) {
    base.storeBytes(of: 0x88, toByteOffset: tail, as: UInt8.self)
    base.storeBytes(of: 0x82, toByteOffset: tail + 1, as: UInt8.self)
    base.storeBytes(of: mask, toByteOffset: tail + 2, as: UInt32.self)
    let masked = code.bigEndian ^ UInt16(truncatingIfNeeded: mask)
    base.storeBytes(of: masked, toByteOffset: tail + 6, as: UInt16.self)
    tail += Self.closeSize
  }

  /// The first `count` bytes have been sent.
  ///
  /// - Returns: how much payload was among them, other than a control frame's.
  package mutating func sent(_ count: Int) -> Int {
    let before = min(max(head, payloadStart), payloadEnd)
    head = min(head + count, tail)
    return min(max(head, payloadStart), payloadEnd) - before
  }

  private mutating func put(_ start: UInt8, _ payload: UnsafeRawBufferPointer, _ mask: UInt32) {
    let isShort = payload.count < 126
    head = Self.headerRoom - (isShort ? 6 : 8)
    tail = Self.headerRoom + payload.count
    base.storeBytes(of: start, toByteOffset: head, as: UInt8.self)
    let length = isShort ? UInt8(payload.count) : 126
    base.storeBytes(of: 0x80 | length, toByteOffset: head + 1, as: UInt8.self)
    if !isShort {
      base.storeBytes(
        of: UInt16(payload.count).bigEndian, toByteOffset: head + 2, as: UInt16.self)
    }
    base.storeBytes(of: mask, toByteOffset: Self.headerRoom - 4, as: UInt32.self)
    Self.mask(payload, with: mask, into: base + Self.headerRoom)
  }

  private static func mask(
    _ source: UnsafeRawBufferPointer, with key: UInt32, into target: UnsafeMutableRawPointer
  ) {
    guard let start = source.baseAddress else { return }
    let wide = UInt64(key) << 32 | UInt64(key)
    var place = 0
    while place + 8 <= source.count {
      let word = start.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      target.storeBytes(of: word ^ wide, toByteOffset: place, as: UInt64.self)
      place += 8
    }
    withUnsafeBytes(of: wide) { key in
      while place < source.count {
        target.storeBytes(of: source[place] ^ key[place & 7], toByteOffset: place, as: UInt8.self)
        place += 1
      }
    }
  }
}

/// What stands in front of a payload, so that its receiver knows when it was due, which one of its
/// publisher's it is, and that all of it arrived.
///
/// 24 bytes, numbers with the highest byte first:
///
///      0  8  when the message was due, in nanoseconds since 1970
///      8  4  bit 31: it belongs to the warm-up; the others: by how many microseconds it was sent late
///     12  4  who published it: 12 bits for the run, 20 for the client's number
///     16  4  its number, from 0, modulo 2^32; those of the warm-up have numbers of their own
///     20  4  CRC-32C of the bytes from 24 on and then of bytes 0 to 19
package struct MessageHeader: Hashable, Sendable {
  package static let size = 24
  /// Clients have numbers below this one.
  package static let mostClients = 1 << 20

  package var due: Int64
  /// Microseconds, at most 2^31 - 1.
  package var delay: UInt32
  package var isWarmUp: Bool
  package var run: UInt16
  package var publisher: UInt32
  package var number: UInt32

  package init(
    due: Int64, delay: UInt32, isWarmUp: Bool, run: UInt16, publisher: UInt32, number: UInt32
  ) {
    self.due = due
    self.delay = min(delay, UInt32(Int32.max))
    self.isWarmUp = isWarmUp
    self.run = run & 0xfff
    self.publisher = publisher & 0xfffff
    self.number = number
  }

  func isSameMessage(as other: Self) -> Bool {
    run == other.run && publisher == other.publisher && number == other.number
  }

  /// Writes it to the first 24 bytes of `place`, which has room for them.
  ///
  /// - Parameter body: the sum over the bytes behind the header.
  @inline(__always)
  func write(to place: UnsafeMutableRawPointer, behind body: Checksum) {
    let late = delay | (isWarmUp ? 1 << 31 : 0)
    let who = UInt32(run) << 20 | publisher
    place.storeBytes(of: due.bigEndian, as: Int64.self)
    place.storeBytes(of: late.bigEndian, toByteOffset: 8, as: UInt32.self)
    place.storeBytes(of: who.bigEndian, toByteOffset: 12, as: UInt32.self)
    place.storeBytes(of: number.bigEndian, toByteOffset: 16, as: UInt32.self)
    var sum = body
    sum.add(UnsafeRawBufferPointer(start: place, count: 20))
    place.storeBytes(of: sum.value.bigEndian, toByteOffset: 20, as: UInt32.self)
  }

  /// Reads the header of a payload.
  ///
  /// - Returns: nil when the payload is too short for one.  `isWhole` tells whether the checksum is
  ///   right; what the header says is worth little where it is not.
  @inline(__always)
  static func read(_ payload: UnsafeRawBufferPointer) -> (header: MessageHeader, isWhole: Bool)? {
    guard payload.count >= size else { return nil }
    let due = Int64(bigEndian: payload.loadUnaligned(as: Int64.self))
    let late = number(payload, 8)
    let who = number(payload, 12)
    let header = MessageHeader(
      due: due, delay: late & ~(1 << 31), isWarmUp: late >> 31 == 1, run: UInt16(who >> 20),
      publisher: who,
      number: number(payload, 16))
    var sum = Checksum()
    sum.add(UnsafeRawBufferPointer(rebasing: payload[size...]))
    sum.add(UnsafeRawBufferPointer(rebasing: payload[..<20]))
    // Nobody who means well was due before 1970.
    return (header, sum.value == number(payload, 20) && due >= 0)
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}

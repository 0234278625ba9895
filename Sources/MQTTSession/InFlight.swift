// What was sent and is not finished: packet identifiers, states, and the bytes to send again.

import MQTTProtocol

/// Unfinished PUBLISH, SUBSCRIBE and UNSUBSCRIBE packets in the order of their first sending.
///
/// Identifiers come from a running number (`serial`), so an answer is found by arithmetic, and by a
/// search only where identifiers were left out.  Entries that finish out of order stay as gaps until
/// they reach the front or outnumber the rest.
struct InFlight: ~Copyable {
  enum State: UInt8 {
    case done, awaitingPubAck, awaitingPubRec, awaitingPubComp, awaitingSubAck, awaitingUnsubAck
  }

  struct Entry {
    let serial: Int
    var state: State
    /// Where the stored packet begins, counted from the first one ever stored.
    var start: Int
    /// Bytes of the stored packet, 0 where nothing is stored.
    var stored: Int
    /// Filters of a SUBSCRIBE or UNSUBSCRIBE.
    var filters = 0

    var id: PacketID { InFlight.id(serial) }
  }

  private var entries: [Entry] = []
  private var front = 0
  private var lastSerial = -1
  private var live = 0
  /// The stored packets of all entries, one behind the other.
  private var packets = ByteBuffer(capacity: 16)
  /// Bytes that were stored before the first of `packets`.
  private var dropped = 0

  /// Entries from the oldest on; those that are `done` are gaps.
  var count: Int { entries.count - front }
  var isEmpty: Bool { live == 0 }
  /// Bytes of the packets that are kept.
  var storedBytes: Int { packets.count }
  /// Above the number of every entry so far.
  var endSerial: Int { lastSerial + 1 }

  subscript(index: Int) -> Entry { entries[front + index] }

  /// The identifier that the next entry will have, or nil when all are in use.
  func nextID() -> PacketID? { nextSerial().map(Self.id) }

  /// Gives the next entry that number, if it is above those so far.
  mutating func advance(to serial: Int) { lastSerial = max(lastSerial, serial - 1) }

  /// - Parameter packet: the bytes to send again after a lost connection; may be empty.
  mutating func append(
    _ state: State, filters: Int = 0,
    storing packet: UnsafeRawBufferPointer = .init(start: nil, count: 0)
  ) {
    guard let serial = nextSerial() else { return }
    entries.append(
      Entry(
        serial: serial, state: state, start: dropped + packets.count, stored: packet.count,
        filters: filters))
    packets.append(packet)
    lastSerial = serial
    live += 1
  }

  /// Where the unfinished entry with that identifier is.
  func index(of id: PacketID) -> Int? {
    guard count > 0 else { return nil }
    let oldest = entries[front].serial
    var serial = lastSerial - (lastSerial % 65_535 - (Int(id.rawValue) - 1) + 65_535) % 65_535
    while serial >= oldest {
      if let index = index(ofSerial: serial), self[index].state != .done { return index }
      serial -= 65_535
    }
    return nil
  }

  /// Where the first entry with that number or a later one is; `count` when there is none.
  func firstIndex(from serial: Int) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].serial < serial { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func setState(_ state: State, at index: Int) {
    entries[front + index].state = state
  }

  mutating func finish(at index: Int) {
    entries[front + index].state = .done
    live -= 1
    if live == 0 {
      entries.removeAll(keepingCapacity: entries.capacity <= 4096)
      front = 0
      drop(packets.count)
      return
    }
    while entries[front].state == .done {
      drop(entries[front].stored)
      front += 1
    }
    if front > 1024, front > entries.count / 2 {
      entries.removeFirst(front)
      front = 0
    } else if count > 64, count > 4 * live {
      closeGaps()
    }
  }

  /// Appends the stored packet of an entry to `output`.
  func resend(at index: Int, duplicate: Bool, into output: inout ByteBuffer) {
    let packet = packet(at: index)
    guard let first = packet.first else { return }
    let mark = output.count
    output.append(packet)
    output.set(duplicate ? first | 8 : first & ~8, at: mark)
  }

  /// The stored packet of an entry; empty where none is.
  func packet(at index: Int) -> UnsafeRawBufferPointer { bytes(of: self[index]) }

  private mutating func closeGaps() {
    var kept: [Entry] = []
    kept.reserveCapacity(live)
    var keptPackets = ByteBuffer(capacity: 16)
    for var entry in entries[front...] where entry.state != .done {
      let packet = bytes(of: entry)
      entry.start = keptPackets.count
      kept.append(entry)
      keptPackets.append(packet)
    }
    entries = kept
    front = 0
    packets = keptPackets
    dropped = 0
  }

  private mutating func drop(_ count: Int) {
    packets.removeFirst(count)
    dropped += count
  }

  private func bytes(of entry: Entry) -> UnsafeRawBufferPointer {
    let start = entry.start - dropped
    return UnsafeRawBufferPointer(rebasing: packets.bytes[start..<(start + entry.stored)])
  }

  private func index(ofSerial serial: Int) -> Int? {
    let guess = serial - entries[front].serial
    if guess < count, self[guess].serial == serial { return guess }
    let index = firstIndex(from: serial)
    return index < count && self[index].serial == serial ? index : nil
  }

  /// Numbers whose identifier an old entry still has are left out.
  private func nextSerial() -> Int? {
    var serial = lastSerial + 1
    guard count > 0, serial - entries[front].serial >= 65_535 else { return serial }
    for _ in 0..<65_535 {
      if index(of: Self.id(serial)) == nil { return serial }
      serial += 1
    }
    return nil
  }

  private static func id(_ serial: Int) -> PacketID {
    PacketID(rawValue: UInt16(truncatingIfNeeded: serial % 65_535 + 1)) ?? .first
  }
}

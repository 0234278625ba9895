// The messages that the shell can look back to.

import Glibc
import MQTTProtocol
import MQTTSession
import Rendering

/// The last messages, in one block of memory: the oldest make room for new ones.
final class MessageLog {
  /// A message in the log.
  struct Entry {
    /// Counted from 1; a message keeps its number.
    let number: Int
    /// Whose it is.
    let connection: Int
    /// Seconds since 1970.
    let time: Double
    fileprivate let start: Int
    fileprivate let topicSize: Int
    fileprivate let propertiesSize: Int
    fileprivate let payloadSize: Int
    /// Bytes of the whole payload; of a very long one the log has only the beginning.
    let length: Int
    let qos: QoS
    let retain: Bool
    let packetID: UInt16
    /// A `wait` has had it.
    fileprivate(set) var wasAwaited = false

    var isCut: Bool { length > payloadSize }
  }

  private let block: UnsafeMutableRawBufferPointer
  /// A ring, `first` at `front`.
  private var entries: [Entry] = []
  private var front = 0
  private(set) var count = 0
  private let mostEntries: Int
  private let mostOfPayload: Int
  /// Where the next message goes.
  private var head = 0
  /// The number of the next message.
  private(set) var next = 1

  /// - Parameters:
  ///   - size: bytes for topics, properties and payloads, at least 1 MiB.
  ///   - mostEntries: messages that are kept.
  init(size: Int = 16 << 20, mostEntries: Int = 100_000) {
    // Memory that was never written to takes none.
    block = .allocate(byteCount: max(size, 1 << 20), alignment: 16)
    self.mostEntries = mostEntries
    mostOfPayload = block.count / 4
  }

  deinit { block.deallocate() }

  /// The number of the oldest message.
  var first: Int { next - count }

  /// Adds a message; it takes the place of old ones where there is no more room.
  ///
  /// - Returns: its number.
  @discardableResult
  func append(_ message: ReceivedMessage, of connection: Int) -> Int {
    let payload = UnsafeRawBufferPointer(rebasing: message.payload.prefix(mostOfPayload))
    // Topic and properties of one message have less than half of what the block has.
    let properties =
      message.properties.count > mostOfPayload
      ? UnsafeRawBufferPointer(start: nil, count: 0) : message.properties
    let parts = [message.topic, properties, payload]
    let start = makeRoom(parts.reduce(0) { $0 + $1.count })
    let entry = Entry(
      number: next, connection: connection, time: Self.now(), start: start,
      topicSize: message.topic.count, propertiesSize: properties.count,
      payloadSize: payload.count, length: message.payload.count, qos: message.qos,
      retain: message.retain, packetID: message.packetID?.rawValue ?? 0)
    for part in parts {
      UnsafeMutableRawBufferPointer(rebasing: block[head..<(head + part.count)])
        .copyMemory(from: part)
      head += part.count
    }
    if entries.count < mostEntries {
      entries.append(entry)
    } else {
      entries[(front + count) % mostEntries] = entry
    }
    count += 1
    next += 1
    return entry.number
  }

  /// Lets the oldest go until there is room.
  ///
  /// - Returns: where the room begins, which is `head`.
  private func makeRoom(_ size: Int) -> Int {
    if count == mostEntries { removeFirst() }
    if head + size > block.count {
      // What lies between here and the block's end is the oldest.
      while let oldest, oldest.start >= head { removeFirst() }
      head = 0
    }
    while let oldest, (head..<(head + size)).contains(oldest.start) { removeFirst() }
    return head
  }

  private var oldest: Entry? { count > 0 ? entries[front] : nil }

  private func removeFirst() {
    count -= 1
    front = (front + 1) % mostEntries
    if count > 0 || entries.count == mostEntries { return }
    entries.removeAll(keepingCapacity: true)
    front = 0
  }

  // MARK: Looking back

  /// The message with a number; nil where it is gone or has not come.
  subscript(number: Int) -> Entry? {
    guard number >= first, number < next else { return nil }
    return entries[place(of: number)]
  }

  private func place(of number: Int) -> Int {
    (front + number - first) % mostEntries
  }

  func topic(of entry: Entry) -> UnsafeRawBufferPointer {
    bytes(entry.start, entry.topicSize)
  }

  func payload(of entry: Entry) -> UnsafeRawBufferPointer {
    bytes(entry.start + entry.topicSize + entry.propertiesSize, entry.payloadSize)
  }

  /// As the formats see it; valid until the next message comes.
  func parts(of entry: Entry) -> MessageParts {
    MessageParts(
      topic: topic(of: entry), payload: payload(of: entry),
      properties: bytes(entry.start + entry.topicSize, entry.propertiesSize), qos: entry.qos,
      retain: entry.retain, packetID: entry.packetID)
  }

  private func bytes(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: block[start..<(start + count)])
  }

  /// A `wait` has had the message.
  func setAwaited(_ number: Int) {
    guard self[number] != nil else { return }
    entries[place(of: number)].wasAwaited = true
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

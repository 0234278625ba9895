import MQTTProtocol

/// Makes payloads in one buffer, each with its header in front.
struct PayloadMaker: ~Copyable {
  private let source: PayloadSource
  private let hasHeader: Bool
  /// The body is the same in each payload, and lies ready.
  private var isFixed = false
  private var room: UnsafeMutableRawBufferPointer
  /// Random bytes, as many as any payload so far needed.
  private var random: SplitMix64
  private var text: [UInt8] = []
  private var nextSample = 0
  /// What lies in the buffer behind the header.
  private var bodyCount = -1
  private var bodySum = Checksum()

  init(_ source: PayloadSource, hasHeader: Bool, seed: UInt64) {
    self.source = source
    self.hasHeader = hasHeader
    random = SplitMix64(seed: seed)
    room = .allocate(byteCount: 4096, alignment: 16)
    fill(from: 0)
  }

  deinit { room.deallocate() }

  /// The next payload; valid until the one after.
  @inline(__always)
  mutating func next(
    client: Int, message: Int64, header: @autoclosure () -> MessageHeader
  ) -> UnsafeRawBufferPointer {
    if !isFixed { prepareBody(client: client, message: message) }
    let start = hasHeader ? 0 : MessageHeader.size
    if hasHeader, let base = room.baseAddress { header().write(to: base, behind: bodySum) }
    return UnsafeRawBufferPointer(rebasing: room[start..<(MessageHeader.size + bodyCount)])
  }

  private mutating func prepareBody(client: Int, message: Int64) {
    switch source {
    case .filler(let sizes):
      let size = max(0, sizes.next(&random) - (hasHeader ? MessageHeader.size : 0))
      if size == bodyCount { return }
      reserve(size)
      bodyCount = size
      if case .fixed = sizes { isFixed = true }
    case .template(let template):
      text.removeAll(keepingCapacity: true)
      template.append(to: &text, client: client, message: message, &random)
      take(text)
    case .samples(let samples):
      take(samples[nextSample])
      nextSample = (nextSample + 1) % samples.count
    }
    if hasHeader {
      bodySum = Checksum()
      bodySum.add(
        UnsafeRawBufferPointer(
          rebasing: room[MessageHeader.size..<(MessageHeader.size + bodyCount)]))
    }
  }

  private mutating func take(_ bytes: [UInt8]) {
    reserve(bytes.count)
    UnsafeMutableRawBufferPointer(rebasing: room[MessageHeader.size...]).copyBytes(from: bytes)
    bodyCount = bytes.count
  }

  private mutating func reserve(_ body: Int) {
    let wanted = MessageHeader.size + body
    if wanted <= room.count { return }
    let old = room
    room = .allocate(byteCount: max(wanted, 2 * old.count), alignment: 16)
    room.copyMemory(from: UnsafeRawBufferPointer(old))
    old.deallocate()
    fill(from: old.count)
  }

  private mutating func fill(from start: Int) {
    for place in start..<room.count { room[place] = UInt8(truncatingIfNeeded: random.next() >> 32) }
  }
}

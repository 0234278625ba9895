// What was received before.

/// Remembers the sequence numbers of each sender's run: the highest one, and which of those below it came,
/// since messages of different quality of service overtake one another (RFC 6479 has the idea).
///
/// Senders beyond a limit are forgotten, the one that was silent longest first; of senders that are not
/// known, what is not newer than all that was forgotten is refused.
package struct ReplayGuard: Hashable, Sendable {
  struct Source: Hashable, Sendable {
    /// The key that vouches for the sender.
    var key: KeyID
    var sender: SenderID
  }

  struct Memory: Hashable, Sendable {
    var highest: UInt64
    /// Bit n of all: `highest - n` came.
    var window: [UInt64]
    /// The latest time of its messages.
    var time: UInt64
  }

  var sources: [Source: Memory] = [:]
  /// The latest time of a sender that was forgotten.
  var floor: UInt64 = 0
  /// It is not what was read or written last.
  package var isChanged = false

  static let words = 16
  /// Sequence numbers that may overtake one another.
  package static let window: UInt64 = 64 * UInt64(words)
  package static let mostSources = 1024

  package init() {}

  enum Verdict { case new, seen, tooOld }

  /// Takes note of a message that is authentic.
  mutating func admit(_ source: Source, sequence: UInt64, time: UInt64) -> Verdict {
    guard var memory = sources[source] else {
      if floor > 0, time <= floor { return .tooOld }
      sources[source] = Memory(
        highest: sequence, window: [1] + [UInt64](repeating: 0, count: Self.words - 1), time: time)
      isChanged = true
      forgetOldest()
      return .new
    }
    if sequence > memory.highest {
      memory.shift(by: sequence - memory.highest)
      memory.highest = sequence
    }
    let age = memory.highest - sequence
    if age >= Self.window { return .tooOld }
    let bit = UInt64(1) << (age % 64)
    if memory.window[Int(age / 64)] & bit != 0 { return .seen }
    memory.window[Int(age / 64)] |= bit
    memory.time = max(memory.time, time)
    sources[source] = memory
    isChanged = true
    return .new
  }

  private mutating func forgetOldest() {
    while sources.count > Self.mostSources,
      let oldest = sources.min(by: { $0.value.time < $1.value.time })
    {
      floor = max(floor, oldest.value.time)
      sources[oldest.key] = nil
    }
  }
}

extension ReplayGuard.Memory {
  fileprivate mutating func shift(by distance: UInt64) {
    guard distance < ReplayGuard.window else {
      window = [UInt64](repeating: 0, count: ReplayGuard.words)
      return
    }
    let (words, bits) = (Int(distance / 64), distance % 64)
    window = (0..<ReplayGuard.words).map { place in
      let from = place - words
      let own = from >= 0 ? window[from] << bits : 0
      // What leaves the word below at its top.
      return bits > 0 && from >= 1 ? own | window[from - 1] >> (64 - bits) : own
    }
  }
}

// MARK: In a file

extension ReplayGuard {
  private static let magic = Array("apus-replay-1\n".utf8)
  private static let entryLength = KeyID.length + SenderID.length + 16 + 8 * words

  /// The form of `--state FILE`: magic, floor, count, entries, and a SHA-256 of it all.
  package var encoded: [UInt8] {
    var bytes = Self.magic + bigEndian(floor) + bigEndian(UInt64(sources.count))
    for (source, memory) in sources {
      bytes += source.key.bytes + source.sender.bytes
      bytes += bigEndian(memory.highest) + bigEndian(memory.time)
      for word in memory.window { bytes += bigEndian(word) }
    }
    return bytes + (sha256(bytes) ?? [])
  }

  /// The most that `encoded` can have.
  package static var mostBytes: Int { magic.count + 16 + mostSources * entryLength + 32 }

  /// - Parameter bytes: what was written; none for a first time.
  /// - Returns: nil when they are something else.
  package init?(_ bytes: [UInt8]) {
    if bytes.isEmpty { return }
    guard bytes.count >= Self.magic.count + 48, bytes.starts(with: Self.magic),
      let digest = sha256(Array(bytes.dropLast(32))), digest.elementsEqual(bytes.suffix(32))
    else { return nil }
    let isRead = bytes.withUnsafeBytes { bytes in
      (try? read(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Self.magic.count)))) ?? false
    }
    if !isRead { return nil }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(SealingFault) -> Bool {
    var reader = FieldReader(bytes)
    floor = try reader.u64()
    let count = try reader.u64()
    guard count <= UInt64(Self.mostSources),
      reader.remaining == Int(count) * Self.entryLength + 32
    else { return false }
    for _ in 0..<count {
      let key = try reader.keyID()
      guard let sender = SenderID(try reader.take(SenderID.length)) else { return false }
      let highest = try reader.u64()
      let time = try reader.u64()
      var window: [UInt64] = []
      for _ in 0..<Self.words { window.append(try reader.u64()) }
      sources[Source(key: key, sender: sender)] = Memory(
        highest: highest, window: window, time: time)
    }
    return true
  }
}

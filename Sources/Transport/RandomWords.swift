import Glibc

/// Random numbers from the system, many at each call.
struct RandomWords {
  private var words = [UInt32](repeating: 0, count: 64)
  private var next = 64

  mutating func word() -> UInt32 {
    if next == words.count {
      words.withUnsafeMutableBytes { Self.fill($0) }
      next = 0
    }
    defer { next += 1 }
    return words[next]
  }

  /// - Parameter count: at most 256.
  static func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    bytes.withUnsafeMutableBytes { fill($0) }
    return bytes
  }

  private static func fill(_ room: UnsafeMutableRawBufferPointer) {
    // It fails on systems that have no random numbers at all.
    if let base = room.baseAddress, getentropy(base, room.count) == 0 { return }
    var other = SystemRandomNumberGenerator()
    for place in room.indices { room[place] = UInt8.random(in: 0...255, using: &other) }
  }
}

// When a message was shown.

import Glibc
import MQTTProtocol

/// A moment of the calendar (CLOCK_REALTIME).
struct WallTime {
  /// Since 1970.
  var seconds: Int
  var nanoseconds: Int

  static func now() -> WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }
}

/// A strftime pattern in local time, worked out anew only when the second has changed.
struct TimeText: Hashable, Sendable {
  private let pattern: [CChar]
  private var second = Int.min
  private(set) var text: [UInt8] = []

  init(_ pattern: String) { self.init(pattern: Array(pattern.utf8)) }

  init(pattern: [UInt8]) { self.pattern = pattern.map { CChar(bitPattern: $0) } + [0] }

  mutating func append(_ now: WallTime, _ shape: Shape, to output: inout ByteBuffer) {
    update(now)
    text.withUnsafeBytes { shape.append(text: $0, to: &output) }
  }

  mutating func update(_ now: WallTime) {
    if now.seconds == second { return }
    second = now.seconds
    var seconds = now.seconds
    var parts = tm()
    localtime_r(&seconds, &parts)
    text = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) {
        strftime($0.baseAddress, $0.count, pattern, &parts)
      }
    }
  }
}

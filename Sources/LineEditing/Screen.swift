// What is on its way to the terminal.

import Glibc
import Transport

/// The screen of a terminal that may take nothing for a while, as behind a network that hangs: nobody waits
/// for it, and connections live on meanwhile.
struct Screen {
  private let file = OutputFile.standardOutput
  private var waiting: [UInt8] = []

  /// It has not taken all of what it was given.
  var isBehind: Bool { !waiting.isEmpty }

  /// When it takes more; nil where it has everything.
  var watch: Watch? { isBehind ? Watch(file.descriptor, .writable) : nil }

  mutating func write(_ bytes: [UInt8]) {
    waiting += bytes
    drain()
  }

  /// Gives it what it takes.
  mutating func drain() {
    var taken = 0
    while taken < waiting.count {
      do throws(TransportError) {
        let transfer = try waiting.withUnsafeBufferPointer { (bytes) throws(TransportError) in
          try file.write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[taken...])))
        }
        guard case .bytes(let count) = transfer else { break }
        taken += count
      } catch {
        // The terminal is gone, which the keyboard tells.
        taken = waiting.count
      }
    }
    waiting.removeFirst(taken)
  }

  /// Waits until it has everything; for a moment only where a signal asks for the end.
  mutating func finish(stop: StopSignals) {
    var limit: Duration?
    while let watch {
      if stop.requested != nil, limit == nil { limit = MonotonicClock.now() + .seconds(1) }
      if let limit, MonotonicClock.now() >= limit { return }
      // After the first word of the signal its descriptor stays readable.
      _ = try? Watches.wait(for: [watch], until: limit, stop: limit == nil ? stop : nil)
      drain()
    }
  }
}

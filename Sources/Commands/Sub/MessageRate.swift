// `--message-rate`: how many messages came in each second.

import MQTTProtocol
import MQTTSession

/// Counts messages, and has a line for each second, silent ones too.
struct MessageRate {
  private var count = 0
  /// When the second that is counted is over.
  private(set) var due: Instant

  init(from now: Instant) { due = now + .seconds(1) }

  mutating func add() { count += 1 }

  /// Appends `N msgs/s` when the second is over.
  mutating func report(at now: Instant, to output: inout ByteBuffer) {
    if now < due { return }
    // Over more than a second, when the reader or the machine was held up, it is the mean.
    let seconds = 1 + Int((now - due).components.seconds)
    output.append(Array("\(count / seconds) msgs/s\n".utf8))
    count = 0
    due += .seconds(seconds)
  }
}

// Output that follows the time and the screen rather than the messages: `--watch`, `--message-rate`.

import Glibc
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// What is shown instead of a line for each message.
struct LiveView {
  private var screen: WatchScreen?
  private var rate: MessageRate?
  private let isTerminal: Bool
  /// The screen was measured since it was drawn last.
  private var isMeasured = false

  /// - Returns: nil where messages are printed one behind the other.
  init?(_ settings: Settings, isTerminal: Bool) {
    self.isTerminal = isTerminal
    if settings.subscribing.showsRate {
      rate = MessageRate(from: MonotonicClock.now())
    } else if settings.subscribing.isWatching {
      screen = WatchScreen(broker: settings.connection.unixPath ?? settings.connection.host)
    } else {
      return nil
    }
  }

  /// When there is something to say without a message.
  var due: Instant? { rate?.due }

  /// Takes in a message.
  ///
  /// - Parameter text: appends what is to be shown of it.
  mutating func add(
    _ topic: UnsafeRawBufferPointer, to output: inout ByteBuffer,
    _ text: (inout ByteBuffer) -> Void
  ) {
    rate?.add()
    guard screen != nil else { return }
    var line = ByteBuffer()
    text(&line)
    measure()
    screen?.set(topic: topic, to: line.bytes, on: &output)
  }

  /// Appends what the time and the messages since the last call give rise to.
  mutating func update(_ output: inout ByteBuffer) {
    rate?.report(at: MonotonicClock.now(), to: &output)
    guard screen != nil else { return }
    measure()
    screen?.draw(on: &output)
    isMeasured = false
  }

  /// Leaves the cursor below everything.
  mutating func finish(_ output: inout ByteBuffer) { screen?.finish(on: &output) }

  private mutating func measure() {
    guard isTerminal, !isMeasured else { return }
    screen?.resize(to: .ofStandardOutput())
    isMeasured = true
  }
}

extension ScreenSize {
  /// The size of the terminal on standard output; 80 by 24 where the terminal does not know.
  fileprivate static func ofStandardOutput() -> ScreenSize {
    var size = winsize()
    let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0
    return ScreenSize(
      columns: isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80,
      rows: isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24)
  }
}

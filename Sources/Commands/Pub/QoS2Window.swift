// How many QoS 2 messages may be under way to a broker that does not say so itself.

import MQTTProtocol
import MQTTSession

/// Finds out whether a broker below MQTT 5 is a mosquitto.
///
/// Mosquitto 2.0 takes 20 QoS 2 messages at once (`max_inflight_messages`).  It drops those beyond and
/// acknowledges them all the same, and before MQTT 5's Receive Maximum it had no way to say how many it
/// takes.  So a publisher begins with 20, and when that is not enough it asks for `$SYS/broker/version`:
/// a broker that lets us look and is no mosquitto gets the whole window.
struct QoS2Window {
  private var state: State
  private let whole: Int

  private enum State: Hashable {
    /// The window is as it should be, whatever the broker is.
    case settled
    case narrow
    case asked(granted: Bool)
  }

  /// What mosquitto takes unless its configuration says otherwise.
  private static let narrow = 20
  private static let topic: UTF8String = "$SYS/broker/version"

  init(_ settings: Settings, _ session: inout Session) {
    whole = session.window
    let isUnknown =
      settings.qos == .exactlyOnce && settings.connection.version < .v5
      && settings.connection.window == nil
    state = isUnknown ? .narrow : .settled
    guard isUnknown else { return }
    session.setWindow(Self.narrow)
    // A session that is kept would keep the subscription if we died in between.
    if !settings.connection.cleanStart { state = .settled }
  }

  /// The window is full: asks, once.  UNSUBACK comes behind everything that SUBSCRIBE brings.
  mutating func isFull(_ session: inout Session) {
    guard state == .narrow, session.phase == .connected,
      let filter = try? TopicFilter(Self.topic)
    else { return }
    let asked =
      (try? session.subscribe([Subscription(filter)])) != nil
      && (try? session.unsubscribe([filter])) != nil
    state = asked ? .asked(granted: false) : .settled
  }

  mutating func take(_ event: Event, _ session: inout Session) {
    guard case .asked(let granted) = state else { return }
    switch event {
    case .subscribed(let answer): state = .asked(granted: answer.codes == [.grantedQoS0])
    case .message: state = .settled
    case .unsubscribed:
      state = .settled
      if granted { session.setWindow(whole) }
    default: break
    }
  }
}

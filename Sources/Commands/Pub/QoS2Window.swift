// How many QoS 2 messages may be under way to a broker that does not say so itself.

import MQTTProtocol
import MQTTSession

/// Finds out how many QoS 2 messages a broker below MQTT 5 takes.
///
/// Mosquitto takes 20 at once (`max_inflight_messages`), drops those beyond and acknowledges them all
/// the same; before MQTT 5's Receive Maximum it had no way to say so.  So a publisher begins with 20,
/// and when that is not enough it asks for `$SYS/broker/version`: a broker that lets us look and is no
/// mosquitto gets the whole window.  A mosquitto is asked once more, on a short connection with MQTT 5,
/// whose CONNACK names the number; not where we log in, since the broker may make client identifiers
/// of user names, and then the second connection would end the first.
struct QoS2Window {
  private var state: State
  private let whole: Int
  private let mayAsk: Bool

  private enum State: Hashable {
    /// The window is as it should be, whatever the broker is.
    case settled
    case narrow
    case asked(granted: Bool)
    case mosquitto
  }

  /// The broker is a mosquitto, and a connection with MQTT 5 may tell more.
  var wantsReceiveMaximum: Bool { state == .mosquitto }

  /// What mosquitto takes unless its configuration says otherwise.
  private static let narrow = 20
  private static let topic: UTF8String = "$SYS/broker/version"

  init(_ settings: Settings, _ session: inout Session) {
    whole = session.window
    mayAsk = settings.connection.userName == nil
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
    case .message: state = mayAsk ? .mosquitto : .settled
    case .unsubscribed:
      state = .settled
      if granted { session.setWindow(whole) }
    default: break
    }
  }

  /// - Parameter receiveMaximum: what the broker said; nil when it did not answer.
  mutating func set(_ receiveMaximum: Int?, _ session: inout Session) {
    state = .settled
    if let receiveMaximum { session.setWindow(min(receiveMaximum, whole)) }
  }
}

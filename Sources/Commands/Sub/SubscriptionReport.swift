import MQTTProtocol
import Rendering

/// What the server said to subscriptions, told to the user.
struct SubscriptionReport {
  private(set) var refusals = 0
  /// The status for the first that was refused.
  private(set) var refused: ExitStatus?

  init(_ subscriptions: [Subscription], _ answer: SubscriptionAck, say: (String) -> Void) {
    for (subscription, code) in zip(subscriptions, answer.codes) {
      let filter = SafeText.escaped(subscription.filter.bytes)
      if code.isFailure {
        refusals += 1
        refused = refused ?? .refused(code.rawValue)
        say(
          "subscription to '\(filter)' refused by the server: \(code)"
            + Failure.explanation(answer.properties))
      } else if code.rawValue < subscription.qos.rawValue {
        say(
          "subscription to '\(filter)': the server granted QoS \(code.rawValue) "
            + "instead of \(subscription.qos.rawValue)")
      }
    }
  }
}

// What was said about an outbox, and whether it fits together with the rest.

import OptionTable

extension Settings {
  struct Outboxing: Sendable {
    /// The folder of messages that are not yet delivered (`--outbox`).
    var path: String?
    /// Another process that sends is waited for.
    var waits = true
    var requiresDelivery = false
    /// Bytes that the outbox may hold.
    var mostBytes: Int?
    /// Seconds after which a message is not worth sending.
    var mostSeconds: Double?
    /// Of `outbox drop`.
    var dropsAll = false
    /// Of `outbox ls`.
    var showsJSON = false
  }

  /// - Throws: what does not go with an outbox, or needs one.
  func checkForStoring() throws(OptionError) {
    guard outboxing.path != nil else {
      let only =
        !outboxing.waits
        ? "--no-wait"
        : outboxing.requiresDelivery
          ? "--require-delivery"
          : outboxing.mostBytes != nil
            ? "--max-size" : outboxing.mostSeconds != nil ? "--max-age" : nil
      if let only { throw OptionError("\(only) needs --outbox") }
      return
    }
    if connection.isEager { throw OptionError("--eager does not go with --outbox") }
    if publishing.repeatDelay > 0 {
      throw OptionError("--repeat-delay does not go with --outbox")
    }
    if connection.clientIDPrefix != nil {
      throw OptionError(
        "-I does not go with --outbox, which has one client identifier for all runs")
    }
    if connection.sessionExpiry == 0 {
      throw OptionError("-x 0 does not go with --outbox, which needs its session kept")
    }
  }
}

// What a person asked for, whichever command it is for; the option table fills it in.

import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering

/// The settings of one run.  `SettingsCheck` says whether they fit together.
package struct Settings: Sendable {
  package var personality = Personality.apus
  package var connection = Connection()
  package var publishing = Publishing()
  package var subscribing = Subscribing()
  package var requesting = Requesting()
  package var executing = Executing()
  /// Properties by the packet they are for (`-D`).
  package var properties: [PropertyTarget: Properties] = [:]

  package var qos: QoS = .atMostOnce
  /// Seconds after which the whole run is over (`-W`).
  package var timeout: Int?
  package var isQuiet = false
  package var showsDebug = false

  package init() {}

  /// A packet that `-D` can give properties to.
  package enum PropertyTarget: String, Hashable, Sendable, CaseIterable {
    case connect, publish, subscribe, unsubscribe, disconnect, will
  }

  /// Where the broker is and how the session with it is.
  package struct Connection: Sendable {
    package var host = "localhost"
    package var port: UInt16?
    package var unixPath: String?
    package var bindAddress: String?
    /// Seconds until the network connection and CONNACK must be there.
    package var connectTimeout = 30
    package var version: ProtocolVersion = .v311
    package var clientID: UTF8String?
    package var clientIDPrefix: UTF8String?
    package var cleanStart = true
    package var sessionExpiry: UInt32?
    package var keepAlive: UInt16 = 60
    package var userName: UTF8String?
    package var password: [UInt8]?
    /// In topics and topic filters.
    package var allowsControlCharacters = false
    package var willTopic: TopicName?
    package var willPayload: [UInt8]?
    package var willQoS: QoS = .atMostOnce
    package var willRetain = false
    /// Most unacknowledged messages on the wire (`-M`).
    package var window: Int?
    package var isEager = false
  }

  package struct Publishing: Sendable {
    /// A URL's topic may be one for subscribers only.
    package var topic: Result<TopicName, OptionError>?
    package var source: PayloadSource?
    /// `-m`, `-f`, `-n`, `-s`, `-l` and `-0` exclude one another.
    package var sourceCount = 0
    package var retain = false
    package var repeatCount = 1
    /// Seconds between repetitions.
    package var repeatDelay = 0.0
  }

  /// Where payloads come from.
  package enum PayloadSource: Hashable, Sendable {
    case message([UInt8])
    case file(Argument)
    case empty
    case standardInput
    /// One message for each piece of standard input that the byte ends.
    case lines(separator: UInt8)
  }

  package struct Subscribing: Sendable {
    package var filters: [TopicFilter] = []
    /// What is wrong with a URL's topic, as a filter.
    package var urlFault: OptionError?
    package var unsubscribe: [TopicFilter] = []
    package var filterOut: [TopicFilter] = []
    /// Messages after which it is over (`-C`).
    package var count: Int?
    /// Over as soon as the subscription is acknowledged (`-E`).
    package var exitsAfterSubscribing = false
    package var ignoresRetained = false
    package var retainedOnly = false
    package var removesRetained = false
    package var retainAsPublished = false
    package var noLocal = false
    package var retainHandling: Subscription.RetainHandling = .always
    /// Percent of the messages that are shown.
    package var randomFilter = 100.0
    package var isVerbose = false
    package var endsWithNewline = true
    package var format: MessageFormat?
    /// JSON on several lines.
    package var isPretty = false
  }
}

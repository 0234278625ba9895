// What a person asked for, whichever command it is for; the option table fills it in.

import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Sealing

/// The settings of one run.  `SettingsCheck` says whether they fit together.
package struct Settings: Sendable {
  package var personality = Personality.apus
  package var connection = Connection()
  package var publishing = Publishing()
  package var subscribing = Subscribing()
  package var requesting = Requesting()
  package var executing = Executing()
  package var sealing = Sealing()
  /// What `apus key new` makes.
  package var keyType: KeyType?
  package var outboxing = Outboxing()
  package var benching = Benching()
  package var shell = Shell()
  /// Properties by the packet they are for (`-D`).
  package var properties: [PropertyTarget: Properties] = [:]
  /// Values of binary properties as they were typed; `--binary` says what they stand for.
  package var binaryWords: [PropertyTarget: [PropertyID: Argument]] = [:]
  package var hasBinaryPrefixes = false

  package var qos: QoS = .atMostOnce
  /// Seconds after which the whole run is over (`-W`).
  package var timeout: Double?
  package var isQuiet = false
  package var showsDebug = false
  /// The connection is all there is to do (`--explain`).
  package var explains = false
  package var explainsAsJSON = false

  package init() {}

  /// A packet that `-D` can give properties to.
  package enum PropertyTarget: String, Hashable, Sendable, CaseIterable {
    case connect, publish, subscribe, unsubscribe, disconnect, will
  }

  /// Where the broker is and how the session with it is.
  package struct Connection: Sendable {
    /// To be tried one after the other; never empty.
    var servers = [Server("localhost")]
    /// Of those without a port of their own.
    package var port: UInt16?
    /// What the servers come from, if from `-L`.
    var urls: [BrokerURL] = []
    var hasRandomOrder = false
    /// Brokers may refer to others (`--follow-redirect`).
    var followsRedirects = false
    package var unixPath: String?
    /// The broker is where the host's SRV records say (`-S`).
    package var usesServiceRecords = false
    package var bindAddress: String?
    package var tls = TLS()
    package var webSocket = WebSocket()
    package var proxy = ProxyChoice.byEnvironment
    /// PEM: what to trust when a proxy is talked to over TLS; nil for the system's.
    package var proxyAuthorityFile: String?
    /// Seconds until the network connection and CONNACK must be there.
    package var connectTimeout = 30.0
    package var version: ProtocolVersion = .v311
    package var clientID: UTF8String?
    package var clientIDPrefix: UTF8String?
    package var cleanStart = true
    package var sessionExpiry: UInt32?
    package var keepAlive: UInt16 = 60
    package var userName: UTF8String?
    package var password: [UInt8]?
    /// Where it is instead.
    package var passwordSource: SecretSource?
    package var proxyPasswordSource: SecretSource?
    package var authentication = Authentication()
    /// In topics and topic filters.
    package var allowsControlCharacters = false
    package var willTopic: TopicName?
    package var willPayload: [UInt8]?
    package var willQoS: QoS = .atMostOnce
    package var willRetain = false
    /// Most unacknowledged messages on the wire (`-M`).
    package var window: Int?
    package var onLoss = OnLoss.wait
    /// Attempts in a row to connect again; nil for any number.
    package var retries: Int?
    /// Seconds: the longest wait before the first attempt to connect again, and before any.
    package var reconnectDelay = 1.0
    package var reconnectMax = 60.0
    /// What MQTT 5's CONNECT announces as Receive Maximum, nil for what the command finds best.
    package var receiveMaximum: Int?
    package var isEager = false

    var readsSecretFromStandardInput: Bool {
      [passwordSource, proxyPasswordSource, tls.keyPassphrase, tls.preSharedKeySource].contains {
        $0?.isStandardInput == true
      }
    }

    package var hasPassword: Bool { password != nil || passwordSource != nil }

    /// What was said last counts.
    package mutating func setPassword(_ password: [UInt8]?) {
      self.password = password
      passwordSource = nil
    }
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
    /// Ends the topic that stands in front of each line's payload.
    package var topicSeparator: UInt8?
    /// What fills the payload's gaps at each repetition (`--template`).
    var filling: TemplateFilling?
  }

  /// Where payloads come from.
  package enum PayloadSource: Hashable, Sendable {
    case message([UInt8])
    case file(Argument)
    case empty
    case standardInput
    /// One message for each piece of standard input that the byte ends.
    case lines(separator: UInt8)
    /// One message for each line, an object of JSON.
    case jsonLines

    var isStandardInput: Bool {
      switch self {
      case .lines, .jsonLines, .standardInput: true
      case .message, .file, .empty: false
      }
    }

    var isLines: Bool {
      switch self {
      case .lines, .jsonLines: true
      case .message, .file, .empty, .standardInput: false
      }
    }
  }

  package struct Subscribing: Sendable {
    package var filters: [TopicFilter] = []
    /// Filters with options of their own (`--subscription`).
    package var specific: [SpecificSubscription] = []
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
    /// Payloads act on a terminal as they like.
    package var isRaw = false
    /// One line of the screen for each topic (`--watch`).
    package var isWatching = false
    /// How many messages come, instead of the messages.
    package var showsRate = false
    /// When a message counts as delivered; nil: as soon as it was written, or its command has ended.
    package var acknowledging: Acknowledging?

    package enum Acknowledging: String, Sendable, CaseIterable { case write, read, exec }

    /// Seconds without a message after which it is over.
    package var idleTimeout: Double?

    /// Everything that is subscribed to.
    var allFilters: [TopicFilter] { filters + specific.map(\.filter) }
  }
}

// What a person asked for, whichever command it is for; the option table fills it in.

import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Sealing

/// The settings of one run.  `SettingsCheck` says whether they fit together.
struct Settings: Sendable {
  var personality = Personality.apus
  var connection = Connection()
  var publishing = Publishing()
  var subscribing = Subscribing()
  var requesting = Requesting()
  var executing = Executing()
  var sealing = Sealing()
  /// What `apus key new` makes.
  var keyType: KeyType?
  var outboxing = Outboxing()
  var benching = Benching()
  var shell = Shell()
  /// Properties by the packet they are for (`-D`).
  var properties: [PropertyTarget: Properties] = [:]
  /// Values of binary properties as they were typed; `--binary` says what they stand for.
  var binaryWords: [PropertyTarget: [PropertyID: Argument]] = [:]
  var hasBinaryPrefixes = false

  var qos: QoS = .atMostOnce
  /// Seconds after which the whole run is over (`-W`).
  var timeout: Double?
  var isQuiet = false
  var showsDebug = false
  /// The connection is all there is to do (`--explain`).
  var explains = false
  var explainsAsJSON = false

  init() {}

  /// A packet that `-D` can give properties to.
  enum PropertyTarget: String, Hashable, Sendable, CaseIterable {
    case connect, publish, subscribe, unsubscribe, disconnect, will
  }

  /// Where the broker is and how the session with it is.
  struct Connection: Sendable {
    /// To be tried one after the other; never empty.
    var servers = [Server("localhost")]
    /// Of those without a port of their own.
    var port: UInt16?
    /// What the servers come from, if from `-L`.
    var urls: [BrokerURL] = []
    var hasRandomOrder = false
    /// Brokers may refer to others (`--follow-redirect`).
    var followsRedirects = false
    var unixPath: String?
    /// The broker is where the host's SRV records say (`-S`).
    var usesServiceRecords = false
    var bindAddress: String?
    var tls = TLS()
    var webSocket = WebSocket()
    var proxy = ProxyChoice.byEnvironment
    /// PEM: what to trust when a proxy is talked to over TLS; nil for the system's.
    var proxyAuthorityFile: String?
    /// Seconds until the network connection and CONNACK must be there.
    var connectTimeout = 30.0
    var version: ProtocolVersion = .v311
    var clientID: UTF8String?
    var clientIDPrefix: UTF8String?
    var cleanStart = true
    var sessionExpiry: UInt32?
    var keepAlive: UInt16 = 60
    var userName: UTF8String?
    var password: [UInt8]?
    /// Where it is instead.
    var passwordSource: SecretSource?
    var proxyPasswordSource: SecretSource?
    var authentication = Authentication()
    /// In topics and topic filters.
    var allowsControlCharacters = false
    var willTopic: TopicName?
    var willPayload: [UInt8]?
    var willQoS: QoS = .atMostOnce
    var willRetain = false
    /// Most unacknowledged messages on the wire (`-M`).
    var window: Int?
    var onLoss = OnLoss.wait
    /// Attempts in a row to connect again; nil for any number.
    var retries: Int?
    /// Seconds: the longest wait before the first attempt to connect again, and before any.
    var reconnectDelay = 1.0
    var reconnectMax = 60.0
    /// What MQTT 5's CONNECT announces as Receive Maximum, nil for what the command finds best.
    var receiveMaximum: Int?
    var isEager = false

    var readsSecretFromStandardInput: Bool {
      [passwordSource, proxyPasswordSource, tls.keyPassphrase, tls.preSharedKeySource].contains {
        $0?.isStandardInput == true
      }
    }

    var hasPassword: Bool { password != nil || passwordSource != nil }

    /// What was said last counts.
    mutating func setPassword(_ password: [UInt8]?) {
      self.password = password
      passwordSource = nil
    }
  }

  struct Publishing: Sendable {
    /// A URL's topic may be one for subscribers only.
    var topic: Result<TopicName, OptionError>?
    var source: PayloadSource?
    /// `-m`, `-f`, `-n`, `-s`, `-l` and `-0` exclude one another.
    var sourceCount = 0
    var retain = false
    var repeatCount = 1
    /// Seconds between repetitions.
    var repeatDelay = 0.0
    /// Ends the topic that stands in front of each line's payload.
    var topicSeparator: UInt8?
    /// What fills the payload's gaps at each repetition (`--template`).
    var filling: TemplateFilling?
  }

  /// Where payloads come from.
  enum PayloadSource: Hashable, Sendable {
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

  struct Subscribing: Sendable {
    var filters: [TopicFilter] = []
    /// Filters with options of their own (`--subscription`).
    var specific: [SpecificSubscription] = []
    /// What is wrong with the topic of a URL, or of rr's -t, as a filter.
    var filterFault: OptionError?
    var unsubscribe: [TopicFilter] = []
    var filterOut: [TopicFilter] = []
    /// Messages after which it is over (`-C`).
    var count: Int?
    /// Over as soon as the subscription is acknowledged (`-E`).
    var exitsAfterSubscribing = false
    var ignoresRetained = false
    var retainedOnly = false
    var removesRetained = false
    var retainAsPublished = false
    var noLocal = false
    var retainHandling: Subscription.RetainHandling = .always
    /// Percent of the messages that are shown.
    var randomFilter = 100.0
    var isVerbose = false
    var endsWithNewline = true
    var format: MessageFormat?
    /// JSON on several lines.
    var isPretty = false
    /// Payloads act on a terminal as they like.
    var isRaw = false
    /// One line of the screen for each topic (`--watch`).
    var isWatching = false
    /// How many messages come, instead of the messages.
    var showsRate = false
    /// When a message counts as delivered; nil: as soon as it was written, or its command has ended.
    var acknowledging: Acknowledging?

    enum Acknowledging: String, Sendable, CaseIterable { case write, read, exec }

    /// Seconds without a message after which it is over.
    var idleTimeout: Double?

    /// Everything that is subscribed to.
    var allFilters: [TopicFilter] { filters + specific.map(\.filter) }
  }
}

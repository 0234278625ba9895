// `-L`: broker, login and topic, or WebSocket's path, in one word.

import MQTTProtocol
import OptionTable

/// A URL of the form `mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT][/TOPIC]`, or
/// `ws[s]://[USER[:PASSWORD]@]HOST[:PORT][/PATH]`: there the path is WebSocket's, and the topic is `-t`'s.
struct BrokerURL: Hashable {
  private let parts: URLParts
  private let usesTLS: Bool
  private let usesWebSocket: Bool
  private var topic: [UInt8]?
  private var webSocketPath: String?

  /// - Throws: naming what is wrong, never the password.
  init(_ word: Argument) throws(OptionError) {
    parts = try URLParts(word, schemes: "mqtt://, mqtts://, ws:// or wss://")
    switch parts.scheme {
    case "mqtt", "mqtts": usesWebSocket = false
    case "ws", "wss": usesWebSocket = true
    default:
      throw OptionError(
        "'\(parts.scheme)' URLs are not supported, only mqtt://, mqtts://, ws:// and wss://")
    }
    usesTLS = parts.scheme.hasSuffix("s") && parts.scheme != "ws"
    if parts.path.isEmpty { return }
    if usesWebSocket {
      webSocketPath = try Argument(bytes: Array(parts.path)).webSocketPath()
    } else {
      let topic = try URLParts.decoded(parts.path.dropFirst())
      self.topic = topic.isEmpty ? nil : topic
    }
  }

  func apply(to settings: inout Settings) throws(OptionError) {
    try setServer(&settings.connection)
    settings.connection.unixPath = nil
    settings.connection.tls.isDemandedByURL = usesTLS
    if usesTLS { settings.connection.tls.isAsked = true }
    if usesWebSocket { settings.connection.webSocket.isAsked = true }
    if let webSocketPath { settings.connection.webSocket.path = webSocketPath }
    if let userName = parts.userName {
      settings.connection.userName = try Argument(bytes: userName).mqttString()
    }
    if let password = parts.password {
      settings.connection.setPassword(try Argument(bytes: password).field())
    }
    if let topic, !settings.connection.urls.contains(where: { $0.topic == topic }) {
      take(Argument(bytes: topic), to: &settings)
    }
    settings.connection.urls.append(self)
  }

  /// The first URL sets host and port, and the next ones add to it.
  private func setServer(_ connection: inout Settings.Connection) throws(OptionError) {
    if connection.urls.isEmpty {
      connection.host = parts.host
      connection.port = parts.port
      return
    }
    for other in connection.urls { try agree(with: other) }
    if connection.urls.count == 1 {
      connection.servers = [Server(connection.host, port: connection.port)]
      connection.port = nil
    }
    let server = Server(parts.host, port: parts.port)
    if !connection.servers.contains(server) { connection.servers.append(server) }
  }

  /// - Throws: where two URLs of one run contradict each other.
  private func agree(with other: BrokerURL) throws(OptionError) {
    if parts.scheme != other.parts.scheme {
      throw OptionError(
        "several URLs have one scheme: \(other.parts.scheme):// or \(parts.scheme)://, not both")
    }
    if let one = webSocketPath, let two = other.webSocketPath, one != two {
      throw OptionError("several URLs have one WebSocket path, and this one has another")
    }
    if Self.differ(parts.userName, other.parts.userName)
      || Self.differ(parts.password, other.parts.password)
    {
      throw OptionError(
        "several URLs have one login, and this one has another; one URL is enough for it")
    }
    if Self.differ(topic, other.topic) {
      throw OptionError("several URLs have one topic, and this one has another; -t names topics")
    }
  }

  private static func differ(_ one: [UInt8]?, _ two: [UInt8]?) -> Bool {
    one != nil && two != nil && one != two
  }

  /// The URL does not know which command it is for: only that one's fault counts.
  private func take(_ topic: Argument, to settings: inout Settings) {
    do throws(OptionError) { settings.publishing.topic = .success(try topic.topicName()) } catch {
      settings.publishing.topic = .failure(OptionError("-L: \(error.text)"))
    }
    do throws(OptionError) { settings.subscribing.filters.append(try topic.topicFilter()) } catch {
      settings.subscribing.filterFault = OptionError("-L: \(error.text)")
    }
  }
}

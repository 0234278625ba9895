// What the lines of standard input are to a publisher.

import MQTTProtocol
import MQTTSession
import Rendering

/// Why a line is no message.
struct LineFault: Error {
  let text: String
}

/// Makes messages of lines.  A publication is encoded anew only when a line differs from the one before
/// it in more than its payload.
struct LineMessages: ~Copyable {
  private let separator: UInt8?
  private var json: JSONMessage?
  private let version: ProtocolVersion
  /// What holds where a line does not say.
  private let defaults: Parts
  private let defaultTopic: [UInt8]?
  private let allowsControlCharacters: Bool
  /// What the publication was made of.
  private var last: Parts
  /// Payload format indicator 1: the last line's payload has to be UTF-8.
  private(set) var promiseText: Bool

  private struct Parts: Equatable {
    var qos: QoS
    var retain: Bool
    var properties: Properties
  }

  init(_ settings: Settings, topic: TopicName?) {
    separator = settings.publishing.topicSeparator
    json = settings.publishing.source == .jsonLines ? JSONMessage() : nil
    version = settings.connection.version
    defaultTopic = topic?.bytes
    allowsControlCharacters = settings.connection.allowsControlCharacters
    defaults = Parts(
      qos: settings.qos, retain: settings.publishing.retain,
      properties: settings.properties[.publish] ?? .none)
    last = defaults
    promiseText = settings.promisesText
  }

  /// Each line is a payload and nothing else.
  var arePlain: Bool { separator == nil && json == nil }

  /// The properties of the message that was read last.
  var properties: Properties { last.properties }

  /// The longest line that can be a message.
  var limit: Int {
    // In JSON six characters may stand for a byte.
    if json != nil { return 7 * VariableByteInteger.maximum }
    return VariableByteInteger.maximum + (separator == nil ? 0 : UTF8String.maximumLength + 1)
  }

  /// Reads a line.
  ///
  /// - Parameter publication: the one before it; it is replaced where this line's is another.
  /// - Returns: the payload, valid until the next line; nil for a line with nothing in it.
  mutating func read(
    _ line: UnsafeRawBufferPointer, _ publication: inout Publication
  ) throws(LineFault) -> UnsafeRawBufferPointer? {
    if json != nil { return try readJSON(line, &publication) }
    guard let separator else { return line }
    guard let place = line.firstIndex(of: separator) else {
      throw LineFault(text: "no separator behind a topic")
    }
    try update(
      &publication, topic: UnsafeRawBufferPointer(rebasing: line[..<place]), defaults)
    return UnsafeRawBufferPointer(rebasing: line[(place + 1)...])
  }

  private mutating func readJSON(
    _ line: UnsafeRawBufferPointer, _ publication: inout Publication
  ) throws(LineFault) -> UnsafeRawBufferPointer? {
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return nil }
    do throws(JSONFault) { try json?.read(line) } catch { throw LineFault(text: "\(error)") }
    var parts = defaults
    if let qos = json?.qos { parts.qos = qos }
    if let retain = json?.retain { parts.retain = retain }
    if let properties = json?.properties, !properties.isEmpty {
      if version < .v5 { throw LineFault(text: "properties need MQTT 5: use -V 5") }
      if !allowsControlCharacters, let id = properties.firstWithControlCharacter {
        throw LineFault(text: Self.hasControlCharacters("the property '\(id)'"))
      }
      for property in properties.entries { parts.properties.set(property) }
    }
    if let topic = json?.topic {
      try update(&publication, topic: topic, parts)
    } else if let defaultTopic {
      try update(&publication, topic: defaultTopic, parts)
    } else {
      throw LineFault(text: "'topic' is missing, and there is no -t")
    }
    return json?.payload.bytes
  }

  private mutating func update(
    _ publication: inout Publication, topic: some Collection<UInt8>, _ parts: Parts
  ) throws(LineFault) {
    if publication.topic.bytes.elementsEqual(topic), parts == last { return }
    let name: TopicName
    do { name = try TopicName([UInt8](topic)) } catch {
      throw LineFault(text: Self.text(error, topic))
    }
    if !allowsControlCharacters, name.string.hasControlCharacter {
      throw LineFault(text: Self.hasControlCharacters("the topic"))
    }
    publication = Publication(
      topic: name, qos: parts.qos, retain: parts.retain, properties: parts.properties, version)
    last = parts
    promiseText = parts.properties.flag(.payloadFormatIndicator, default: false)
  }

  private static func hasControlCharacters(_ what: String) -> String {
    "\(what) has control characters; --allow-control-characters sends it all the same"
  }

  private static func text(_ fault: TopicName.Fault, _ topic: some Collection<UInt8>) -> String {
    let shown = SafeText.escaped(topic.prefix(200))
    return switch fault {
    case .empty: "the topic is empty"
    case .wildcard: "'\(shown)' is no topic to publish to: '+' and '#' are wildcards"
    case .string(.tooLong(let length)): "the topic has \(length) bytes: at most 65535 are allowed"
    case .string(.illFormed): "the topic '\(shown)' is not UTF-8 text"
    case .string(.nullCharacter): "the topic '\(shown)' contains a null character"
    }
  }
}

extension Settings {
  /// The topic of all messages, nil where lines bring their own, and that of the first publication: where
  /// lines bring theirs, none is published to before one came.
  func publishingTopics() throws(Failure) -> (usual: TopicName?, first: TopicName) {
    let usual: TopicName?
    do { usual = try topic() } catch { throw Failure(.usage, error.text) }
    guard let first = try? usual ?? TopicName([UInt8(ascii: "-")]) else {
      throw Failure(.usage, "a topic is needed: -t TOPIC")
    }
    return (usual, first)
  }
}

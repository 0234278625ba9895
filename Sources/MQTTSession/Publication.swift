import MQTTProtocol

/// What an application publishes again and again to one topic, encoded once in its three forms.
package struct Publication: Sendable {
  package let topic: UTF8String
  /// 0 for none.
  package let alias: UInt16
  /// Without an alias: for servers that take none, and for sending again on a later connection.
  private(set) var plain: PublishHead
  private(set) var introducing: PublishHead
  private(set) var aliased: PublishHead

  /// - Parameter properties: a topic alias among them is used where the server allows it.
  package init(
    topic: TopicName, qos: QoS, retain: Bool, properties: Properties, _ version: ProtocolVersion
  ) {
    self.init(topic.string, qos, retain, properties, version)
  }

  private init(
    _ topic: UTF8String, _ qos: QoS, _ retain: Bool, _ properties: Properties,
    _ version: ProtocolVersion
  ) {
    self.topic = topic
    alias = UInt16(truncatingIfNeeded: properties.number(.topicAlias) ?? 0)
    var unaliased = properties
    unaliased.remove(.topicAlias)
    plain = PublishHead(
      topic: topic, qos: qos, retain: retain, properties: unaliased, version)
    introducing = PublishHead(
      topic: topic, qos: qos, retain: retain, properties: properties, version)
    aliased = PublishHead(
      topic: .empty, qos: qos, retain: retain, properties: properties, version)
  }

  /// The same with other properties.
  package func with(_ properties: Properties, _ version: ProtocolVersion) -> Publication {
    Publication(topic, qos, isRetained, properties, version)
  }

  package var qos: QoS { plain.qos }
  package var isRetained: Bool { plain.isRetained }

  /// Writes over the end of the last property: what is different in each message, at no cost.
  package mutating func overwritePropertiesEnd(_ bytes: UnsafeRawBufferPointer) {
    plain.overwritePropertiesEnd(bytes)
    if alias == 0 { return }
    introducing.overwritePropertiesEnd(bytes)
    aliased.overwritePropertiesEnd(bytes)
  }
}

extension Publication {
  enum Form { case plain, introducing, aliased }

  subscript(form: Form) -> PublishHead {
    switch form {
    case .plain: plain
    case .introducing: introducing
    case .aliased: aliased
    }
  }
}

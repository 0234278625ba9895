import MQTTProtocol

/// A point in time: the duration since an origin of the caller's choice that never runs back.
package typealias Instant = Duration

/// What a client asks of its session; the same on every connection of it.
package struct SessionConfiguration: Sendable {
  /// The CONNECT to send.  Its client identifier is replaced by one that the server assigned.
  package var connect: Connect
  /// Most PUBLISH packets above QoS 0 on the wire at once, 1 to 65,535.  The server's Receive Maximum
  /// lowers it.
  package var window: Int
  /// Publishing may begin before CONNACK (MQTT 5 §3.1.4).
  package var eager: Bool
  /// The highest QoS accepted from the server.
  package var maximumQoS: QoS = .exactlyOnce
  /// A server that sends more than our Receive Maximum is no fault: mosquitto 2.0.11 counts each
  /// acknowledgement twice, and soon does.
  package var toleratesExcess = false
  /// A topic alias above our maximum beside the topic, and a subscription identifier that is not ours, are
  /// no faults.
  package var toleratesUnasked = false
  /// A server that names no client identifier for one who sent none ends the session [MQTT-3.2.2-16].
  package var wantsAssignedID = true

  package init(connect: Connect, window: Int = 1000, eager: Bool = false) {
    self.connect = connect
    self.window = min(max(window, 1), 65_535)
    self.eager = eager
  }

  package var version: ProtocolVersion { connect.version }
}

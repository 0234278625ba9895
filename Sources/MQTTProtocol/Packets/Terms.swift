// The small values that packets are made of.

/// The protocol's versions by their level byte.  MQTT 5 §3.1.2.2.
package enum ProtocolVersion: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  case v31 = 3
  case v311 = 4
  case v5 = 5

  package static func < (a: ProtocolVersion, b: ProtocolVersion) -> Bool {
    a.rawValue < b.rawValue
  }
}

extension ProtocolVersion: CustomStringConvertible {
  package var description: String {
    switch self {
    case .v31: "3.1"
    case .v311: "3.1.1"
    case .v5: "5.0"
    }
  }
}

/// How hard sender and receiver try.  MQTT 5 §4.3.
package enum QoS: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  case atMostOnce = 0
  case atLeastOnce, exactlyOnce

  package static func < (a: QoS, b: QoS) -> Bool { a.rawValue < b.rawValue }
}

/// 1 to 65,535; names one PUBLISH, SUBSCRIBE or UNSUBSCRIBE until it is done.  MQTT 5 §2.2.1.
package struct PacketID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
  package let rawValue: UInt16

  /// Returns nil for 0, which no packet may carry [MQTT-2.2.1-3].
  package init?(rawValue: UInt16) {
    if rawValue == 0 { return nil }
    self.rawValue = rawValue
  }

  package static let first = PacketID(1)

  /// The identifier after this one; 65,535 is followed by 1.
  package var next: PacketID { PacketID(rawValue == .max ? 1 : rawValue + 1) }

  private init(_ nonZero: UInt16) { rawValue = nonZero }

  package var description: String { String(rawValue) }
}

import MQTTProtocol

/// What CONNECT tells the server of us, read from its properties once.  MQTT 5 §3.1.2.11.
struct ClientLimits: Sendable {
  /// PUBLISH packets above QoS 0 that the server may send unacknowledged.
  let receiveMaximum: Int
  /// The highest topic alias that the server may use.
  let topicAliasMaximum: Int
  /// The largest packet accepted, in bytes.
  let maximumPacketSize: Int
  /// Every packet may carry a Reason String and User Properties.
  let wantsProblemInformation: Bool
  /// Of enhanced authentication; nil where there is none.
  let authenticationMethod: UTF8String?

  init(_ connect: Connect) {
    let properties = connect.version == .v5 ? connect.properties : .none
    receiveMaximum = Int(properties.number(.receiveMaximum) ?? 65_535)
    topicAliasMaximum = Int(properties.number(.topicAliasMaximum) ?? 0)
    maximumPacketSize =
      properties.number(.maximumPacketSize).map { Int($0) } ?? VariableByteInteger.maximum + 5
    wantsProblemInformation = properties.flag(.requestProblemInformation, default: true)
    authenticationMethod = properties.string(.authenticationMethod)
  }
}

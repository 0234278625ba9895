/// The fifteen control packets.  MQTT 5 §2.1.2.
package enum PacketType: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case connect = 1
  case connAck, publish, pubAck, pubRec, pubRel, pubComp, subscribe, subAck, unsubscribe, unsubAck
  case pingReq, pingResp, disconnect, auth

  /// The low four bits of the first byte where they are fixed; PUBLISH uses them itself.
  package var requiredFlags: UInt8? {
    switch self {
    case .publish: nil
    case .pubRel, .subscribe, .unsubscribe: 2
    default: 0
    }
  }

  package var description: String {
    switch self {
    case .connect: "CONNECT"
    case .connAck: "CONNACK"
    case .publish: "PUBLISH"
    case .pubAck: "PUBACK"
    case .pubRec: "PUBREC"
    case .pubRel: "PUBREL"
    case .pubComp: "PUBCOMP"
    case .subscribe: "SUBSCRIBE"
    case .subAck: "SUBACK"
    case .unsubscribe: "UNSUBSCRIBE"
    case .unsubAck: "UNSUBACK"
    case .pingReq: "PINGREQ"
    case .pingResp: "PINGRESP"
    case .disconnect: "DISCONNECT"
    case .auth: "AUTH"
    }
  }
}

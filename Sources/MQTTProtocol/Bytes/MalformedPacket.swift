// What can be wrong with received bytes, and the reason code to answer it with.

/// Why received bytes are no valid control packet.  MQTT 5 §4.13.1.
package enum MalformedPacket: Error, Hashable, Sendable {
  /// A field runs past the end of its packet.
  case truncated
  case trailingBytes(Int)
  case lengthTooLong
  case lengthNotMinimal
  case packetTooLarge(size: Int, limit: Int)
  case unknownPacketType(UInt8)
  case reservedFlags(PacketType, UInt8)
  case reservedBits(PacketType, UInt8)
  case string(UTF8String.Fault)
  case zeroPacketID
  case qosThree(PacketType)
  case retainHandlingThree
  /// No Local on a shared subscription [MQTT-3.8.3-4].
  case sharedNoLocal
  case duplicateAtQoS0
  case emptyTopic
  case wildcardInTopic
  case invalidFilter
  case noFilters
  case noReasonCodes
  case unknownReasonCode(PacketType, UInt8)
  case unknownProperty(Int)
  case misplacedProperty(PropertyID, PropertyContext)
  case repeatedProperty(PropertyID)
  case propertyOutOfRange(PropertyID, UInt32)
  /// Authentication Data, or an AUTH packet, without Authentication Method.
  case missingProperty(PropertyID, PropertyContext)
  case protocolName
  case protocolLevel(UInt8)
  case connectFlags(UInt8)
  case sessionPresentWithError

  /// The code for the DISCONNECT that answers it.
  package var reason: ReasonCode {
    switch self {
    case .packetTooLarge: .packetTooLarge
    case .wildcardInTopic: .topicNameInvalid
    case .invalidFilter: .topicFilterInvalid
    case .protocolName, .protocolLevel: .unsupportedProtocolVersion
    case .propertyOutOfRange(.topicAlias, _): .topicAliasInvalid
    case .unknownPacketType, .zeroPacketID, .emptyTopic, .noFilters, .noReasonCodes,
      .unknownReasonCode, .repeatedProperty, .propertyOutOfRange, .missingProperty,
      .qosThree(.subscribe), .retainHandlingThree, .sharedNoLocal, .sessionPresentWithError:
      .protocolError
    case .truncated, .trailingBytes, .lengthTooLong, .lengthNotMinimal, .reservedFlags,
      .reservedBits, .string, .qosThree, .duplicateAtQoS0, .unknownProperty, .misplacedProperty,
      .connectFlags:
      .malformedPacket
    }
  }
}

extension MalformedPacket: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated: "a field runs past the end of the packet"
    case .trailingBytes(let count): "\(count) bytes too many at the end of the packet"
    case .lengthTooLong: "a length of more than four bytes"
    case .lengthNotMinimal: "a length that is not in its shortest form"
    case .packetTooLarge(let size, let limit):
      "a packet of \(size) bytes, above the limit of \(limit)"
    case .unknownPacketType(let type): "packet type \(type)"
    case .reservedFlags(let type, let flags): "\(type) with reserved flags \(flags)"
    case .reservedBits(let type, let bits): "\(type) with reserved bits set (\(bits))"
    case .string(.illFormed): "a string that is not UTF-8"
    case .string(.nullCharacter): "a string with a null character"
    case .string(.tooLong(let length)): "a string of \(length) bytes"
    case .zeroPacketID: "packet identifier 0"
    case .qosThree(let type): "\(type) with QoS 3"
    case .retainHandlingThree: "SUBSCRIBE with Retain Handling 3"
    case .sharedNoLocal: "a shared subscription with No Local"
    case .duplicateAtQoS0: "PUBLISH at QoS 0 with the DUP flag"
    case .emptyTopic: "an empty topic"
    case .wildcardInTopic: "a topic name with a wildcard"
    case .invalidFilter: "an invalid topic filter"
    case .noFilters: "no topic filter"
    case .noReasonCodes: "no reason code"
    case .unknownReasonCode(let type, let code): "\(type) with unknown reason code \(code)"
    case .unknownProperty(let id): "unknown property \(id)"
    case .misplacedProperty(let id, let context): "property \(id) in \(context)"
    case .repeatedProperty(let id): "property \(id) twice"
    case .propertyOutOfRange(let id, let value): "property \(id) with value \(value)"
    case .missingProperty(let id, let context): "\(context) without property \(id)"
    case .protocolName: "an unknown protocol name"
    case .protocolLevel(let level): "protocol level \(level)"
    case .connectFlags(let flags): "CONNECT with invalid flags \(flags)"
    case .sessionPresentWithError: "CONNACK that refuses with Session Present set"
    }
  }
}

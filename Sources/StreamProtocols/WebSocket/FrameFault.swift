/// What is wrong with a frame.  RFC 6455 §5 and §7.
package enum FrameFault: Error, Hashable, Sendable {
  case reservedBits
  case unknownOpcode(UInt8)
  case masked
  /// MQTT is binary [MQTT-6.0.0-1].
  case text
  case longControlFrame
  case fragmentedControlFrame
  /// A continuation, and nothing to be continued.
  case nothingToContinue
  /// A new message before the last one's end.
  case unfinishedMessage
  /// Above 2^63, or not in the shortest form.
  case length
  /// A Close frame of one byte, or with a code that may not be sent.
  case close
  case closeReason

  /// What Close tells the server.
  package var closeCode: UInt16 {
    switch self {
    case .text: 1003
    case .closeReason: 1007
    default: 1002
    }
  }
}

extension FrameFault: CustomStringConvertible {
  package var description: String {
    "the server broke the WebSocket protocol: "
      + {
        switch self {
        case .reservedBits: "reserved bits are set in a frame"
        case .unknownOpcode(let opcode): "a frame has the unknown opcode \(opcode)"
        case .masked: "a frame is masked, as only a client's may be"
        case .text: "a text frame, where MQTT needs binary ones"
        case .longControlFrame: "a control frame has more than 125 bytes"
        case .fragmentedControlFrame: "a control frame is fragmented"
        case .nothingToContinue: "a continuation frame continues nothing"
        case .unfinishedMessage: "a message begins before the last one has ended"
        case .length: "a frame's length is malformed"
        case .close: "a Close frame is malformed"
        case .closeReason: "a Close frame's reason is not UTF-8 text"
        }
      }()
  }
}

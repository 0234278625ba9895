// Any control packet as one value, for everything that is not the hot path.

/// One of the fifteen control packets.
package enum Packet: Hashable, Sendable {
  case connect(Connect)
  case connAck(ConnAck)
  case publish(Publish)
  /// PUBACK, PUBREC, PUBREL and PUBCOMP.
  case acknowledgement(Acknowledgement)
  case subscribe(Subscribe)
  /// SUBACK and UNSUBACK.
  case subscriptionAck(SubscriptionAck)
  case unsubscribe(Unsubscribe)
  case pingReq
  case pingResp
  case disconnect(Disconnect)
  case auth(Auth)

  /// Returns the first packet of `bytes`, or nil while it has not all arrived.
  ///
  /// - Parameters:
  ///   - position: where the packet begins; moves behind it.
  ///   - limit: the largest packet accepted, in bytes.
  package init?(
    from bytes: UnsafeRawBufferPointer, at position: inout Int,
    limit: Int = VariableByteInteger.maximum + 5, _ version: ProtocolVersion
  ) throws(MalformedPacket) {
    guard let header = try FixedHeader(in: bytes, at: position, limit: limit, version),
      bytes.count - position >= header.packetSize
    else { return nil }
    let start = position + header.size
    let body = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + header.remainingLength)])
    try self.init(header, body, version)
    position += header.packetSize
  }

  /// - Parameter body: the bytes behind the fixed header, all of them.
  package init(
    _ header: FixedHeader, _ body: UnsafeRawBufferPointer, _ version: ProtocolVersion
  ) throws(MalformedPacket) {
    var reader = ByteReader(body)
    switch header.type {
    case .connect: self = .connect(try Connect(from: &reader))
    case .connAck: self = .connAck(try ConnAck(from: &reader, version))
    case .publish: self = .publish(try Publish(from: body, flags: header.flags, version))
    case .pubAck, .pubRec, .pubRel, .pubComp:
      self = .acknowledgement(try Acknowledgement(header.type, from: &reader, version))
    case .subscribe: self = .subscribe(try Subscribe(from: &reader, version))
    case .subAck, .unsubAck:
      self = .subscriptionAck(try SubscriptionAck(header.type, from: &reader, version))
    case .unsubscribe: self = .unsubscribe(try Unsubscribe(from: &reader, version))
    case .pingReq, .pingResp:
      try reader.expectEnd()
      self = header.type == .pingReq ? .pingReq : .pingResp
    case .disconnect: self = .disconnect(try Disconnect(from: &reader, version))
    case .auth: self = .auth(try Auth(from: &reader))
    }
  }

  package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    switch self {
    case .connect(let packet): packet.encode(into: &buffer)
    case .connAck(let packet): packet.encode(into: &buffer, version)
    case .publish(let packet): packet.encode(into: &buffer, version)
    case .acknowledgement(let packet): packet.encode(into: &buffer, version)
    case .subscribe(let packet): packet.encode(into: &buffer, version)
    case .subscriptionAck(let packet): packet.encode(into: &buffer, version)
    case .unsubscribe(let packet): packet.encode(into: &buffer, version)
    case .pingReq: buffer.append(0xc000 as UInt16)
    case .pingResp: buffer.append(0xd000 as UInt16)
    case .disconnect(let packet): packet.encode(into: &buffer, version)
    case .auth(let packet): packet.encode(into: &buffer)
    }
  }

  /// The packet's bytes on the wire.
  package func encoded(_ version: ProtocolVersion) -> [UInt8] {
    var buffer = ByteBuffer()
    encode(into: &buffer, version)
    return buffer.array
  }
}

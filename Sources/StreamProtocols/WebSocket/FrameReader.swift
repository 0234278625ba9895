// What arrives from a WebSocket server: payload among frames.  RFC 6455 §5.

/// Takes the payload out of the frames where it lies.  Holds no more than a header and the last control
/// frame, however large frames are.
package struct FrameReader: Sendable {
  /// After this nothing more is taken in.
  package enum Ending: Hashable, Sendable {
    /// The server's Close; without a code when it gave none.  The reason is fit for a message.
    case closed(code: UInt16?, reason: String)
    case fault(FrameFault)
  }

  package private(set) var ending: Ending?
  /// The latest ping that waits for its pong: earlier ones need none (RFC 6455 §5.5.3).
  package private(set) var ping: [UInt8]?

  /// The beginning of a frame, 2 to 10 bytes, as far as it is there.
  private var header: InlineArray<10, UInt8> = .init(repeating: 0)
  private var headerCount = 0
  private var headerSize = 2
  /// Bytes of the frame's payload that are still to come.
  private var left = 0
  private var isInMessage = false
  private var control: Control?
  private var controlPayload: [UInt8] = []

  private enum Control: UInt8 {
    case close = 8
    case ping, pong
  }

  package init() {}

  package mutating func takePing() -> [UInt8]? {
    defer { ping = nil }
    return ping
  }

  /// Moves the payload to the front of `bytes`.
  ///
  /// - Returns: how many bytes of payload there are; a fault or Close behind them is in `ending`.
  package mutating func unwrap(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var place = 0
    var payload = 0
    while place < bytes.count, ending == nil {
      if left > 0 {
        let count = min(left, bytes.count - place)
        if control != nil {
          controlPayload += UnsafeRawBufferPointer(start: base + place, count: count)
        } else {
          if payload != place { (base + payload).copyMemory(from: base + place, byteCount: count) }
          payload += count
        }
        place += count
        left -= count
      } else {
        header[headerCount] = bytes[place]
        headerCount += 1
        place += 1
        if headerCount < headerSize { continue }
        do throws(FrameFault) { try readHeader() } catch { ending = .fault(error) }
        if headerCount > 0 { continue }
      }
      if left == 0, let control, ending == nil { finish(control) }
    }
    return payload
  }

  /// Looks at what there is of the header; `headerCount` is 0 when that was all of it.
  private mutating func readHeader() throws(FrameFault) {
    let short = Int(header[1] & 0x7f)
    if headerCount == 2 {
      try checkStart(short)
      headerSize = short == 126 ? 4 : short == 127 ? 10 : 2
      if headerSize > 2 { return }
    }
    var length = headerSize == 2 ? UInt64(short) : 0
    for place in 2..<max(headerSize, 2) { length = length << 8 | UInt64(header[place]) }
    if headerSize == 4 && length < 126 || headerSize == 10 && length <= 0xffff
      || length > UInt64(Int64.max)
    {
      throw .length
    }
    left = Int(length)
    headerCount = 0
    headerSize = 2
  }

  /// The first two bytes.
  private mutating func checkStart(_ length: Int) throws(FrameFault) {
    let isLast = header[0] & 0x80 != 0
    let opcode = header[0] & 0x0f
    if header[0] & 0x70 != 0 { throw .reservedBits }
    if header[1] & 0x80 != 0 { throw .masked }
    control = nil
    switch opcode {
    case 0:
      if !isInMessage { throw .nothingToContinue }
      isInMessage = !isLast
    case 1: throw .text
    case 2:
      if isInMessage { throw .unfinishedMessage }
      isInMessage = !isLast
    case 8, 9, 10:
      if !isLast { throw .fragmentedControlFrame }
      if length > 125 { throw .longControlFrame }
      control = Control(rawValue: opcode)
      controlPayload.removeAll(keepingCapacity: true)
    default: throw .unknownOpcode(opcode)
    }
  }

  private mutating func finish(_ control: Control) {
    self.control = nil
    switch control {
    case .pong: break
    case .ping: ping = controlPayload
    case .close:
      do throws(FrameFault) { ending = try close() } catch { ending = .fault(error) }
    }
  }

  private func close() throws(FrameFault) -> Ending {
    if controlPayload.isEmpty { return .closed(code: nil, reason: "") }
    if controlPayload.count == 1 { throw .close }
    let code = UInt16(controlPayload[0]) << 8 | UInt16(controlPayload[1])
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: break
    default: throw .close
    }
    let reason = controlPayload[2...]
    if String(validating: reason, as: UTF8.self) == nil { throw .closeReason }
    return .closed(code: code, reason: VisibleText.of(reason))
  }
}

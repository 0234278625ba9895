/// Where the packets of an output begin of which a stream has taken a part: so it is known which messages
/// have left, and which have not.
struct OutputCut {
  /// Bytes that are left of a packet whose beginning is gone.
  private var rest = 0
  /// That packet is a message.
  private var isMessage = false

  /// The stream has taken the first `count` bytes.
  mutating func pass(_ count: Int, of output: UnsafeRawBufferPointer) {
    // The usual case asks nothing of the packets.
    var position = count < output.count ? rest : count
    if position <= count { isMessage = false }
    while position < count {
      isMessage = Self.isMessage(output[position])
      position += Self.size(output, position)
    }
    rest = position - count
    if rest == 0 { isMessage = false }
  }

  /// How many messages are in the output, the one that is cut among them.
  func messages(in output: UnsafeRawBufferPointer) -> Int64 {
    var count: Int64 = isMessage ? 1 : 0
    var position = rest
    while position < output.count {
      if Self.isMessage(output[position]) { count += 1 }
      position += Self.size(output, position)
    }
    return count
  }

  /// PUBLISH for the first time: MQTT 5 §3.3.1.1.
  private static func isMessage(_ first: UInt8) -> Bool { first & 0xf8 == 0x30 }

  /// Of a packet of our own, whose length is written as it ought to be: MQTT 5 §2.1.4.
  private static func size(_ output: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var length = 0
    var place = start + 1
    while place < output.count {
      let byte = Int(output[place])
      length |= (byte & 0x7f) << (7 * (place - start - 1))
      place += 1
      if byte < 0x80 { break }
    }
    return place - start + length
  }
}

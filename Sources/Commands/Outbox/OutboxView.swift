// An outbox as text.

import Glibc
import MQTTProtocol
import Outbox
import Rendering

struct OutboxView {
  let store: MessageStore
  let isJSON: Bool

  /// One line a message: number, state, seconds since it was stored, QoS, bytes of its payload, topic;
  /// tabs between.
  func list() throws(StoreFailure) -> String {
    var text = ""
    var last: Int64 = 0
    let now = MessageStore.now()
    while true {
      let messages = try store.messages(after: last)
      guard let end = messages.last?.number else { return text }
      last = end
      for message in messages {
        let age = max(0, now - message.storedAt) / 1000
        let (number, qos, size) = (message.number, message.qos.rawValue, message.payload.count)
        if isJSON {
          text += "{\"number\":\(number),\"state\":\"\(state(message))\",\"age\":\(age),"
          text += "\"qos\":\(qos),\"retain\":\(message.retain),\"bytes\":\(size),"
          text += "\"topic\":\(SafeText.json(message.topic))}\n"
        } else {
          text += "\(number)\t\(state(message))\t\(age)\t\(qos)\t\(size)\t"
          text += SafeText.escaped(message.topic) + "\n"
        }
      }
    }
  }

  private func state(_ message: StoredMessage) -> String {
    switch message.progress {
    case .received: return "received"
    case .dropped: return "dropped"
    case .waiting: break
    }
    return message.number <= store.ledger.sentThrough ? "sent" : "waiting"
  }

  /// Lines that tell of a message, an empty one, and its payload: byte for byte unless that goes to a
  /// terminal.
  func message(_ number: Int64) throws(StoreFailure) -> (head: String, payload: [UInt8])? {
    guard let message = try store.messages(after: number - 1, through: number).first else {
      return nil
    }
    let now = MessageStore.now()
    var lines: [String] = [
      "number: \(number)", "state: \(state(message))",
      "topic: \(SafeText.escaped(message.topic))", "qos: \(message.qos.rawValue)",
      "retain: \(message.retain ? "yes" : "no")",
      "stored: \(max(0, now - message.storedAt) / 1000) s ago",
    ]
    if let end = message.expiresAt { lines.append("expires: in \(max(0, end - now) / 1000) s") }
    for property in message.decodedProperties.entries {
      lines.append("\(property.id.name): \(Self.text(property.value))")
    }
    lines.append("bytes: \(message.payload.count)")
    let head = lines.joined(separator: "\n") + "\n\n"
    if isatty(1) == 0 { return (head, message.payload) }
    var shown = ByteBuffer()
    message.payload.withUnsafeBytes { shown.append($0, Exposure.terminal.payload) }
    return (head, shown.array + [UInt8(ascii: "\n")])
  }

  private static func text(_ value: Property.Value) -> String {
    switch value {
    case .number(let number): String(number)
    case .string(let text): SafeText.escaped(text.bytes)
    case .binary(let bytes): SafeText.escaped(bytes)
    case .pair(let name, let value):
      SafeText.escaped(name.bytes) + " " + SafeText.escaped(value.bytes)
    }
  }

  func statistics() throws(StoreFailure) -> String {
    let ledger = store.ledger
    let oldest = try store.messages(after: 0, atMost: 1).first?.storedAt
    let age = oldest.map { max(0, MessageStore.now() - $0) / 1000 } ?? 0
    let isSending = try store.folder.lockForSending() == nil
    let numbers: [(String, Int64)] = [
      ("queued", ledger.remaining), ("bytes", ledger.bytes), ("oldest", age),
      ("stored", ledger.stored), ("delivered", ledger.delivered), ("refused", ledger.refused),
      ("expired", ledger.expired), ("dropped", ledger.dropped),
    ]
    if isJSON {
      let members = numbers.map { "\"\($0)\":\($1)" }.joined(separator: ",")
      return
        "{\(members),\"sending\":\(isSending),\"client_id\":\(SafeText.json(ledger.clientID))}\n"
    }
    let options = RememberedOptions.text(of: ledger.options)
    return numbers.map { "\($0): \($1)\n" }.joined()
      + "sending: \(isSending ? "yes" : "no")\nclient-id: \(SafeText.escaped(ledger.clientID))\n"
      + "options: \(options)\n"
  }
}

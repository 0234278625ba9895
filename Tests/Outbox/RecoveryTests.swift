import Foundation
import MQTTProtocol
import Outbox
import TestSupport
import Testing

/// Whatever became of the file: messages are handed out as they were stored, or not at all.
@Suite("Outbox recovery") struct RecoveryTests {
  private static let payloads = (0..<12).map { "payload \($0) of some length" }

  private static func store(at path: String) throws {
    let store = try MessageStore(OutboxFolder(path), creating: true)
    var rest = payloads[...]
    for _ in 0..<3 {
      var left = 4
      _ = try store.store(MessageStore.Terms()) {
        left -= 1
        guard left >= 0, let payload = rest.popFirst() else { return nil }
        let message = StoredMessage(
          topic: Array("a/b".utf8), qos: .exactlyOnce, retain: false, properties: [], payload: [])
        let copy = UnsafeMutableRawBufferPointer.allocate(
          byteCount: payload.utf8.count, alignment: 1)
        copy.copyBytes(from: payload.utf8)
        return (message, UnsafeRawBufferPointer(copy))
      }
    }
    var settlement = Settlement()
    settlement.received = [2]
    settlement.delivered = [1]
    try store.settle(settlement, sentThrough: 4)
  }

  /// - Returns: what a sender would get; nil where the outbox is found damaged.
  private static func messages(at path: String) -> [StoredMessage]? {
    do {
      let store = try MessageStore(OutboxFolder(path), creating: false)
      try store.check()
      return try store.messages(after: 0)
    } catch {
      return nil
    }
  }

  private static func isRight(_ messages: [StoredMessage]?) -> Bool {
    guard let messages else { return true }
    return messages.map(\.number) == Array(2...12)
      && messages.dropFirst().allSatisfy { message in
        message.progress == .waiting && message.topic == Array("a/b".utf8)
          && message.payload == Array(payloads[Int(message.number) - 1].utf8)
      } && messages[0].progress == .received
  }

  /// `APUS_OUTBOX_FLIPS` asks for more.
  static let flips =
    ProcessInfo.processInfo.environment["APUS_OUTBOX_FLIPS"].flatMap { Int($0) } ?? 600

  @Test("every changed bit is found, or changes nothing") func flips() throws {
    let folder = TemporaryDirectory()
    let path = folder.file("spool")
    try Self.store(at: path)
    let database = path + "/outbox.db"
    let whole = try Data(contentsOf: URL(fileURLWithPath: database))
    #expect(Self.messages(at: path) != nil && Self.isRight(Self.messages(at: path)))
    for _ in 0..<Self.flips {
      var bytes = whole
      let place = Int.random(in: 0..<bytes.count)
      let bit = UInt8.random(in: 0..<8)
      bytes[place] ^= 1 << bit
      try bytes.write(to: URL(fileURLWithPath: database))
      for name in ["-wal", "-shm"] { unlink(database + name) }
      let messages = Self.messages(at: path)
      #expect(Self.isRight(messages), "byte \(place), bit \(bit)")
    }
  }

  @Test("every prefix is found damaged, or holds all of it") func prefixes() throws {
    let folder = TemporaryDirectory()
    let path = folder.file("spool")
    try Self.store(at: path)
    let database = path + "/outbox.db"
    let whole = try Data(contentsOf: URL(fileURLWithPath: database))
    for length in stride(from: 0, to: whole.count, by: 37) {
      try whole[..<length].write(to: URL(fileURLWithPath: database))
      for name in ["-wal", "-shm"] { unlink(database + name) }
      #expect(Self.isRight(Self.messages(at: path)), "\(length) bytes")
    }
  }
}

/// Topics that the server named by a number, for one network connection (MQTT 5 §3.3.2.3.4).  Their bytes stay where they are until the alias is
/// mapped anew, so a received message can point at them.
final class ReceivedAliases {
  private var topics: [UInt16: UnsafeMutableRawBufferPointer] = [:]

  deinit { removeAll() }

  subscript(alias: UInt16) -> UnsafeRawBufferPointer? { topics[alias].map { .init($0) } }

  func set(_ alias: UInt16, _ topic: UnsafeRawBufferPointer) {
    topics[alias]?.deallocate()
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: topic.count, alignment: 1)
    copy.copyMemory(from: topic)
    topics[alias] = copy
  }

  func removeAll() {
    for topic in topics.values { topic.deallocate() }
    topics = [:]
  }
}

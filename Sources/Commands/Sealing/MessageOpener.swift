// The subscriber's side of sealed payloads.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Sealing
import Transport

/// Takes messages out of their envelopes and refuses those that fail a check: `--open` and `--verify`.
final class MessageOpener {
  private var opener: Opener
  private let state: StateFile?
  /// The properties of the message that was opened last.
  private var properties = ByteBuffer()
  /// The first message that is refused ends it all.
  let isStrict: Bool

  /// Reads the keys and the state.
  ///
  /// - Returns: nil when messages are taken as they are.
  convenience init?(
    _ settings: Settings, until deadline: Duration?, stop: StopSignals?
  ) throws(Failure) {
    guard let keys = try OpeningKeys(settings.sealing, until: deadline, stop: stop) else {
      return nil
    }
    try self.init(keys, settings.sealing)
  }

  /// Reads the state.
  init(_ keys: OpeningKeys, _ asked: Settings.Sealing) throws(Failure) {
    isStrict = asked.isStrict
    var replay = ReplayGuard()
    if let path = asked.stateFile {
      let (file, memory) = try StateFile.open(path)
      state = file
      replay = memory
    } else {
      state = nil
    }
    do throws(KeyMisuse) {
      opener = try Opener(
        keys.openers, verifiers: keys.verifiers, allowsPlain: asked.allowsPlain, replay: replay)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  /// Opens a message where it lies, so that a large one is not copied: its payload is of no use afterwards.
  ///
  /// - Returns: the message as its sender meant it, valid as long as `message` and until the next is opened.
  /// - Throws: which check failed.
  func open(_ message: ReceivedMessage) throws(SealingFault) -> ReceivedMessage {
    var bound = BoundProperties()
    var binding = Binding(topic: [UInt8](message.topic))
    var head: UnsafeRawBufferPointer?
    var heads = 0
    message.forEachProperty { property in
      let first = message.bytes(property.first)
      if property.id == .userProperty, SealProperty.isName(first) {
        head = message.bytes(property.second)
        heads += 1
      } else if property.id == .contentType {
        binding.contentType = [UInt8](first)
      } else if property.id == .payloadFormatIndicator {
        binding.isText = property.number == 1
      } else {
        bound.add(property.id, first, message.bytes(property.second))
      }
    }
    if heads > 1 { throw .malformed("there are two of them") }
    if heads == 0, binding.contentType == Opener.sealedContentType {
      throw .malformed("the content type promises one, and there is none")
    }
    binding.others = bound.encoded
    // The input buffer is the client's, and nobody reads this payload from it again.
    let payload = UnsafeMutableRawBufferPointer(mutating: message.payload)
    let opened = try opener.open(
      Opener.Delivery(
        binding, head: head, payload: payload, isRepetition: message.duplicate || message.retain))
    var result = message
    result.payload = opened.payload
    if head != nil { result.properties = properties(of: message, opened) }
    return result
  }

  /// Without the envelope, and with what it had in it.
  private func properties(
    of message: ReceivedMessage, _ opened: Opener.Opened
  ) -> UnsafeRawBufferPointer {
    var reader = ByteReader(message.properties)
    guard var all = try? Properties(from: &reader, .publish) else { return message.properties }
    all.entries.removeAll { property in
      if case .pair(let name, _) = property.value { return SealProperty.isName(name.bytes) }
      return property.id == .contentType || property.id == .payloadFormatIndicator
    }
    if opened.isText { all.set(Property(.payloadFormatIndicator, 1)) }
    if let text = opened.contentType.flatMap({ try? UTF8String($0) }) {
      all.set(Property(.contentType, text))
    }
    properties.removeAll()
    all.encode(into: &properties)
    return properties.bytes
  }

  /// Has what was received on the disk.
  func save() throws(ClientFailure) {
    guard let state, opener.replay.isChanged else { return }
    do { try state.write(opener.replay) } catch { throw .transport(error) }
    opener.replay.isChanged = false
  }
}

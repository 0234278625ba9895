// The publisher's side of sealed payloads.

import Glibc
import MQTTProtocol
import MQTTSession
import Sealing
import Transport

/// Puts messages into envelopes: `--seal` and `--sign`.
final class MessageSealer {
  private var sealer: Sealer
  private let version: ProtocolVersion
  private var room = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  /// Reads the keys.
  ///
  /// - Returns: nil when messages are sent as they are.
  convenience init?(
    _ settings: Settings, until deadline: Duration?, stop: StopSignals?
  ) throws(Failure) {
    guard let keys = try SealingKeys(settings.sealing, until: deadline, stop: stop) else {
      return nil
    }
    try self.init(keys, settings.connection.version)
  }

  init(_ keys: SealingKeys, _ version: ProtocolVersion) throws(Failure) {
    self.version = version
    do throws(KeyMisuse) {
      sealer = try Sealer(
        keys.recipients, signer: keys.signer, random: randomBytes(Sealer.randomLength) ?? [])
    } catch {
      throw Failure(.usage, "--seal: \(error)")
    }
  }

  deinit { room.deallocate() }

  /// A message in its envelope, as it is published.
  struct Sealed {
    var publication: Publication
    /// Those of the publication.
    var properties: Properties
    /// Valid until the next message is sealed.
    var payload: UnsafeRawBufferPointer
  }

  /// - Parameter properties: those of the publication.
  /// - Throws: when the message is in an envelope already, or its head is too large.
  func seal(
    _ publication: Publication, _ properties: Properties, _ payload: UnsafeRawBufferPointer
  ) throws(Failure) -> Sealed {
    let envelope = try begin(publication, properties)
    let front = version == .v5 ? 0 : envelope.headLength
    let end = front + payload.count
    makeRoom(end + sealer.growth)
    let body = UnsafeMutableRawBufferPointer(rebasing: room[front..<end])
    body.copyMemory(from: payload)
    do throws(CryptoFailure) {
      var pass = try envelope.pass()
      try pass.transform(body)
      let ending = try pass.finish()
      let head = try envelope.head(ending)
      if front > 0 { room.copyBytes(from: head) }
      UnsafeMutableRawBufferPointer(rebasing: room[end...]).copyBytes(from: ending.tag)
      let carried = carry(head, properties)
      return Sealed(
        publication: version == .v5 ? publication.with(carried, version) : publication,
        properties: carried,
        payload: UnsafeRawBufferPointer(rebasing: room[..<(end + ending.tag.count)]))
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  /// Begins the envelope of a payload that goes through it in pieces.
  func begin(_ publication: Publication, _ properties: Properties) throws(Failure) -> Envelope {
    // Below MQTT 5 properties are not sent.
    let bound = version == .v5 ? properties : .none
    guard let binding = Binding(topic: publication.topic.bytes, bound) else {
      throw Failure(
        .usage, "the user property 'apus-seal' is there already: it is sealed or signed")
    }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let milliseconds = UInt64(max(0, time.tv_sec)) * 1000 + UInt64(time.tv_nsec / 1_000_000)
    let envelope = sealer.begin(binding, time: milliseconds)
    if version == .v5, (envelope.headLength + 2) / 3 * 4 > UTF8String.maximumLength {
      throw Failure(.packetTooLarge, "the envelope does not fit into a user property: fewer --seal")
    }
    return envelope
  }

  /// Bytes by which an envelope makes the payload longer.
  func growth(of envelope: Envelope) -> Int {
    sealer.growth + (version == .v5 ? 0 : envelope.headLength)
  }

  /// What stands before the payload.
  func front(_ head: [UInt8]) -> [UInt8] { version == .v5 ? [] : head }

  /// The publication with the envelope's head in its properties, where it goes there.
  func carry(
    _ head: [UInt8], _ publication: Publication, _ properties: Properties
  ) -> Publication {
    version == .v5 ? publication.with(carry(head, properties), version) : publication
  }

  private func carry(_ head: [UInt8], _ properties: Properties) -> Properties {
    guard version == .v5 else { return properties }
    var properties = properties
    if sealer.seals {
      properties.remove(.payloadFormatIndicator)
      properties.set(
        (try? UTF8String(Opener.sealedContentType)).flatMap { Property(.contentType, $0) })
    }
    if let name = try? UTF8String(SealProperty.name),
      let value = try? UTF8String(Array(Base64.text(head).utf8))
    {
      properties.set(Property(user: name, value))
    }
    return properties
  }

  private func makeRoom(_ count: Int) {
    if room.count >= count { return }
    room.deallocate()
    room = .allocate(byteCount: max(count, 2 * room.count), alignment: 16)
  }
}

// A large payload on its way into an envelope, a block at a time.

import MQTTProtocol
import MQTTSession
import Sealing

/// Where a payload is read from, as often as need be: fills a block from an offset and returns how many
/// bytes came, 0 at the end.
typealias PayloadReader = (UnsafeMutableRawBufferPointer, Int) throws(Failure) -> Int

/// The envelope of a payload that goes through it in blocks.  A signature stands before the payload, so what
/// is signed is read twice.
struct SealedFile: ~Copyable {
  let publication: Publication
  /// What stands before the payload.
  let front: [UInt8]
  /// Bytes of the whole.
  let length: Int
  private var pass: Pass

  init(
    _ publication: Publication, _ properties: Properties, _ size: Int, by sealer: MessageSealer,
    _ block: UnsafeMutableRawBufferPointer, _ read: PayloadReader
  ) throws(Failure) {
    let envelope = try sealer.begin(publication, properties)
    var head = envelope.unsignedHead ?? []
    if head.isEmpty { head = try Self.signedHead(envelope, size, block, read) }
    pass = try checked { () throws(CryptoFailure) in try envelope.pass() }
    front = sealer.front(head)
    length = size + sealer.growth(of: envelope)
    self.publication = sealer.carry(head, publication, properties)
  }

  private static func signedHead(
    _ envelope: Envelope, _ size: Int, _ block: UnsafeMutableRawBufferPointer, _ read: PayloadReader
  ) throws(Failure) -> [UInt8] {
    var pass = try checked { () throws(CryptoFailure) in try envelope.pass() }
    var offset = 0
    while offset < size {
      let room = UnsafeMutableRawBufferPointer(rebasing: block[..<min(block.count, size - offset)])
      let count = try read(room, offset)
      if count == 0 { break }
      offset += count
      do { try pass.transform(UnsafeMutableRawBufferPointer(rebasing: room[..<count])) } catch {
        throw Failure(.usage, "\(error)")
      }
    }
    do { return try envelope.head(try pass.finish()) } catch { throw Failure(.usage, "\(error)") }
  }

  /// Encrypts a block where it lies.
  mutating func transform(_ block: UnsafeMutableRawBufferPointer) throws(Failure) {
    do { try pass.transform(block) } catch { throw Failure(.usage, "\(error)") }
  }

  /// What stands behind the payload.
  consuming func tail() throws(Failure) -> [UInt8] {
    do { return try pass.finish().tag } catch { throw Failure(.usage, "\(error)") }
  }
}

private func checked<Value: ~Copyable>(
  _ body: () throws(CryptoFailure) -> Value
) throws(Failure) -> Value {
  do { return try body() } catch { throw Failure(.usage, "\(error)") }
}

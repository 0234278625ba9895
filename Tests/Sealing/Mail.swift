// What the tests of envelopes share: keys, and both ways an envelope travels.

import Sealing
import TestSupport
import Testing

/// How an envelope travels: its head in a property (MQTT 5), or before the payload (3.1.1).
enum Form: CaseIterable, Sendable { case property, front }

/// An envelope as bytes that a test may change.
struct Mail {
  var binding: Binding
  var head: [UInt8]?
  var body: [UInt8]

  /// Seals in one pass.
  init(
    _ payload: [UInt8], _ binding: Binding, by sealer: inout Sealer, _ form: Form,
    time: UInt64 = 1000
  ) throws {
    let envelope = sealer.begin(binding, time: time)
    var pass = try envelope.pass()
    body = payload
    try body.withUnsafeMutableBytes { bytes in
      // In two pieces, as large payloads are.
      let middle = bytes.count / 3
      try pass.transform(UnsafeMutableRawBufferPointer(rebasing: bytes[..<middle]))
      try pass.transform(UnsafeMutableRawBufferPointer(rebasing: bytes[middle...]))
    }
    let end = try pass.finish()
    body += end.tag
    let head = try envelope.head(end)
    self.binding = binding
    if sealer.seals {
      self.binding.isText = false
      self.binding.contentType = form == .property ? Opener.sealedContentType : nil
    }
    if form == .property {
      self.head = Array(Base64.text(head).utf8)
    } else {
      body = head + body
    }
  }

  /// What comes out, or which check failed.
  func open(
    by opener: inout Opener, isRepetition: Bool = false
  ) -> Result<[UInt8], SealingFault> {
    opened(by: &opener, isRepetition: isRepetition).map(\.payload)
  }

  func opened(
    by opener: inout Opener, isRepetition: Bool = false
  ) -> Result<(payload: [UInt8], contentType: [UInt8]?, isText: Bool), SealingFault> {
    var body = body
    return body.withUnsafeMutableBytes { body in
      (head ?? []).withUnsafeBytes { text in
        do throws(SealingFault) {
          let opened = try opener.open(
            Opener.Delivery(
              binding, head: head == nil ? nil : text, payload: body, isRepetition: isRepetition))
          return .success(([UInt8](opened.payload), opened.contentType, opened.isText))
        } catch {
          return .failure(error)
        }
      }
    }
  }
}

/// A way to seal or sign, and what the other side needs for it.
struct Keys: Sendable, CustomTestStringConvertible {
  let name: String
  let seal: [Key]
  let sign: Key?
  let open: [Key]
  let verify: [Key]
  var testDescription: String { name }

  func sealer(seed: UInt64 = 1) throws -> Sealer {
    var generator = Generator(seed: seed)
    return try Sealer(seal, signer: sign, random: generator.bytes(Sealer.randomLength))
  }

  func opener(
    allowsPlain: Bool = false, replay: ReplayGuard = ReplayGuard()
  ) throws -> Opener {
    try Opener(open, verifiers: verify, allowsPlain: allowsPlain, replay: replay)
  }

  static func key(_ type: KeyType, _ seed: UInt64) -> Key {
    var generator = Generator(seed: seed)
    return Key(type, secret: generator.bytes(32))!
  }

  static let all: [Keys] = {
    let (aes, chacha) = (key(.aes256GCM, 1), key(.chacha20Poly1305, 2))
    let (own, other) = (key(.x25519, 3), key(.x25519, 4))
    let (ed, mac) = (key(.ed25519, 5), key(.hmacSHA256, 6))
    let publics = [own.publicHalf!, other.publicHalf!]
    let ways: [(String, [Key], [Key])] = [
      ("nothing", [], []), ("aes", [aes], [aes]), ("chacha", [chacha], [chacha]),
      ("x25519", [publics[0]], [own]), ("two recipients", publics, [other]),
    ]
    return ways.flatMap { way in
      [
        Keys(name: way.0, seal: way.1, sign: nil, open: way.2, verify: []),
        Keys(
          name: way.0 + ", ed25519", seal: way.1, sign: ed, open: way.2, verify: [ed.publicHalf!]),
        Keys(name: way.0 + ", hmac", seal: way.1, sign: mac, open: way.2, verify: [mac]),
      ]
    }.filter { !$0.seal.isEmpty || $0.sign != nil }
  }()
}

extension Binding {
  static let plain = Binding(topic: Array("a/b".utf8))
  static let rich = Binding(
    topic: Array("a/b".utf8), contentType: Array("text/x".utf8), isText: true,
    others: [0x08, 0, 1, 0x72, 0x26, 0, 1, 0x6b, 0, 1, 0x76])
}

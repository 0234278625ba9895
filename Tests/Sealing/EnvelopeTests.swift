import Sealing
import TestSupport
import Testing

@Suite("Envelopes") struct EnvelopeTests {
  @Test("come out as they went in", arguments: Keys.all, Form.allCases)
  func roundTrip(_ keys: Keys, _ form: Form) throws {
    var generator = Generator(seed: 7)
    var sealer = try keys.sealer()
    var opener = try keys.opener()
    for length in [0, 1, 15, 16, 17, 255, 4096, 100_000] {
      let payload = generator.bytes(length)
      let binding: Binding = form == .property && length % 2 == 0 ? .rich : .plain
      let mail = try Mail(payload, binding, by: &sealer, form)
      let result = try mail.opened(by: &opener).get()
      #expect(result.payload == payload)
      #expect(result.contentType == binding.contentType)
      #expect(result.isText == binding.isText)
      if !keys.seal.isEmpty, length > 15 { #expect(!mail.body.starts(with: payload.prefix(16))) }
    }
  }

  @Test("every bit counts", arguments: Keys.all, Form.allCases)
  func bitFlips(_ keys: Keys, _ form: Form) throws {
    var sealer = try keys.sealer()
    let binding: Binding = form == .property ? .rich : .plain
    let mail = try Mail(Array("payload".utf8), binding, by: &sealer, form)
    var opener = try keys.opener()
    for place in mail.body.indices {
      for bit in 0..<8 {
        var changed = mail
        changed.body[place] ^= 1 << bit
        if case .success = changed.open(by: &opener) { Issue.record("payload \(place).\(bit)") }
      }
    }
    for place in (mail.head ?? []).indices {
      for bit in 0..<8 {
        var changed = mail
        changed.head?[place] ^= 1 << bit
        if case .success = changed.open(by: &opener) { Issue.record("head \(place).\(bit)") }
      }
    }
    for place in mail.binding.topic.indices {
      var changed = mail
      changed.binding.topic[place] ^= 1
      if case .success = changed.open(by: &opener) { Issue.record("topic \(place)") }
    }
    for place in mail.binding.others.indices {
      var changed = mail
      changed.binding.others[place] ^= 1
      if case .success = changed.open(by: &opener) { Issue.record("properties \(place)") }
    }
    for place in (mail.binding.contentType ?? []).indices {
      var changed = mail
      changed.binding.contentType?[place] ^= 1
      if case .success = changed.open(by: &opener) { Issue.record("content type \(place)") }
    }
    // And none of these attempts has used it up.
    #expect(try mail.open(by: &opener).get() == Array("payload".utf8))
  }

  @Test("cut off anywhere, or longer, they are refused", arguments: Keys.all, Form.allCases)
  func truncation(_ keys: Keys, _ form: Form) throws {
    var sealer = try keys.sealer()
    let mail = try Mail(Array("payload".utf8), .plain, by: &sealer, form)
    var opener = try keys.opener()
    for length in mail.body.indices {
      var cut = mail
      cut.body = Array(mail.body[..<length])
      if case .success = cut.open(by: &opener) { Issue.record("payload of \(length)") }
    }
    for length in (mail.head ?? []).indices {
      var cut = mail
      cut.head = Array(mail.head![..<length])
      if case .success = cut.open(by: &opener) { Issue.record("head of \(length)") }
    }
    var longer = mail
    longer.body.append(0)
    if case .success = longer.open(by: &opener) { Issue.record("longer payload") }
    #expect((try? mail.open(by: &opener).get()) != nil)
  }

  @Test("each change has its name", arguments: Form.allCases) func names(_ form: Form) throws {
    let keys = Keys.all.first { $0.name == "aes, ed25519" }!
    var sealer = try keys.sealer()
    let mail = try Mail([1], .plain, by: &sealer, form)
    var moved = mail
    moved.binding.topic = Array("c".utf8)
    var opener = try keys.opener()
    #expect(moved.open(by: &opener) == .failure(.wrongSignature(keys.sign!.id)))
    var unsigning = try Opener(keys.open, verifiers: [], allowsPlain: false)
    #expect(moved.open(by: &unsigning) == .failure(.wrongTag))
    var typed = mail
    typed.binding.contentType = Array("text/plain".utf8)
    #expect(typed.open(by: &opener) == .failure(.wrongContentType))
    var strange = try Opener([Keys.key(.aes256GCM, 99)], verifiers: [], allowsPlain: false)
    #expect(mail.open(by: &strange) == .failure(.noKeyToOpen([keys.seal[0].id])))
    var distrusting = try Opener(
      keys.open, verifiers: [Keys.key(.ed25519, 99)], allowsPlain: false)
    #expect(mail.open(by: &distrusting) == .failure(.noKeyToVerify(keys.sign!.id)))
    #expect((try? mail.open(by: &opener).get()) == [1])
    #expect(mail.open(by: &opener) == .failure(.replayed))
    #expect(mail.open(by: &opener, isRepetition: true) == .failure(.repeated))
  }

  @Test("a recipient cannot be taken away") func recipients() throws {
    let keys = Keys.all.first { $0.name == "two recipients" }!
    var sealer = try keys.sealer()
    let mail = try Mail([1, 2], .plain, by: &sealer, .front)
    // 40 bytes to the ephemeral key, 32 of it, the count, then 56 for each.
    var less = mail
    less.body[72] = 1
    less.body.removeSubrange(73..<129)
    var opener = try keys.opener()
    #expect(less.open(by: &opener) == .failure(.wrongTag))
    for secret in [Keys.key(.x25519, 3), Keys.key(.x25519, 4)] {
      var opener = try Opener([secret], verifiers: [], allowsPlain: false)
      #expect(try mail.open(by: &opener).get() == [1, 2])
    }
  }

  @Test("a signature cannot be taken away or replaced", arguments: Form.allCases)
  func signature(_ form: Form) throws {
    let signed = Keys.all.first { $0.name == "aes, ed25519" }!
    var sealer = try signed.sealer()
    let mail = try Mail([1], .plain, by: &sealer, .front)
    var bare = mail
    // Byte 6 says which; 48 bytes to the signer's name, 8 of it and 64 of the signature.
    bare.body[6] = 0
    bare.body.removeSubrange(48..<120)
    var opener = try Opener(signed.open, verifiers: [], allowsPlain: true)
    #expect(bare.open(by: &opener) == .failure(.wrongTag))
    #expect(try mail.open(by: &opener).get() == [1])
  }

  static let requirements: [(String, Bool, Bool, SealingFault?)] = [
    ("plain", true, false, .notSealed), ("plain", false, true, .notSigned),
    ("signed", true, true, .notSealed), ("signed", false, true, nil),
    ("sealed", true, true, .notSigned), ("sealed", true, false, nil),
    ("both", true, true, nil), ("both", true, false, nil),
  ]

  @Test(
    "what is asked for must be there, unless plain messages are allowed", arguments: requirements)
  func demands(_ what: String, _ opens: Bool, _ verifies: Bool, _ fault: SealingFault?) throws {
    let keys = Keys.all.first { $0.name == "aes, hmac" }!
    let seals = what == "sealed" || what == "both"
    let signs = what == "signed" || what == "both"
    for allowsPlain in [false, true] {
      var opener = try Opener(
        opens ? keys.open : [], verifiers: verifies ? keys.verify : [], allowsPlain: allowsPlain)
      var mail: Mail
      var sealer = try Sealer(
        seals ? keys.seal : [], signer: signs ? keys.sign : nil,
        random: [UInt8](repeating: 1, count: Sealer.randomLength))
      mail = try Mail([7], .plain, by: &sealer, .front)
      if what == "plain" { mail.body = [7] }
      let expected: Result<[UInt8], SealingFault> =
        allowsPlain ? .success([7]) : fault.map { .failure($0) } ?? .success([7])
      #expect(mail.open(by: &opener) == expected)
    }
  }

  @Test("random bytes are no envelope, and no harm") func noise() throws {
    var generator = Generator(seed: 3)
    var opener = try Keys.all[3].opener()
    for length in 0..<2000 {
      var sealer = try Keys.all[3].sealer()
      var mail = try Mail([], .plain, by: &sealer, .front)
      mail.body = Array(mail.body.prefix(8)) + generator.bytes(length % 400)
      if case .success = mail.open(by: &opener) { Issue.record("\(mail.body)") }
    }
  }

  @Test("keys that do not fit are told") func misuse() throws {
    let random = [UInt8](repeating: 0, count: Sealer.randomLength)
    let (aes, own, ed) = (Keys.key(.aes256GCM, 1), Keys.key(.x25519, 1), Keys.key(.ed25519, 1))
    for keys in [[ed], [aes, own], [aes, aes]] {
      #expect(throws: KeyMisuse.self) { _ = try Sealer(keys, signer: nil, random: random) }
    }
    for signer in [aes, own, ed.publicHalf!] {
      #expect(throws: KeyMisuse.self) { _ = try Sealer([], signer: signer, random: random) }
    }
    for key in [ed, own.publicHalf!] {
      #expect(throws: KeyMisuse.self) { _ = try Opener([key], verifiers: [], allowsPlain: false) }
    }
    #expect(throws: KeyMisuse.self) { _ = try Opener([], verifiers: [aes], allowsPlain: false) }
  }
}

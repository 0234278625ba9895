import SASL
import TestSupport
import Testing

/// RFC 5802 and 7677: what the client says, and what it does not put up with.
@Suite("SCRAM") struct SCRAMTests {
  struct Vector: CustomTestStringConvertible, Sendable {
    let name: String
    let hash: SCRAMHash
    let nonce: String
    let server: String
    let final: String
    let signature: String
    var testDescription: String { name }
  }

  static let vectors = [
    Vector(
      name: "RFC 5802 §5", hash: .sha1, nonce: "fyko+d2lbbFgONRv9qkxdawL",
      server: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      final: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      signature: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="),
    Vector(
      name: "RFC 7677 §3", hash: .sha256, nonce: "rOprNGfwEbeRWgbNEkqO",
      server:
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      final: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      signature: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
  ]

  @Test("the RFCs' own exchanges", arguments: vectors) func vector(_ vector: Vector) throws {
    var scram = try SCRAM(
      vector.hash, user: bytes("user"), password: bytes("pencil"), nonce: bytes(vector.nonce),
      binding: nil)
    #expect(scram.first == bytes("n,,n=user,r=\(vector.nonce)"))
    #expect(try scram.answer(bytes(vector.server)) == bytes(vector.final))
    #expect(!scram.isVerified)
    try scram.verify(bytes(vector.signature))
    #expect(scram.isVerified)
  }

  @Test(
    "against a server in Python: each hash, names with separators, other scripts, channel binding",
    arguments: [
      (SCRAMHash.sha1, "sha1"), (.sha256, "sha256"), (.sha512, "sha512"),
    ])
  func independent(_ hash: SCRAMHash, _ name: String) throws {
    for (user, password) in [("a,b=c", "p,=w"), ("Müßig", "Ωмега字€"), ("u", "")] {
      for binding in [nil, (0..<32).map { UInt8($0) }] {
        let server = try SCRAMServer(
          name, password: password, iterations: 5000, binding: binding)
        var scram = try SCRAM(
          hash, user: bytes(user), password: bytes(password), nonce: bytes("abcdefghijklmnop"),
          binding: binding)
        let final = try scram.answer(try server.answer(scram.first))
        try scram.verify(try server.answer(final))
        #expect(scram.isVerified)
      }
    }
  }

  @Test("the server hears of another channel, and of a wrong password") func refusals() throws {
    for (password, binding, reason) in [
      ("right", [1, 2, 3] as [UInt8], "channel-bindings-dont-match"),
      ("wrong", [9], "invalid-proof"),
    ] {
      let server = try SCRAMServer("sha256", password: "right", binding: [9])
      var scram = try SCRAM(
        .sha256, user: bytes("u"), password: bytes(password), nonce: bytes("abcdefghijklmnop"),
        binding: binding)
      let answer = try server.answer(try scram.answer(try server.answer(scram.first)))
      #expect(throws: SCRAMFault.refused(bytes(reason))) { try scram.verify(answer) }
      #expect(!scram.isVerified)
    }
  }

  static let own = "fyko+d2lbbFgONRv9qkxdawL"

  static let malformed: [(name: String, message: String, fault: SCRAMFault)] = [
    ("nothing", "", .malformed("no nonce (r=) in its place")),
    ("no text", "\u{0}\u{ff}", .malformed("no nonce (r=) in its place")),
    ("another order", "s=YQ==,r=\(own)x,i=4096", .malformed("no nonce (r=) in its place")),
    ("an empty nonce", "r=,s=YQ==,i=4096", .malformed("no nonce (r=) in its place")),
    ("our nonce only", "r=\(own),s=YQ==,i=4096", .nonceNotOurs),
    ("another nonce", "r=x\(own),s=YQ==,i=4096", .nonceNotOurs),
    ("a cut nonce", "r=fyko,s=YQ==,i=4096", .nonceNotOurs),
    (
      "a blank in the nonce", "r=\(own) x,s=YQ==,i=4096",
      .malformed("a nonce that is not printable")
    ),
    ("no salt", "r=\(own)x,i=4096", .malformed("no salt (s=) in its place")),
    ("an empty salt", "r=\(own)x,s=,i=4096", .malformed("no salt (s=) in its place")),
    ("salt without padding", "r=\(own)x,s=YQ,i=4096", .malformed("a salt that is not base64")),
    ("salt with a blank", "r=\(own)x,s= YQ=,i=4096", .malformed("a salt that is not base64")),
    ("salt of padding", "r=\(own)x,s====,i=4096", .malformed("a salt that is not base64")),
    ("salt with stray bits", "r=\(own)x,s=YR==,i=4096", .malformed("a salt that is not base64")),
    ("salt in URL letters", "r=\(own)x,s=_-8=,i=4096", .malformed("a salt that is not base64")),
    ("no count", "r=\(own)x,s=YQ==", .malformed("no iteration count (i=) in its place")),
    (
      "a count of zero", "r=\(own)x,s=YQ==,i=0",
      .malformed("an iteration count that is no number")
    ),
    (
      "a signed count", "r=\(own)x,s=YQ==,i=-4096",
      .malformed("an iteration count that is no number")
    ),
    ("a plus", "r=\(own)x,s=YQ==,i=+4096", .malformed("an iteration count that is no number")),
    (
      "a leading zero", "r=\(own)x,s=YQ==,i=04096",
      .malformed("an iteration count that is no number")
    ),
    (
      "a count with text", "r=\(own)x,s=YQ==,i=4096x",
      .malformed("an iteration count that is no number")
    ),
    ("4095 iterations", "r=\(own)x,s=YQ==,i=4095", .tooFewIterations(4095)),
    ("one iteration", "r=\(own)x,s=YQ==,i=1", .tooFewIterations(1)),
    ("2,000,001 iterations", "r=\(own)x,s=YQ==,i=2000001", .tooManyIterations),
    ("more than Int holds", "r=\(own)x,s=YQ==,i=99999999999999999999999", .tooManyIterations),
    ("a mandatory extension", "m=x,r=\(own)x,s=YQ==,i=4096", .mandatoryExtension),
    ("an empty extension", "r=\(own)x,s=YQ==,i=4096,", .malformed("an extension that is none")),
    (
      "an extension without =", "r=\(own)x,s=YQ==,i=4096,x", .malformed("an extension that is none")
    ),
    ("a digit for a name", "r=\(own)x,s=YQ==,i=4096,1=x", .malformed("an extension that is none")),
    ("a refusal at once", "e=unknown-user", .malformed("no nonce (r=) in its place")),
  ]

  @Test("a server's first message that is wrong", arguments: malformed.indices)
  func first(_ index: Int) throws {
    let row = Self.malformed[index]
    var scram = try example()
    #expect(throws: row.fault, "\(row.name)") { _ = try scram.answer(bytes(row.message)) }
    // Nothing was said: no second chance either.
    #expect(throws: SCRAMFault.outOfTurn) { try scram.verify(bytes("v=YQ==")) }
  }

  @Test("a server's last message that is wrong") func last() throws {
    let rows: [(String, SCRAMFault)] = [
      ("", .malformed("no signature (v=) in its place")),
      ("v=", .malformed("no signature (v=) in its place")),
      ("v=rmF9pqV8S7suAoZWja4dJRkFsKQ", .malformed("a signature that is not base64")),
      ("v=rmF9pqV8S7suAoZWja4dJRkFsKU=", .wrongSignature),
      ("v=rmF9pqV8S7suAoZWja4dJRkF", .wrongSignature),
      ("v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", .wrongSignature),
      ("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,", .malformed("an extension that is none")),
      ("e=other-error", .refused(bytes("other-error"))),
      ("e=", .malformed("an empty refusal (e=)")),
    ]
    for (message, fault) in rows {
      var scram = try example()
      _ = try scram.answer(bytes(Self.vectors[0].server))
      #expect(throws: fault) { try scram.verify(bytes(message)) }
      #expect(!scram.isVerified)
    }
  }

  @Test("extensions that need no understanding are passed over; a second answer is out of turn")
  func extensions() throws {
    var scram = try example()
    _ = try scram.answer(bytes(Self.vectors[0].server + ",x=y=z,Q=1"))
    #expect(throws: SCRAMFault.outOfTurn) {
      _ = try scram.answer(bytes(Self.vectors[0].server))
    }
  }

  @Test("a refusal is shown without what would act on a terminal") func shown() {
    let fault = SCRAMFault.refused(bytes("a\u{1b}[31m\n") + [0xff])
    #expect(fault.description == "the server refused: a?[31m??")
  }

  private func example() throws -> SCRAM {
    try SCRAM(
      .sha1, user: bytes("user"), password: bytes("pencil"), nonce: bytes(Self.own), binding: nil)
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

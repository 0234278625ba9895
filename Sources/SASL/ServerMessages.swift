// What the server sends in SCRAM, read strictly.  RFC 5802 §7.

/// server-first-message: `r=NONCE,s=SALT,i=COUNT` and extensions that need no understanding.
struct ServerFirst {
  let nonce: [UInt8]
  let salt: [UInt8]
  let iterations: Int

  init(_ message: [UInt8], extending own: [UInt8]) throws(SCRAMFault) {
    var attributes = Attributes(message)
    if attributes.isNext("m") { throw .mandatoryExtension }
    nonce = try attributes.next("r", "no nonce (r=) in its place")
    salt = Base64Text.bytes(try attributes.next("s", "no salt (s=) in its place")) ?? []
    let count = try attributes.next("i", "no iteration count (i=) in its place")
    try attributes.passExtensions()
    guard nonce.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw .malformed("a nonce that is not printable")
    }
    guard nonce.starts(with: own), nonce.count > own.count else { throw .nonceNotOurs }
    if salt.isEmpty { throw .malformed("a salt that is not base64") }
    guard (0x31...0x39).contains(count.first ?? 0), count.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw .malformed("an iteration count that is no number") }
    guard let iterations = Int(String(decoding: count, as: UTF8.self)),
      iterations <= SCRAM.iterations.upperBound
    else { throw .tooManyIterations }
    if iterations < SCRAM.iterations.lowerBound { throw .tooFewIterations(iterations) }
    self.iterations = iterations
  }
}

/// server-final-message: `v=SIGNATURE`, or `e=WORD` for a refusal, and extensions.
struct ServerFinal {
  let signature: [UInt8]

  init(_ message: [UInt8]) throws(SCRAMFault) {
    var attributes = Attributes(message)
    if attributes.isNext("e") {
      throw .refused(try attributes.next("e", "an empty refusal (e=)"))
    }
    let text = try attributes.next("v", "no signature (v=) in its place")
    try attributes.passExtensions()
    guard let signature = Base64Text.bytes(text) else {
      throw .malformed("a signature that is not base64")
    }
    self.signature = signature
  }
}

/// `a=value` pieces between commas.
private struct Attributes {
  private var rest: ArraySlice<ArraySlice<UInt8>>

  init(_ message: [UInt8]) {
    rest = message.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)[...]
  }

  func isNext(_ name: Unicode.Scalar) -> Bool {
    rest.first?.starts(with: [UInt8(ascii: name), UInt8(ascii: "=")]) ?? false
  }

  /// - Returns: a value, never an empty one.
  mutating func next(_ name: Unicode.Scalar, _ fault: String) throws(SCRAMFault) -> [UInt8] {
    guard isNext(name), let piece = rest.popFirst(), piece.count > 2 else {
      throw .malformed(fault)
    }
    return Array(piece.dropFirst(2))
  }

  /// attr-val: a letter, `=`, and at least one character.
  func passExtensions() throws(SCRAMFault) {
    for piece in rest {
      guard let letter = piece.first, (0x41...0x5a).contains(letter & 0xdf), piece.count > 2,
        piece.dropFirst().first == UInt8(ascii: "="), !piece.contains(0)
      else { throw .malformed("an extension that is none") }
    }
  }
}

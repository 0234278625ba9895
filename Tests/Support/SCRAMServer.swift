// The server's side of SCRAM, by somebody else's arithmetic.

import Foundation

/// A Python program that only uses hashlib and hmac.
package final class SCRAMServer {
  private let program: RunningProgram
  private var lines = 0

  /// - Parameters:
  ///   - hash: as hashlib names it.
  ///   - binding: what the connection is bound to.
  package init(
    _ hash: String, password: String, iterations: Int = 4096, salt: String = "c2FsdHlzYWx0",
    suffix: String = "3rfcNHYJY1ZVvWVs7j", binding: [UInt8]? = nil
  ) throws {
    let bound = binding.map { Data($0).base64EncodedString() } ?? ""
    program = try RunningProgram(
      [
        "python3", "-u", "-c", Self.source, hash, password, String(iterations), salt, suffix, bound,
      ],
      input: .open)
  }

  /// - Returns: the server's message for the client's.
  package func answer(_ message: [UInt8]) throws -> [UInt8] {
    program.write(Data(message).base64EncodedString() + "\n")
    lines += 1
    try eventually("an answer of the SCRAM server: \(program.errorText)", within: 20) {
      program.outputText.split(separator: "\n").count >= lines
        && program.outputText.hasSuffix("\n")
    }
    let line = program.outputText.split(separator: "\n")[lines - 1]
    return Array(Data(base64Encoded: String(line)) ?? Data())
  }

  private static let source = """
    import sys, hashlib, hmac
    from base64 import b64decode, b64encode
    name, password, count, salt, suffix, bound = sys.argv[1:7]
    def mac(key, text): return hmac.new(key, text, name).digest()
    def say(text): print(b64encode(text).decode())
    def take(): return b64decode(sys.stdin.readline())
    while True:
      first = take()
      if not first: break
      gs2, bare = (first[:first.index(b",,") + 2], first[first.index(b",,") + 2:])
      nonce = dict(p.split(b"=", 1) for p in bare.split(b","))[b"r"] + suffix.encode()
      server = b"r=" + nonce + b",s=" + salt.encode() + b",i=" + count.encode()
      say(server)
      final = take()
      head, proof = final.rsplit(b",p=", 1)
      salted = hashlib.pbkdf2_hmac(name, password.encode(), b64decode(salt), int(count))
      key = mac(salted, b"Client Key")
      stored = hashlib.new(name, key).digest()
      text = bare + b"," + server + b"," + head
      shown = bytes(a ^ b for a, b in zip(b64decode(proof), mac(stored, text)))
      channel = b64encode(gs2 + b64decode(bound))
      if hashlib.new(name, shown).digest() != stored: say(b"e=invalid-proof")
      elif head != b"c=" + channel + b",r=" + nonce: say(b"e=channel-bindings-dont-match")
      else: say(b"v=" + b64encode(mac(mac(salted, b"Server Key"), text)))
    """
}

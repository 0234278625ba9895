import Foundation
import TestSupport
import Testing

@Suite("apus key, and keys that cannot be used") struct KeyCommandTests {
  let folder = TemporaryDirectory()

  @Test("makes a file for its owner only, and never over another", arguments: KeyRing.types)
  func new(_ type: String) throws {
    let path = folder.file("k")
    let made = try Program.run(["key", "new", path, "--type", type])
    #expect(made.ending == .exited(0) && made.output == [] && made.errors == "")
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix("apus-key-1 \(type) secret ") && text.hasSuffix("=\n"))
    let again = try Program.run(["key", "new", "--type=\(type)", path])
    #expect(again.ending == .exited(1))
    #expect(again.errors == "apus key: \(path): file exists\n")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    // Nothing else was left behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["k"])
    let shown = try Program.run(["key", "show", path])
    let line = String(decoding: shown.output, as: UTF8.self)
    #expect(line.wholeMatch(of: /[a-z0-9-]+ secret [0-9a-f]{16}\n/) != nil, "\(line)")
    #expect(!line.contains(text.split(separator: " ")[3].dropLast()))
    let half = try Program.run(["key", "public", path])
    #expect(half.ending == .exited(type.contains("25519") ? 0 : 1))
    if type.contains("25519") {
      let given = try folder.write(half.output, to: "p")
      let other = try Program.run(["key", "show", given])
      #expect(
        String(decoding: other.output, as: UTF8.self) == line.replacing("secret", with: "public"))
      #expect(try Program.run(["key", "public", given]).output == half.output)
    }
  }

  static let mistakes: [(String, String)] = [
    ("key", "what to do is missing"), ("key make k", "'make' is not new, public or show"),
    ("key new k", "new needs --type"), ("key new --type rsa k", "'rsa' is not one of aes-256-gcm"),
    ("key new --type x25519", "new needs the name of a file"), ("key show", "show needs"),
    ("key show a b", "unexpected argument 'b'"),
    ("key show --type x25519 a", "--type goes with new"),
    ("key show /none/k", "/none/k: no such file"),
    ("key show /dev/null", "/dev/null is no key file"),
    ("key new --type x25519 /none/k", "/none/k"), ("key show --frob k", "--frob"),
    ("pub -t a -m x --seal /none", "--seal: /none: no such file"),
    ("pub -t a -m x --seal DIR/ed25519", "--seal: DIR/ed25519 is a key to sign with"),
    ("pub -t a -m x --sign DIR/x25519", "--sign: DIR/x25519 is a key to seal with"),
    ("pub -t a -m x --sign DIR/ed25519.pub", "--sign: DIR/ed25519.pub is only the public half"),
    ("sub -t a --open DIR/x25519.pub", "--open: DIR/x25519.pub is only the public half"),
    ("sub -t a --verify DIR/aes-256-gcm", "--verify: DIR/aes-256-gcm is a key to seal with"),
    ("pub -t a -m x --seal DIR/aes-256-gcm --seal DIR/x25519", "each must be x25519"),
    ("sub -t a --strict", "--strict needs --open or --verify"),
    ("sub -t a --state s", "--state needs --open or --verify"),
    ("sub -t a --allow-plain", "--allow-plain needs --open or --verify"),
    ("sub -t a --open DIR/x25519 --state DIR", "--state: DIR"),
    ("sub -t a --open DIR/x25519 --state DIR/ed25519.pub", "is damaged, or another kind of file"),
    ("pub -t a -m x --seal DIR/x25519 --will-topic w", "--will-topic does not go with --seal"),
    ("pub -t a -r -n --seal DIR/x25519", "leave out --seal"),
    (
      "pub -V 5 -t a -m x --seal DIR/x25519 -D publish user-property apus-seal x",
      "'apus-seal' is there already"
    ),
  ]

  @Test("one line says what is wrong", arguments: mistakes) func wrong(
    _ line: String, _ says: String
  ) throws {
    let ring = try SealingTests.ring.get()
    let broker = try Shared.broker.get()
    let words = line.replacing("DIR", with: ring.folder.path).split(separator: " ").map(String.init)
    let result = try Program.run(words + (words[0] == "key" ? [] : broker.address))
    #expect(result.ending == .exited(1))
    #expect(
      result.errors.contains(says.replacing("DIR", with: ring.folder.path)), "\(result.errors)")
    let lines = result.errors.split(separator: "\n").filter { !$0.hasPrefix("Try ") }
    #expect(lines.count == 1, "\(result.errors)")
  }

  @Test(
    "a secret that others can read is refused, a public half is not", arguments: [0o640, 0o604])
  func readable(_ mode: Int) throws {
    let ring = try SealingTests.ring.get()
    let path = try folder.write(Array(ring.text("x25519").utf8), to: "open")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    for words in [["key", "show", path], ["sub", "-t", "a", "--open", path]] {
      let result = try Program.run(words)
      #expect(result.ending == .exited(1))
      #expect(result.errors.contains("\(path): other users can read this secret key; chmod 600"))
    }
    let half = try folder.write(Array(ring.text("x25519.pub").utf8), to: "half")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: half)
    #expect(try Program.run(["key", "show", half]).ending == .exited(0))
  }

  @Test("neither the key nor the payload is in -d, errors or config") func secrets() throws {
    let ring = try SealingTests.ring.get()
    let broker = try Shared.broker.get()
    let path = ring["aes-256-gcm"]
    let secret = try ring.text("aes-256-gcm").split(separator: " ")[3].dropLast()
    let words = ["-t", Shared.name("seal"), "-m", "geheim", "--seal", path]
    let sent = try Program.run(["pub", "-d", "-V", "5"] + broker.address + words)
    #expect(sent.ending == .exited(0))
    #expect(sent.errors.contains("PUBLISH"))
    #expect(!sent.errors.contains(secret) && !sent.errors.contains("geheim"))
    let config = try Program.run(["config", "pub"] + words)
    let listing = String(decoding: config.output, as: UTF8.self)
    #expect(listing.contains("--seal \(path)") && !listing.contains(secret))
  }
}

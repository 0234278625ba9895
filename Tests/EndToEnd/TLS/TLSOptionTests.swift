import Foundation
import TestSupport
import Testing

/// Options about TLS that are wrong, alone or together.
@Suite("TLS options that cannot be") struct TLSOptionTests {
  static let rows: [WrongLine] = [
    WrongLine("--key without --cert", "sub -t a --key x", says: "--key needs --cert"),
    WrongLine("a pin of another kind", "sub -t a --pin md5//x", says: "--pin", "sha256//"),
    WrongLine("half a pin", "sub -t a --pin sha256//AAAA=", says: "--pin", "44"),
    WrongLine("a passphrase without a key", "sub -t a --key-pass-env X", says: "--key-pass-env"),
    WrongLine("--psk without its name", "sub -t a --psk 00", says: "--psk-identity"),
    WrongLine("--psk-identity alone", "sub -t a --psk-identity x", says: "--psk"),
    WrongLine("--psk of no digits", "sub -t a --psk ''", says: "--psk", "hexadecimal"),
    WrongLine("--psk of half a byte", "sub -t a --psk 012", says: "--psk", "pairs"),
    WrongLine(
      "--psk above 512 bytes", "sub", words("-t", "a", "--psk", long(1026).map { _ in 0x30 }),
      says: "--psk", "512"),
    WrongLine(
      "--psk with certificates", "sub -t a --psk 00 --psk-identity x --cafile y",
      says: "--psk", "--cafile"),
    WrongLine(
      "--psk with --insecure", "sub -t a --psk 00 --psk-identity x --insecure", says: "--insecure"),
    WrongLine("--insecure with --crl", "sub -t a --insecure --crl x", says: "--crl"),
    WrongLine("TLS of old", "sub -t a --tls-version tlsv1.1", says: "'tlsv1.1'", "tlsv1.2"),
    WrongLine("no cipher", "sub -t a --ciphers nonsense", says: "--ciphers", "'nonsense'"),
    WrongLine("no cipher at all", "sub -t a --ciphers :", says: "--ciphers"),
    WrongLine(
      "a cipher of TLS 1.2 with 1.3", "sub -t a --tls-version tlsv1.3 --ciphers AES128-SHA",
      says: "--ciphers", "AES128-SHA"),
    WrongLine("an empty protocol", "sub -t a --tls-alpn ''", says: "--tls-alpn"),
    WrongLine("an empty path", "sub -t a --cafile ''", says: "--cafile", "empty"),
    WrongLine(
      "a CA file that is not there", "sub -t a --cafile /proc/none", says: "CA file /proc/none: no"),
    WrongLine("a folder for a CA file", "sub -t a --cafile /", says: "CA file /: is a directory"),
    WrongLine(
      "a CA file without certificates", "sub -t a --cafile /etc/passwd",
      says: "CA file /etc/passwd: has no certificate"),
    WrongLine("an empty CA file", "sub -t a --cafile /dev/null", says: "has no certificate"),
    WrongLine(
      "a CA directory that is not there", "sub -t a --capath /proc/none", says: "CA directory"),
    WrongLine(
      "a CA directory without certificates", "sub -t a --capath /proc", says: "'openssl rehash'"),
    WrongLine(
      "a certificate that is none", "sub -t a --cert /dev/null --key /dev/null",
      says: "client certificate /dev/null"),
    WrongLine(
      "a revocation list that is none", "sub -t a --crl /dev/null", says: "revocation lists"),
  ]

  @Test(arguments: rows) func refuse(_ row: WrongLine) throws { try row.check() }

  @Test("a key that does not belong to the certificate, or is none") func keys() throws {
    let made = try Secure.certificates.get()
    for (key, text) in [
      (made.file("ca-key.pem"), "does not belong to the certificate in"),
      (made.file("ca.pem"), "has no private key in PEM form"),
      ("/proc/none", "no such file"),
    ] {
      let row = WrongLine(
        "key", "pub", words("-t", "a", "-m", "x", "--cert", made.file("client.pem"), "--key", key),
        says: "private key \(key): \(text)")
      try row.check()
    }
  }

  @Test("a certificate whose key is nowhere") func alone() throws {
    let file = try Secure.certificates.get().file("client.pem")
    try WrongLine(
      "key", "pub", words("-t", "a", "-m", "x", "--cert", file),
      says: "private key \(file): has no private key in PEM form; --key names its file"
    ).check()
  }

  @Test("a file that is damaged in one place") func damaged() throws {
    let made = try Secure.certificates.get()
    func damage(_ name: String) throws -> String {
      var text = try String(contentsOfFile: made.file(name), encoding: .utf8)
      let middle = text.index(text.startIndex, offsetBy: text.count / 2)
      text.replaceSubrange(middle...middle, with: "!")
      return try made.directory.write(Array(text.utf8), to: "damaged-\(name)")
    }
    let client = made.file("client.pem")
    let address = try Secure.Way.tls.broker.address
    for (words, text) in [
      (
        ["--cafile", try damage("ca.pem")],
        "CA file \(made.file("damaged-ca.pem")): its certificate is damaged"
      ),
      (
        ["--cert", try damage("client.pem"), "--key", made.file("key.pem")],
        "its certificate is damaged"
      ),
      (["--cert", client, "--key", try damage("key.pem")], "its private key is damaged"),
    ] {
      let row = WrongLine(
        "damaged", "pub", (address + ["-t", "a", "-m", "x"] + words).map { Array($0.utf8) },
        says: text)
      try row.check()
    }
  }

  @Test("a secret stands in no message") func secret() throws {
    for words in [["--psk", "00secret"], ["--psk", "0123", "--psk-identity", "me"]] {
      let result = try Program.run(["pub", "-t", "a", "-m", "x", "-h", "127.0.0.1"] + words)
      #expect(result.ending == .exited(1))
      #expect(!result.errors.contains("secret") && !result.errors.contains("0123"))
    }
  }
}

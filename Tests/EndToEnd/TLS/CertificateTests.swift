import Foundation
import TestSupport
import Testing

/// One server certificate, who is asked for, and what comes of it.
struct CertificateRow: Sendable, CustomTestStringConvertible {
  let name: String
  let certificate: String
  let host: String
  /// Options; a word that begins with `@` is a file of the certificates' folder.
  let words: String
  /// What the one line on standard error says; nil: accepted.
  let refusal: String?
  var environment: [String: String] = [:]

  var testDescription: String { name }

  init(
    _ name: String, _ certificate: String, _ host: String, _ words: String = "--cafile @ca.pem",
    refused refusal: String? = nil, environment: [String: String] = [:]
  ) {
    self.name = name
    self.certificate = certificate
    self.host = host
    self.words = words
    self.refusal = refusal
    self.environment = environment
  }
}

/// Which servers are believed to be who they say.
@Suite("Certificates") struct CertificateTests {
  static let made: Result<Certificates, any Error> = Result {
    let made = try Certificates()
    let old = "20200101000000Z"
    try made.issue("localhost", "subjectAltName=DNS:localhost")
    try made.issue("upper", "subjectAltName=DNS:BROKER.LocalHost")
    try made.issue("wildcard", "subjectAltName=DNS:*.test.localhost")
    try made.issue("partial", "subjectAltName=DNS:b*.test.localhost")
    try made.issue("address", "subjectAltName=IP:127.0.0.1,IP:::1")
    try made.issue("addressName", "subjectAltName=DNS:127.0.0.1")
    try made.issue("otherAddress", "subjectAltName=IP:127.0.0.2")
    try made.issue("many", "subjectAltName=DNS:a.example,DNS:localhost,IP:10.0.0.1")
    try made.issue("other", "subjectAltName=DNS:other.example,IP:10.0.0.1")
    try made.issue("mail", "subjectAltName=email:me@localhost", subject: "/CN=localhost")
    try made.issue("common", "basicConstraints=CA:FALSE", subject: "/CN=localhost")
    try made.issue("commonAddress", "basicConstraints=CA:FALSE", subject: "/CN=127.0.0.1")
    try made.issue("commonBeside", "subjectAltName=DNS:x.example", subject: "/CN=localhost")
    try made.issue("expired", "subjectAltName=DNS:localhost", from: old, to: "20210101000000Z")
    try made.issue(
      "future", "subjectAltName=DNS:localhost", from: "20400101000000Z", to: "20410101000000Z")
    try made.issue("client", "subjectAltName=DNS:localhost", "extendedKeyUsage=clientAuth")
    try made.issue("revoked", "subjectAltName=DNS:localhost", subject: "/CN=gone")
    try made.revoke("revoked")
    try made.writeRevocations()
    try made.writeRevocations("old-crl.pem", until: "20210101000000Z")

    try made.makeKey("rsa-key.pem", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    try made.issue("rsa", "subjectAltName=DNS:localhost", key: "rsa-key.pem")
    try made.makeKey("ed-key.pem", "ED25519")
    try made.issue("ed", "subjectAltName=DNS:localhost", key: "ed-key.pem")

    try made.makeKey("middle-key.pem")
    let authority = "basicConstraints=critical,CA:TRUE"
    try made.issue("middle", authority, subject: "/CN=Middle", key: "middle-key.pem")
    try made.issue(
      "oldMiddle", authority, subject: "/CN=Old", from: old, to: "20210101000000Z",
      key: "middle-key.pem")
    try made.issue("noMiddle", subject: "/CN=No authority", key: "middle-key.pem")
    for name in ["middle", "oldMiddle", "noMiddle"] {
      try made.issue(
        "below-\(name)", "subjectAltName=DNS:localhost",
        authority: ("\(name).pem", "middle-key.pem"))
      try made.concatenate(["below-\(name).pem", "\(name).pem"], to: "chain-\(name).pem")
    }
    try made.writeRevocations("middle-crl.pem", authority: ("middle.pem", "middle-key.pem"))
    try made.concatenate(["crl.pem", "middle-crl.pem"], to: "both-crl.pem")

    for (name, host) in [("self", "localhost"), ("selfOther", "other.example")] {
      try made.run(
        "req", "-x509", "-new", "-key", made.file("key.pem"), "-out", made.file("\(name).pem"),
        "-days", "30", "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(host)")
    }
    let stranger = try Certificates("Stranger")
    try FileManager.default.copyItem(
      atPath: stranger.file("ca.pem"), toPath: made.file("stranger.pem"))
    try FileManager.default.createDirectory(
      atPath: made.file("hashed"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: made.file("ca.pem"), toPath: made.file("hashed/ca.pem"))
    try made.run("rehash", made.file("hashed"))
    return made
  }

  static let accepted: [CertificateRow] = [
    CertificateRow("its host name", "localhost", "localhost"),
    CertificateRow("a host name in other letters", "upper", "bRoKer.localhost"),
    CertificateRow("a wildcard for the first label", "wildcard", "a.test.localhost"),
    CertificateRow("an address", "address", "127.0.0.1"),
    CertificateRow("one of several names", "many", "localhost"),
    CertificateRow("an RSA key", "rsa", "localhost"),
    CertificateRow("an Ed25519 key", "ed", "localhost"),
    CertificateRow("an authority below another, sent along", "chain-middle", "localhost"),
    CertificateRow(
      "an authority below another, which alone is trusted", "below-middle", "localhost",
      "--cafile @middle.pem"),
    CertificateRow("signed by itself, and named", "self", "localhost", "--cafile @self.pem"),
    CertificateRow("a directory of authorities", "localhost", "localhost", "--capath @hashed"),
    CertificateRow(
      "a file beside the system's", "localhost", "localhost", "--cafile @ca.pem --tls-use-os-certs"),
    CertificateRow("not revoked", "localhost", "localhost", "--cafile @ca.pem --crl @crl.pem"),
    CertificateRow(
      "no one of the chain revoked", "chain-middle", "localhost",
      "--cafile @ca.pem --crl @both-crl.pem"),
    CertificateRow(
      "SSL_CERT_FILE", "localhost", "localhost", "--tls-use-os-certs",
      environment: ["SSL_CERT_FILE": "@ca.pem", "SSL_CERT_DIR": "/proc/none"]),
    CertificateRow(
      "SSL_CERT_DIR", "localhost", "localhost", "--tls-use-os-certs",
      environment: ["SSL_CERT_DIR": "/proc/none:@hashed"]),
    CertificateRow("nothing checked", "expired", "127.0.0.1", "--insecure"),
    CertificateRow(
      "nothing checked, with an authority", "self", "localhost",
      "--cafile @ca.pem --insecure"),
  ]

  static let refused: [CertificateRow] = [
    CertificateRow("expired", "expired", "localhost", refused: "'CN=server' expired on Jan  1 "),
    CertificateRow(
      "not yet valid", "future", "localhost", refused: "valid from Jan  1 00:00:00 2040"),
    CertificateRow(
      "another host's", "other", "localhost",
      refused: "is for other.example, 10.0.0.1, not for localhost"),
    CertificateRow(
      "another address's", "otherAddress", "127.0.0.1",
      refused: "is for 127.0.0.2, not for 127.0.0.1"),
    CertificateRow(
      "a host's, for an address", "localhost", "127.0.0.1",
      refused: "is for localhost, not for 127.0.0.1"),
    CertificateRow(
      "an address's, for a host", "address", "localhost",
      refused: "is for 127.0.0.1, ::1, not for localhost"),
    CertificateRow(
      "an address as a name", "addressName", "127.0.0.1", refused: "not for 127.0.0.1"),
    CertificateRow(
      "a name in the subject only", "common", "localhost",
      refused: "'CN=localhost' names no host"),
    CertificateRow(
      "an address in the subject only", "commonAddress", "127.0.0.1",
      refused: "names no host"),
    CertificateRow(
      "a name in the subject, others beside", "commonBeside", "localhost",
      refused: "is for x.example, not for localhost"),
    CertificateRow("a mail address only", "mail", "localhost", refused: "names no host"),
    CertificateRow(
      "a wildcard, two labels", "wildcard", "a.b.test.localhost", refused: "not for a.b"),
    CertificateRow("a wildcard, no label", "wildcard", "test.localhost", refused: "not for test"),
    CertificateRow(
      "a wildcard within a label", "partial", "broker.test.localhost",
      refused: "not for broker"),
    CertificateRow(
      "another authority's", "localhost", "localhost", "--cafile @stranger.pem",
      refused: "authority 'O=Apus, CN=Test CA' is not trusted"),
    CertificateRow(
      "an authority that the system does not know", "localhost", "localhost",
      "--tls-use-os-certs", refused: "'O=Apus, CN=Test CA' is not trusted"),
    CertificateRow("signed by itself", "self", "localhost", refused: "'CN=self' is self-signed"),
    CertificateRow(
      "signed by itself, trusted, another host's", "selfOther", "localhost",
      "--cafile @selfOther.pem", refused: "is for other.example, not for localhost"),
    CertificateRow(
      "an authority that is missing in between", "below-middle", "localhost",
      refused: "'CN=server' is issued by 'CN=Middle', which is not among the trusted"),
    CertificateRow(
      "an authority in between that has expired", "chain-oldMiddle", "localhost",
      refused: "'CN=Old' expired"),
    CertificateRow(
      "an authority in between that is none", "chain-noMiddle", "localhost",
      refused: "'CN=No authority' does not pass: invalid CA certificate"),
    CertificateRow("a client's", "client", "localhost", refused: "does not pass: unsuitable"),
    CertificateRow(
      "revoked", "revoked", "localhost", "--cafile @ca.pem --crl @crl.pem",
      refused: "'CN=gone' has been revoked"),
    CertificateRow(
      "a revocation list out of date", "localhost", "localhost",
      "--cafile @ca.pem --crl @old-crl.pem", refused: "'O=Apus, CN=Test CA' is out of date"),
    CertificateRow(
      "no revocation list of one authority", "chain-middle", "localhost",
      "--cafile @ca.pem --crl @crl.pem", refused: "no revocation list of 'CN=Middle'"),
  ]

  @Test("are accepted for", arguments: accepted) func accept(_ row: CertificateRow) throws {
    let (program, broker) = try Self.run(row)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.waitForLog("Received PUBLISH from")
  }

  @Test("are refused for being", arguments: refused) func refuse(_ row: CertificateRow) throws {
    let (program, broker) = try Self.run(row)
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains(row.refusal ?? ""), "\(program.errorText)")
    #expect(!broker.log.contains("New client connected"))
  }

  private static func run(_ row: CertificateRow) throws -> (RunningProgram, Mosquitto) {
    let made = try made.get()
    let keys = [
      "rsa": "rsa-key.pem", "ed": "ed-key.pem",
    ]
    let broker = try Mosquitto(
      made.listener(row.certificate, key: keys[row.certificate] ?? "key.pem"))
    let words = row.words.split(separator: " ").map { word in
      word.hasPrefix("@") ? made.file(String(word.dropFirst())) : String(word)
    }
    var environment = ["SSL_CERT_FILE": "", "SSL_CERT_DIR": "", "SSLKEYLOGFILE": ""]
    for (name, value) in row.environment {
      environment[name] = value.replacingOccurrences(of: "@", with: made.directory.path + "/")
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-h", row.host, "-p", String(broker.port), "-t", "a", "-m", "x", "-q"]
        + ["1"] + words, environment: environment)
    return (program, broker)
  }
}

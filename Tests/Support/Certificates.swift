// Certificates for one test, made by the openssl command.

import Foundation

/// An authority and what it issues, in a folder of its own.  Every certificate has the key `key.pem`.
package final class Certificates: Sendable {
  package let directory = TemporaryDirectory()

  /// - Parameter name: of the authority, whose certificate is `ca.pem`.
  package init(_ name: String = "Test CA") throws {
    for file in ["index.txt", "index.txt.attr"] { _ = try directory.write([], to: file) }
    let text = """
      [ca]
      default_ca = test
      [test]
      database = \(file("index.txt"))
      new_certs_dir = \(directory.path)
      certificate = \(file("ca.pem"))
      private_key = \(file("ca-key.pem"))
      default_md = sha256
      default_days = 30
      default_crl_days = 30
      policy = any
      unique_subject = no
      rand_serial = yes
      email_in_dn = no
      [any]
      organizationName = optional
      commonName = optional
      [req]
      distinguished_name = name
      [name]
      """
    _ = try directory.write(Array((text + "\n").utf8), to: "openssl.cnf")
    for key in ["ca-key.pem", "key.pem"] { try makeKey(key) }
    try run(
      "req", "-x509", "-new", "-key", file("ca-key.pem"), "-out", file("ca.pem"), "-days", "30",
      "-subj", "/O=Apus/CN=\(name)", "-addext", "basicConstraints=critical,CA:TRUE",
      "-addext", "keyUsage=keyCertSign,cRLSign")
  }

  package func file(_ name: String) -> String { directory.file(name) }

  package func makeKey(_ name: String, _ kind: String...) throws {
    let kind = kind.isEmpty ? ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"] : kind
    try run(["genpkey", "-algorithm"] + kind + ["-out", file(name)])
  }

  /// Issues `NAME.pem`.
  ///
  /// - Parameters:
  ///   - extensions: lines such as `subjectAltName=DNS:localhost`.
  ///   - from, to: as `20240101000000Z`.
  ///   - key: a file of the folder.
  ///   - authority: issues it in the place of this folder's: the name of a certificate and of a key.
  @discardableResult
  package func issue(
    _ name: String, _ extensions: String..., subject: String = "/CN=server", from: String? = nil,
    to: String? = nil, key: String = "key.pem", authority: (String, String)? = nil
  ) throws -> String {
    try run(
      "req", "-new", "-config", file("openssl.cnf"), "-key", file(key), "-subj", subject, "-out",
      file("request.pem"))
    let list = extensions.joined(separator: "\n") + "\n"
    _ = try directory.write(Array(list.utf8), to: "extensions")
    var words = [
      "ca", "-batch", "-notext", "-config", file("openssl.cnf"), "-in", file("request.pem"), "-out",
      file("\(name).pem"), "-extfile", file("extensions"),
    ]
    if let from { words += ["-startdate", from] }
    if let to { words += ["-enddate", to] }
    if let authority { words += ["-cert", file(authority.0), "-keyfile", file(authority.1)] }
    try run(words)
    return file("\(name).pem")
  }

  package func revoke(_ name: String) throws {
    try run("ca", "-config", file("openssl.cnf"), "-revoke", file("\(name).pem"))
  }

  /// Writes `NAME`, the list of what was revoked so far.
  package func writeRevocations(
    _ name: String = "crl.pem", until end: String? = nil, authority: (String, String)? = nil
  ) throws {
    var words = ["ca", "-config", file("openssl.cnf"), "-gencrl", "-out", file(name)]
    if let end { words += ["-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", end] }
    if let authority { words += ["-cert", file(authority.0), "-keyfile", file(authority.1)] }
    try run(words)
  }

  /// Writes `NAME.ocsp`: what the authority says about a certificate.
  package func respond(
    _ name: String, about certificate: String, signer: String = "ca.pem",
    key: String = "ca-key.pem"
  ) throws {
    try run(
      "ocsp", "-issuer", file("ca.pem"), "-cert", file("\(certificate).pem"), "-reqout",
      file("request.ocsp"))
    try run(
      "ocsp", "-index", file("index.txt"), "-CA", file("ca.pem"), "-rsigner", file(signer), "-rkey",
      file(key), "-reqin", file("request.ocsp"), "-respout", file("\(name).ocsp"), "-ndays", "1")
  }

  /// Writes `NAME.ocsp`: the authority's word that a certificate is good, which counts no longer.  The
  /// openssl command makes none of the past.
  package func respondOnceGood(_ name: String, about certificate: String) throws {
    let python = """
      import datetime, sys
      from cryptography import x509
      from cryptography.hazmat.primitives import hashes, serialization
      from cryptography.x509 import ocsp
      own, ca, key = [open(name, "rb").read() for name in sys.argv[1:4]]
      ca = x509.load_pem_x509_certificate(ca)
      now = datetime.datetime.utcnow()
      response = ocsp.OCSPResponseBuilder().add_response(
          cert=x509.load_pem_x509_certificate(own), issuer=ca, algorithm=hashes.SHA1(),
          cert_status=ocsp.OCSPCertStatus.GOOD, this_update=now - datetime.timedelta(days=2),
          next_update=now - datetime.timedelta(days=1), revocation_time=None,
          revocation_reason=None,
      ).responder_id(ocsp.OCSPResponderEncoding.HASH, ca).certificates([ca]).sign(
          serialization.load_pem_private_key(key, None), hashes.SHA256())
      open(sys.argv[4], "wb").write(response.public_bytes(serialization.Encoding.DER))
      """
    let program = try RunningProgram([
      "python3", "-W", "ignore", "-c", python, file("\(certificate).pem"), file("ca.pem"),
      file("ca-key.pem"), file("\(name).ocsp"),
    ])
    guard try program.wait() == .exited(0) else {
      throw TimedOut(description: "an OCSP response by Python: \(program.errorText)")
    }
  }

  package func concatenate(_ names: [String], to result: String) throws {
    var bytes: [UInt8] = []
    for name in names { bytes += try Data(contentsOf: URL(fileURLWithPath: file(name))) }
    _ = try directory.write(bytes, to: result)
  }

  /// Lines of mosquitto.conf.
  package func listener(_ certificate: String, key: String = "key.pem") -> [String] {
    [
      "allow_anonymous true", "cafile \(file("ca.pem"))", "certfile \(file("\(certificate).pem"))",
      "keyfile \(file(key))",
    ]
  }

  package func run(_ words: String...) throws { try run(words) }

  private func run(_ words: [String]) throws {
    let program = try RunningProgram(["openssl"] + words)
    guard try program.wait() == .exited(0) else {
      throw TimedOut(description: "openssl \(words.joined(separator: " ")): \(program.errorText)")
    }
  }
}

import Foundation
import TestSupport
import Testing

/// Options of encryption, against a broker whose certificate is for 127.0.0.1.
@Suite("Drop-in: TLS") struct DropInTLSTests {
  let folder = TemporaryDirectory()
  let broker: Mosquitto
  /// Where the broker speaks TLS.
  let port: UInt16

  init() throws {
    let script = """
      cd \(folder.path)
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority \
        -keyout ca.key -out ca.crt
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=broker \
        -keyout broker.key -out broker.csr
      echo subjectAltName=IP:127.0.0.1 >names
      openssl x509 -req -in broker.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
        -extfile names -out broker.crt
      """
    try RunningProgram(["sh", "-c", script]).wait()
    let port = try freePort()
    broker = try Mosquitto([
      "listener \(port) 127.0.0.1", "cafile \(folder.file("ca.crt"))",
      "certfile \(folder.file("broker.crt"))", "keyfile \(folder.file("broker.key"))",
      "allow_anonymous true",
    ])
    self.port = port
  }

  private func run(_ words: String) throws -> ToolResult {
    let text = words.replacing("AUTHORITY", with: folder.file("ca.crt"))
    return try ToolLine("pub -t a -m b -q 1 \(text)").run(port: port)
  }

  private let done = ToolResult(ending: .exited(0), output: [], errors: "")

  @Test(
    "taken",
    arguments: [
      "-h 127.0.0.1 --cafile AUTHORITY", "-h 127.0.0.1 --cafile AUTHORITY --tls-version tlsv1.2",
      "-h 127.0.0.1 --cafile AUTHORITY --tls-version tlsv1.3",
      "-h localhost --cafile AUTHORITY --insecure",
      "-h 127.0.0.1 --cafile AUTHORITY --tls-alpn mqtt",
      "-h 127.0.0.1 --cafile AUTHORITY --ciphers ECDHE-ECDSA-AES256-GCM-SHA384",
    ])
  func taken(_ words: String) throws { #expect(try run(words) == done) }

  @Test("a certificate for another name") func wrongName() throws {
    let result = try run("-h localhost --cafile AUTHORITY")
    #expect(result.ending == .exited(8))
    #expect(result.errors == "Error: A TLS error occurred.\n")
  }

  @Test("an authority that another one has to vouch for") func wrongAuthority() throws {
    let result = try run("-h 127.0.0.1 --cafile \(folder.file("broker.crt"))")
    #expect(result.ending == .exited(8))
    #expect(result.errors == "Error: A TLS error occurred.\n")
  }

  @Test("SSLKEYLOGFILE that cannot be written is no error") func keyLog() throws {
    let line = ToolLine("pub -t a -m b -h 127.0.0.1 --cafile \(folder.file("ca.crt"))")
    #expect(
      try line.run(port: port, environment: ["SSLKEYLOGFILE": "/nonexistent/log"]) == done)
  }

  @Test(
    "values that are none",
    arguments: [
      ("--tls-version tlsv1.1 --cafile AUTHORITY", "TLS options, check the options are valid"),
      ("--cafile missing", "TLS options: File not found"),
      ("--cafile AUTHORITY --cert missing --key missing", "TLS options: File not found"),
      ("--psk zz --psk-identity x", "TLS-PSK options"),
    ])
  func values(_ words: String, _ problem: String) throws {
    let result = try run(words)
    #expect(result.ending == .exited(1))
    #expect(result.errors == "Error: Problem setting \(problem).\n")
  }
}

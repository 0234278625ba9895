import Glibc
import TestSupport
import Testing

@testable import Transport

/// `tls-exporter`, RFC 9266.
@Suite("Channel binding") struct ChannelBindingTests {
  @Test("is what the server exports, in TLS 1.3 only") func exporter() throws {
    let made = try Certificates()
    try made.issue("server", "subjectAltName=DNS:localhost")
    for version in ["-tls1_3", "-tls1_2"] {
      let server = try RunningProgram(
        ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", version, "-cert"]
          + [made.file("server.pem"), "-key", made.file("key.pem")]
          + ["-keymatexport", "EXPORTER-Channel-Binding", "-keymatexportlen", "32"], input: .open)
      try server.waitForOutput("ACCEPT 127.0.0.1:")
      let line = server.outputText.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
      let port = try #require(line?.split(separator: ":").last.flatMap { UInt16($0) })
      var configuration = TLSConfiguration()
      configuration.isVerified = false
      let context = try TLSContext(configuration) { () throws(TransportError) in [] }
      let deadline = MonotonicClock.now() + .seconds(10)
      let endpoint = Endpoint.tcp(host: "127.0.0.1", port: port)
      let socket = try Dialer.connect(
        to: endpoint, options: DialOptions(bindAddress: nil), deadline: deadline, stop: nil)
      let stream = try TLSStream.connect(
        over: socket, context, to: endpoint, host: "localhost", deadline: deadline, stop: nil)
      guard version == "-tls1_3" else {
        #expect(stream.channelBinding == nil)
        continue
      }
      // The server says it once it has our last handshake message.
      try server.waitForOutput("Keying material: ")
      try eventually("the end of its line") {
        server.outputText.split(separator: "Keying material: ").last?.contains("\n") == true
      }
      let text = server.outputText.split(separator: "Keying material: ").last?.prefix { $0 != "\n" }
      let hex = try #require(stream.channelBinding).map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
      }
      #expect(hex.joined() == text.map { String($0) })
      stream.close()
    }
  }
}

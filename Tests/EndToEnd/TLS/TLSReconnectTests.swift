import Foundation
import TestSupport
import Testing

/// Connections that are made again over TLS: short handshakes, and no check less.
@Suite("TLS, again", .ownThread) struct TLSReconnectTests {
  private static let soon = ["--reconnect-delay", "0.05", "--reconnect-max", "0.2"]

  /// A subscriber of a broker, and that broker, with files that a test may change.
  private final class Setting {
    let made: Certificates
    let broker: Mosquitto
    let program: RunningProgram

    init(_ words: [String] = [], listener: [String] = []) throws {
      made = try Certificates()
      try made.issue("good", "subjectAltName=DNS:localhost")
      try made.issue("other", "subjectAltName=DNS:other.example")
      try made.writeRevocations()
      try made.concatenate(["good.pem"], to: "server.pem")
      broker = try Mosquitto(made.listener("server") + listener)
      let made = made
      program = try RunningProgram(
        [Program.apus, "sub", "-h", "localhost", "-p", String(broker.port), "-t", "a", "-d"]
          + TLSReconnectTests.soon + ["--cafile", made.file("ca.pem")]
          + words.map { $0.hasPrefix("@") ? made.file(String($0.dropFirst())) : $0 },
        environment: Secure.noEnvironment)
      try broker.waitForLog("Sending SUBACK")
    }

    /// Has the broker throw the subscriber out: another client takes its identifier.
    func restart() throws {
      try broker.kill()
      try broker.start()
    }
  }

  @Test("a session is resumed with a server that can", arguments: ["-tls1_2", "-tls1_3"])
  func resumes(_ version: String) throws {
    let made = try Secure.certificates.get()
    // It answers each connection with CONNACK and ends it at the first line that comes in.
    let connAck = try made.directory.write([0x20, 2, 0, 0], to: "connack-\(version)")
    let server = try RunningProgram(
      [
        "python3", "-c", Self.server, made.file("server.pem"), made.file("key.pem"), version,
        connAck,
      ])
    try server.waitForOutput("\n")
    let port = server.outputText.split(separator: "\n").first.map(String.init) ?? ""
    let program = try RunningProgram(
      [Program.apus, "sub", "-h", "localhost", "-p", port, "-t", "a", "-d"] + Self.soon
        + ["--cafile", made.file("ca.pem")], environment: Secure.noEnvironment)
    try program.waitForError(", resumed")
    try server.waitForOutput("whole\nresumed\n")
    program.send(SIGTERM)
    try program.wait()
    server.send(SIGKILL)
  }

  /// Prints its port, and for each connection whether the handshake was a short one; then it closes.
  private static let server = """
    import socket, ssl, sys
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    if sys.argv[3] == "-tls1_2": context.maximum_version = ssl.TLSVersion.TLSv1_2
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
      connection, _ = listener.accept()
      try:
        tls = context.wrap_socket(connection, server_side=True)
        tls.recv(1000)
        print("resumed" if tls.session_reused else "whole", flush=True)
        tls.sendall(open(sys.argv[4], "rb").read())
        packet = tls.recv(1000)
        if packet[:1] == b"\\x82": tls.sendall(b"\\x90\\x03" + packet[2:4] + b"\\0")
        tls.close()
      except OSError:
        pass
    """

  @Test("a broker that comes back with another host's certificate is refused") func other() throws {
    let setting = try Setting()
    try setting.made.concatenate(["other.pem"], to: "server.pem")
    try setting.restart()
    #expect(try setting.program.wait() != .exited(0))
    #expect(
      setting.program.errorText.contains("is for other.example, not for localhost"),
      "\(setting.program.errorText)")
    #expect(!setting.broker.log.contains("New client connected"))
  }

  @Test("one that comes back as it was is connected to again") func same() throws {
    let setting = try Setting()
    try setting.restart()
    try setting.broker.waitForLog("Sending SUBACK")
    setting.program.send(SIGTERM)
    #expect(try setting.program.wait() == .exited(0), "\(setting.program.errorText)")
  }

  @Test("a passphrase that can be read once is good for every connection") func passphrase() throws
  {
    let made = try Secure.certificates.get()
    let broker = try Mosquitto(made.listener("server") + ["require_certificate true"])
    let program = try RunningProgram(
      [Program.apus, "sub", "-h", "localhost", "-p", String(broker.port), "-t", "a"] + Self.soon
        + ["--cafile", made.file("ca.pem"), "--cert", made.file("client.pem")]
        + ["--key", made.file("locked.pem"), "--key-pass-fd", "0"],
      input: .bytes(Array("tell nobody\n".utf8)), environment: Secure.noEnvironment)
    try broker.waitForLog("Sending SUBACK")
    try broker.kill()
    try broker.start()
    try broker.waitForLog("Sending SUBACK")
    program.send(SIGTERM)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }

  @Test("a CA file that is gone by then fails") func vanished() throws {
    let setting = try Setting()
    try FileManager.default.removeItem(atPath: setting.made.file("ca.pem"))
    try setting.broker.kill()
    #expect(try setting.program.wait() != .exited(0))
    #expect(
      setting.program.errorText.contains("CA file \(setting.made.file("ca.pem")): no such file"),
      "\(setting.program.errorText)")
  }

  @Test("a certificate that a list has revoked by then is refused") func revoked() throws {
    let setting = try Setting(["--crl", "@crl.pem"])
    try setting.made.revoke("good")
    try setting.made.writeRevocations()
    try setting.restart()
    #expect(try setting.program.wait() != .exited(0))
    #expect(
      setting.program.errorText.contains("has been revoked"), "\(setting.program.errorText)")
    #expect(!setting.broker.log.contains("New client connected"))
  }

  @Test("and so it is when the session is resumed: another authority, another list")
  func resumedAndChecked() throws {
    let made = try Certificates()
    try made.issue("good", "subjectAltName=DNS:localhost")
    try made.writeRevocations()
    let connAck = try made.directory.write([0x20, 2, 0, 0], to: "connack")
    let server = try RunningProgram(
      ["python3", "-c", Self.server, made.file("good.pem"), made.file("key.pem"), "", connAck])
    try server.waitForOutput("\n")
    let port = server.outputText.split(separator: "\n").first.map(String.init) ?? ""
    let program = try RunningProgram(
      [Program.apus, "sub", "-h", "localhost", "-p", port, "-t", "a", "-d"] + Self.soon
        + ["--cafile", made.file("ca.pem"), "--crl", made.file("crl.pem")],
      environment: Secure.noEnvironment)
    try program.waitForError(", resumed")
    try made.revoke("good")
    try made.writeRevocations("new.pem")
    guard rename(made.file("new.pem"), made.file("crl.pem")) == 0 else {
      throw TestFailure("rename")
    }
    #expect(try program.wait() != .exited(0))
    #expect(program.errorText.contains("has been revoked"), "\(program.errorText)")
    server.send(SIGKILL)
  }
}

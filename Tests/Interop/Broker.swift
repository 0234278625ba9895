// A real broker for the scenarios, without system services.

import Foundation
import TestSupport

/// A broker that runs: in a folder of its own, on free ports of 127.0.0.1, where user `it` with password
/// `secret` may use `it/#` and nobody may anything else.
struct Broker: Sendable {
  let kind: BrokerKind
  let ports: Ports
  let certificates: Certificates
  /// Kept as long as the broker is wanted: letting go of them ends them.
  private let processes: [RunningProgram]
  private let directory: TemporaryDirectory

  struct Ports: Sendable {
    let plain: UInt16
    let tls: UInt16
    let webSocket: UInt16
    /// What a broker needs among its own processes.
    let others: [UInt16]

    init() throws {
      plain = try freePort()
      tls = try freePort()
      webSocket = try freePort()
      others = [try freePort(), try freePort()]
    }
  }

  /// Starts it and waits until it takes a message.
  init(_ kind: BrokerKind) throws {
    self.kind = kind
    ports = try Ports()
    certificates = try Certificates()
    let directory = TemporaryDirectory()
    self.directory = directory
    try certificates.issue("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    let site = BrokerSite(directory, ports, certificates, user: kind.user)
    try site.prepareTLS()
    let commands = try kind.configure(site)
    try site.handOver()
    processes = try commands.map { command in
      let process = try RunningProgram(
        site.asUser + command.words,
        environment: ["HOME": site.path, "XDG_CONFIG_HOME": site.path].merging(command.environment)
        { $1 })
      if let port = command.port {
        try eventually("\(command.words[0]) to listen") { Self.isListening(port) }
      }
      return process
    }
    let probe = ["pub"] + Self.login + ["-h", "127.0.0.1", "-p", String(ports.plain)]
    try eventually("\(kind.title) to start; it says: \(said)", within: 90) {
      for process in processes where process.hasEnded {
        let ending = try process.wait()
        throw TimedOut(description: "\(kind.title) ended, \(ending): \(said)")
      }
      let words = ["-t", "it/probe", "-n", "-i", "probe", "--connect-timeout", "2"]
      return try Program.run(probe + words).ending == .exited(0)
    }
  }

  private static func isListening(_ port: UInt16) -> Bool {
    let socket = connecting(to: port, isBlocking: true)
    defer { close(socket) }
    var address = sockaddr()
    var size = socklen_t(MemoryLayout<sockaddr>.size)
    return getpeername(socket, &address, &size) == 0
  }

  private var said: String {
    processes.map { String(($0.outputText + $0.errorText).suffix(500)) }.joined(separator: "\n")
  }

  /// Ends it as a system would.
  func stop() throws {
    for process in processes.reversed() {
      process.send(SIGTERM)
      try process.wait(within: 30)
    }
  }

  static let login = ["-u", "it", "-P", "secret"]
}

/// A program that belongs to a broker.
struct BrokerCommand {
  var words: [String]
  var environment: [String: String] = [:]
  /// What comes after it needs it to listen here.
  var port: UInt16?
}

/// Where a broker is set up.
struct BrokerSite {
  let directory: TemporaryDirectory
  let ports: Broker.Ports
  private let certificates: Certificates
  private let user: String?

  init(
    _ directory: TemporaryDirectory, _ ports: Broker.Ports, _ certificates: Certificates,
    user: String?
  ) {
    self.directory = directory
    self.ports = ports
    self.certificates = certificates
    self.user = user
  }

  var path: String { directory.path }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try directory.write(Array(text.utf8), to: name)
  }

  func makeFolders(_ names: String...) throws {
    for name in names {
      try FileManager.default.createDirectory(
        atPath: directory.file(name), withIntermediateDirectories: true)
    }
  }

  /// `cert.pem`, `key.pem`, both in `both.pem` and, with password `secret`, in `both.p12`.
  func prepareTLS() throws {
    let certificate = try Data(contentsOf: URL(fileURLWithPath: certificates.file("server.pem")))
    let key = try Data(contentsOf: URL(fileURLWithPath: certificates.file("key.pem")))
    _ = try directory.write(Array(certificate), to: "cert.pem")
    _ = try directory.write(Array(key), to: "key.pem")
    _ = try directory.write(Array(certificate + key), to: "both.pem")
    try certificates.run(
      "pkcs12", "-export", "-in", directory.file("cert.pem"), "-inkey", directory.file("key.pem"),
      "-out", directory.file("both.p12"), "-passout", "pass:secret")
  }

  /// As root the broker gets a user of its own; as somebody else it is ours.
  var asUser: [String] {
    guard let user, getuid() == 0 else { return [] }
    return ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
  }

  func handOver() throws {
    guard let user, getuid() == 0 else { return }
    let program = try RunningProgram(["chown", "-R", user, path])
    guard try program.wait() == .exited(0) else { throw TimedOut(description: program.errorText) }
  }
}

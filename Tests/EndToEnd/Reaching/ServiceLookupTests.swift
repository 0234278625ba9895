import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// A name server for one test, and the means to make a program believe that it is the system's.
private final class NameServer: Sendable {
  /// Name servers are asked at port 53 only, but loopback has many addresses: each has its own,
  /// since the port of the one before is free only when its thread has seen the end.
  private static let made = Mutex<Int>(0)
  private let address: String
  private let directory = TemporaryDirectory()
  private let socket: CInt

  static var isPossible: Bool {
    let test = try? RunningProgram([
      "unshare", "-m", "sh", "-c", "mount --bind /etc/hosts /etc/resolv.conf",
    ])
    return (try? test?.wait()) == .exited(0) && (try? NameServer([])) != nil
  }

  /// - Parameter records: priority, port and target of each answer; nil: says nothing at all.
  init(_ records: [(UInt16, UInt16, String)]?) throws {
    let number = Self.made.withLock { made in
      made += 1
      return made
    }
    address = "127.53.\(number / 250).\(number % 250 + 1)"
    socket = Glibc.socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = UInt16(53).bigEndian
    inet_pton(AF_INET, address, &name.sin_addr)
    let bound = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(self.socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0 else {
      close(socket)
      throw NoNameServer()
    }
    _ = try directory.write(Array("nameserver \(address)\n".utf8), to: "resolv.conf")
    let own = socket
    Thread.detachNewThread {
      var block = [UInt8](repeating: 0, count: 512)
      var peer = sockaddr_in()
      while true {
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &peer) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            recvfrom(own, &block, block.count, 0, $0, &size)
          }
        }
        if count < 12 { return }
        guard let records else { continue }
        let answer = Self.answer(to: Array(block[..<count]), records)
        _ = withUnsafePointer(to: &peer) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(own, answer, answer.count, 0, $0, size)
          }
        }
      }
    }
  }

  deinit {
    shutdown(socket, CInt(SHUT_RDWR))
    close(socket)
  }

  /// Runs apus with this name server in resolv.conf.
  func run(_ words: [String]) throws -> RunningProgram {
    let mount = "mount --bind \(directory.file("resolv.conf")) /etc/resolv.conf"
    return try RunningProgram(
      ["unshare", "-m", "sh", "-c", "\(mount) && exec \"$@\"", "sh", Program.apus] + words)
  }

  private static func answer(
    to query: [UInt8], _ records: [(UInt16, UInt16, String)]
  ) -> [UInt8] {
    func two(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xff)] }
    let nameEnd = query[12...].firstIndex(of: 0) ?? 12
    let name = String(decoding: query[12..<nameEnd], as: UTF8.self)
    let isService = name.contains("mqtt") && name.contains("example")
    let found = isService ? records : []
    var answer = query[..<2] + [0x81, isService ? 0x80 : 0x83] + two(1)
    answer += two(UInt16(found.count)) + two(0) + two(0) + query[12...(nameEnd + 4)]
    for (priority, port, target) in found {
      var host: [UInt8] = []
      for label in target.split(separator: ".") { host += [UInt8(label.utf8.count)] + label.utf8 }
      answer += [0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60] + two(UInt16(host.count + 7))
      answer += two(priority) + two(0) + two(port) + host + [0]
    }
    return Array(answer)
  }
}

private struct NoNameServer: Error {}

/// `-S` against a name server of the test's own; needs the rights to put one in place.
@Suite("SRV lookup", .serialized, .enabled(if: NameServer.isPossible, "needs root for port 53"))
struct ServiceLookupTests {
  static let words = ["pub", "-S", "-h", "example.org", "-t", "a", "-m", "x", "-q", "1"]

  @Test("finds the broker, and passes over servers that refuse") func found() throws {
    let broker = try Mosquitto()
    let server = try NameServer([
      (20, broker.port, "localhost"), (10, try freePort(), "broker.localhost"),
    ])
    let program = try server.run(Self.words + ["-d"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.errorText.contains("PUBACK"))
  }

  @Test(
    "with TLS asks for the other service, and the certificate is for the host that was asked for")
  func secure() throws {
    let made = try Certificates()
    try made.issue("domain", "subjectAltName=DNS:example.org")
    try made.issue("target", "subjectAltName=DNS:localhost")
    for (name, status) in [("domain", Int32(0)), ("target", 1)] {
      let broker = try Mosquitto(made.listener(name))
      let server = try NameServer([(0, broker.port, "localhost")])
      let program = try server.run(Self.words + ["--cafile", made.file("ca.pem")])
      #expect(try program.wait() == .exited(status), "\(program.errorText)")
      if status != 0 {
        expectOneLine(program.errorText, from: "pub")
        #expect(program.errorText.contains("_secure-mqtt._tcp.example.org: "))
        #expect(program.errorText.contains("is for localhost, not for example.org"))
      }
      withExtendedLifetime(server) {}
    }
  }

  @Test("says what is missing") func missing() throws {
    let rows: [([(UInt16, UInt16, String)], String)] = [
      ([], "_mqtt._tcp.example.org: no SRV record"),
      ([(0, 0, "")], "_mqtt._tcp.example.org: the domain does not offer this service"),
    ]
    for (records, text) in rows {
      let server = try NameServer(records)
      defer { withExtendedLifetime(server) {} }
      let program = try server.run(Self.words)
      #expect(try program.wait() == .exited(1))
      #expect(program.errorText.contains(text), "\(program.errorText)")
      expectOneLine(program.errorText, from: "pub")
    }
  }

  @Test("waits for a silent name server no longer than it may") func silent() throws {
    let server = try NameServer(nil)
    let program = try server.run(Self.words + ["--connect-timeout", "1"])
    #expect(try program.wait(within: 4) == .exited(27))
    expectOneLine(program.errorText, from: "pub")
    let interrupted = try server.run(Self.words)
    try eventually("its handler") { interrupted.catches(SIGTERM) }
    interrupted.send(SIGTERM)
    #expect(try interrupted.wait(within: 4) == .signaled(SIGTERM))
  }
}

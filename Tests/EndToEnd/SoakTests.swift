import Foundation
import Synchronization
import TestSupport
import Testing

/// A pair of apus for a long time, over connections that are reset again and again: nothing is lost, nothing
/// comes twice, and nothing grows.
@Suite("Soak", .ownThread) struct SoakTests {
  /// `make soak` wants ten million.
  static let messages =
    ProcessInfo.processInfo.environment["APUS_SOAK"].flatMap { Int($0) } ?? 6_000
  static let resets = max(5, messages / 10_000)

  @Test("QoS 2, reset again and again") func pair() throws {
    let broker = try Mosquitto(
      ["allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 1000"],
      logsPackets: false)
    // A message has 15 bytes in front of its eleven digits, and 12 more in its handshake.
    let piece = Self.messages * 20 / Self.resets
    let up = try FaultProxy(to: broker.port) {
      $0.cutAfterSent = piece
      $0.cut = .reset
    }
    let down = try FaultProxy(to: broker.port) {
      $0.cutAfterReceived = piece
      $0.cut = .reset
    }
    let kept = [
      "-c", "-q", "2", "-t", "a", "-k", "10", "--reconnect-delay", "0.01", "--reconnect-max",
      "0.05",
    ]
    let (read, write) = try RunningProgram.makePipe()
    let counted = Counted(read)
    let subscriber = try RunningProgram(
      [Program.apus, "sub", "-i", "soak-sub", "-V", "5"] + kept + down.address, output: write)
    close(write)
    try broker.waitForLog("soak-sub 2 a\n")
    let publisher = try RunningProgram(
      [Program.apus, "pub", "-i", "soak-pub", "-V", "5", "-l"] + kept + up.address, input: .open)
    Thread.detachNewThread {
      var block = ""
      for number in 0..<Self.messages {
        block += String(number + 10_000_000_000) + "\n"
        if block.utf8.count > 60_000 {
          publisher.write(block)
          block = ""
        }
      }
      publisher.write(block)
      publisher.closeInput()
    }
    var before: [Usage] = []
    try eventually("all messages", within: 60 + Double(Self.messages) / 2000) {
      if before.isEmpty, counted.count > Self.messages / 5 {
        before = try [publisher, subscriber].map { try Usage($0.pid) }
      }
      if let fault = counted.fault { throw TestFailure(fault) }
      return counted.count >= Self.messages * 19 / 20
    }
    let after = try [publisher, subscriber].map { try Usage($0.pid) }
    try eventually("the last message", within: 60 + Double(Self.messages) / 20_000) {
      if let fault = counted.fault { throw TestFailure(fault) }
      return counted.count == Self.messages
    }
    #expect(try publisher.wait() == .exited(0), "\(publisher.errorText.suffix(300))")
    subscriber.send(SIGTERM)
    // A reset may come while it leaves, and is told then.
    let ending = try subscriber.wait()
    #expect([.exited(0), .exited(7)].contains(ending), "\(subscriber.errorText.suffix(300))")
    let losses = [publisher, subscriber].map {
      $0.errorText.components(separatedBy: "connected again").count - 1
    }
    print("\(Self.messages) messages, \(losses) losses, \(before) \(after)")
    for (name, (first, last)) in zip(["pub", "sub"], zip(before, after)) {
      #expect(last.memory - first.memory < 1024, "\(name): \(first) \(last)")
      #expect(last.descriptors <= first.descriptors + 1, "\(name): \(first) \(last)")
    }
    #expect(losses.allSatisfy { $0 >= Self.resets / 2 }, "\(losses)")
  }

  /// What a process holds.
  struct Usage: CustomStringConvertible {
    /// KiB.
    let memory: Int
    let descriptors: Int
    var description: String { "\(memory) KiB, \(descriptors) descriptors;" }

    init(_ pid: pid_t) throws {
      let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      memory = line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
      descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }
  }

  /// Takes lines that are numbers, each one more than the last.
  private final class Counted: Sendable {
    private let state = Mutex((count: 0, fault: String?.none))
    var count: Int { state.withLock { $0.count } }
    var fault: String? { state.withLock { $0.fault } }

    init(_ descriptor: CInt) {
      Thread.detachNewThread { [self] in
        var block = [UInt8](repeating: 0, count: 256 << 10)
        var line = 0
        var count = 0
        while true {
          let taken = Glibc.read(descriptor, &block, block.count)
          if taken < 0, errno == EINTR { continue }
          if taken <= 0 { break }
          for byte in block[..<taken] {
            if byte != UInt8(ascii: "\n") {
              line = line * 10 + Int(byte &- UInt8(ascii: "0"))
              continue
            }
            if line != count + 10_000_000_000 {
              state.withLock { $0.fault = $0.fault ?? "\(line) behind \(count) messages" }
            }
            count += 1
            line = 0
          }
          state.withLock { [count] in $0.count = count }
        }
        close(descriptor)
      }
    }
  }
}

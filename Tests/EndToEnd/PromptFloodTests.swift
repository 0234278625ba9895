import Foundation
import Glibc
import TestSupport
import Testing

/// `APUS_FLOOD` says how many messages.
@Suite("The prompt under a flood", .ownThread) struct PromptFloodTests {
  @Test("memory stays bounded, and a key is answered at once") func flood() throws {
    let count = ProcessInfo.processInfo.environment["APUS_FLOOD"].flatMap(Int.init) ?? 100_000
    let broker = try Mosquitto()
    let session = try PromptSession(connectedTo: broker)
    session.type("sub -t flood -q 0\r")
    try session.wait("the subscription") {
      $0.everything.filter { $0.hasSuffix("me connected>") }.count == 1
    }
    let input = String(repeating: "0123456789 0123456789 0123456789\n", count: count) + "last\n"
    let path = try broker.directory.write(Array(input.utf8), to: "flood")
    let sender = try RunningProgram(
      [Program.apus, "pub", "-p", String(broker.port), "-t", "flood", "-l"], input: .file(path))
    try session.wait("the first messages") { $0.everything.contains { $0.hasPrefix("flood 0") } }
    var delays: [Double] = []
    var typed = ""
    while !session.terminal.rows.contains("flood last"), typed.count < 60 {
      typed += "x"
      let start = monotonicSeconds()
      session.type("x")
      let wanted = "me connected> " + typed
      try session.wait("the key", within: 30) { $0.rows.contains { $0.hasSuffix(wanted) } }
      delays.append(monotonicSeconds() - start)
      usleep(50_000)
    }
    try session.wait("the end", within: 120) { $0.rows.contains("flood last") }
    #expect(try sender.wait(within: 60) == .exited(0))
    let status = try String(contentsOfFile: "/proc/\(session.program.pid)/status", encoding: .utf8)
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kilobytes =
      Int(peak?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first ?? "") ?? .max
    let median = delays.sorted()[delays.count / 2]
    print(
      "flood: \(count) messages, \(kilobytes) KiB, a key after \(Int(median * 1000)) ms at the median of \(delays.count)"
    )
    #expect(kilobytes < 64 << 10)
    #expect(median < 0.05)
  }
}

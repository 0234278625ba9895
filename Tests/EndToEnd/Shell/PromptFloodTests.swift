import Foundation
import Glibc
import TestSupport
import Testing

/// `APUS_FLOOD` says how many messages.
@Suite("The prompt under a flood", .ownThread) struct PromptFloodTests {
  @Test("memory stays bounded, and a key is answered at once") func flood() throws {
    let count = ProcessInfo.processInfo.environment["APUS_FLOOD"].flatMap(Int.init) ?? 100_000
    let broker = try Mosquitto()
    let session = try PromptSession(isPictured: false)
    session.type("connect -p \(broker.port) -i me\rsub -t flood -q 0\r")
    try broker.waitForLog("me 0 flood")
    let input = String(repeating: "0123456789 0123456789 0123456789\n", count: count) + "last\n"
    let path = try broker.directory.write(Array(input.utf8), to: "flood")
    let sender = try RunningProgram(
      [Program.apus, "pub", "-p", String(broker.port), "-t", "flood", "-l"], input: .file(path))
    var offset = try session.terminal.waitForBytes("flood 0", after: 0)
    var delays: [Double] = []
    var typed = ""
    while !sender.hasEnded, typed.count < 40 {
      typed += "x"
      let start = monotonicSeconds()
      session.type("x")
      offset = try session.terminal.waitForBytes("> \(typed)\u{1b}[K", after: offset)
      delays.append(monotonicSeconds() - start)
      // The flood goes on between two keys.
      guard let next = try? session.terminal.waitForBytes("flood ", after: offset) else { break }
      offset = next
    }
    let end = try session.terminal.waitForBytes("flood last", after: 0, within: 120)
    #expect(end > count * 38)
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

import Foundation
import TestSupport
import Testing

/// `--idle-timeout`, and times with fractions.
@Suite("--idle-timeout") struct IdleTimeoutTests {
  let broker: Mosquitto
  let topic = Shared.name("idle/")

  init() throws { broker = try Shared.broker.get() }

  @Test func `collects until it is quiet`() throws {
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "--idle-timeout", "0.8"])
    let start = monotonicSeconds()
    for _ in 0..<3 {
      try broker.publish(
        .apus, ["-t", topic, "-l", "--repeat", "1"], input: .bytes(numberedLines(2)))
    }
    #expect(try subscriber.text() == String(repeating: "line 1\nline 2\n", count: 3))
    #expect(monotonicSeconds() - start >= 0.75)
  }

  @Test func `a message puts it off`() throws {
    let start = monotonicSeconds()
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "--idle-timeout", "1"])
    try broker.publish(.apus, ["-t", topic, "-m", "x", "--repeat", "4", "--repeat-delay", "0.4"])
    #expect(try subscriber.text() == "x\nx\nx\nx\n")
    #expect(monotonicSeconds() - start >= 2.2)
  }

  @Test func `messages that are left out don't`() throws {
    let subscriber = try broker.subscriber(
      .apus, ["-t", "\(topic)/#", "-T", "\(topic)/noise", "--idle-timeout", "0.5"])
    let noise = try RunningProgram(
      [
        Program.apus, "pub", "-t", "\(topic)/noise", "-m", "x", "--repeat", "1000",
        "--repeat-delay",
        "0.05",
      ] + broker.address)
    #expect(try subscriber.text(within: 10) == "")
    noise.send(SIGTERM)
    try noise.wait()
  }

  @Test func `a count that is not reached is a time-out`() throws {
    let subscriber = try broker.subscriber(
      .apus, ["-t", topic, "--idle-timeout", "0.3", "-C", "2"])
    #expect(try subscriber.wait() == .exited(27))
    expectOneLine(subscriber.errorText, from: "sub")
  }

  @Test func `-W may be less than a second`() throws {
    let start = monotonicSeconds()
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-W", "0.3"])
    #expect(try subscriber.wait() == .exited(27))
    #expect(monotonicSeconds() - start < 5)
  }

  @Test func `so may --connect-timeout, and -W of pub`() throws {
    let silent = try ScriptedBroker { broker in
      for _ in 0..<2 { try broker.accept().discard() }
    }
    for words in [["--connect-timeout", "0.25"], ["-W", "0.25"]] {
      let result = try Program.run(["pub", "-t", "a", "-m", "x"] + words + silent.address)
      #expect(result.ending == .exited(27))
      // What is left of it by then.
      #expect(result.errors.contains(/CONNECT within 0\.(25?|2[0-4]|1\d?) s/), "\(result.errors)")
    }
    try silent.finish()
  }

  static let wrong = ["0", "-1", "nan", "inf", "x", "''", "2147483648"].map {
    WrongLine(
      "--idle-timeout \($0)", "sub -t a --idle-timeout \($0)", says: "--idle-timeout", "number")
  }

  @Test(arguments: wrong) func refused(_ row: WrongLine) throws { try row.check() }
}

import Foundation
import Synchronization
import TestSupport
import Testing

/// The Nth system call fails, for each N: an end in words, nothing lost behind a status of 0, nothing open.
///
/// torture.c stands between the program and the C library, so it is the one that the tests are built with,
/// which is linked dynamically.
@Suite("System calls fail", .ownThread, .serialized, .enabled(if: Torture.isPossible))
struct TortureTests {
  enum Work: String, CaseIterable, Sendable { case pub, sub, rr, outbox }

  @Test("the Nth call", arguments: Work.allCases, [false, true])
  func nth(_ work: Work, _ usesTLS: Bool) throws {
    let broker = try Torture.broker.get()
    let torture = Torture(work, usesTLS, broker)
    let collector = try torture.collector()
    let healthy = try torture.run(0, [:])
    #expect(healthy.status == 0 && healthy.isWhole, "\(healthy)")
    // How many calls there are differs a little from run to run.
    let last = healthy.calls + 8
    let numbers = Array(stride(from: 1, through: last, by: Torture.isFull ? 1 : max(1, last / 5)))
    check(torture, numbers, sockets: healthy.sockets) { ["TORTURE_NTH": "\($0)"] }
    try torture.awaitPromised(collector)
  }

  @Test("from the Nth call on, as on a full disk or a machine without descriptors")
  func from() throws {
    let broker = try Torture.broker.get()
    for work in Work.allCases {
      let torture = Torture(work, false, broker)
      let collector = try torture.collector()
      let healthy = try torture.run(0, [:])
      let numbers = Array(
        stride(from: 1, through: healthy.calls, by: Torture.isFull ? 1 : healthy.calls / 2))
      // An outbox that can never be locked is waited for a minute, by many at once.
      check(torture, numbers, sockets: healthy.sockets, threads: 24) {
        ["TORTURE_NTH": "\($0)", "TORTURE_FROM": "1"]
      }
      try torture.awaitPromised(collector)
    }
  }

  @Test("storms of EINTR do nothing at all", arguments: Work.allCases)
  func storm(_ work: Work) throws {
    let broker = try Torture.broker.get()
    for usesTLS in [false, true] {
      let torture = Torture(work, usesTLS, broker)
      for every in [2, 3, 10] {
        let result = try torture.run(every, ["TORTURE_STORM": "\(every)"])
        #expect(result.status == 0 && result.isWhole, "\(every): \(result)")
        #expect(result.errors.isEmpty, "\(result.errors)")
      }
    }
  }

  @Test("no descriptors left: one line, whatever their number") func descriptors() throws {
    let broker = try Torture.broker.get()
    for words in [
      ["pub", "-m", "x"], ["sub", "-W", "1"], ["rr", "-m", "x", "-W", "1"],
    ] {
      for count in 3...6 {
        let program = try RunningProgram(
          ["sh", "-c", "ulimit -n \(count); exec \"$@\"", "sh", Program.apus, words[0], "-t", "a"]
            + words.dropFirst() + broker.address(.tls))
        guard case .exited(let status) = try program.wait(within: 10) else {
          Issue.record("\(words) \(count): \(program.errorText)")
          continue
        }
        // One is enough for a publisher.
        if words[0] == "pub", status == 0 { continue }
        #expect([1, 7, 27].contains(status), "\(words) \(count): \(status) \(program.errorText)")
        let lines = program.errorText.split(separator: "\n")
        #expect(lines.count == 1 && lines.first?.hasPrefix("apus") == true, "\(lines)")
      }
    }
  }

  private func check(
    _ torture: Torture, _ numbers: [Int], sockets: Int, threads: Int = 4,
    _ environment: @escaping @Sendable (Int) -> [String: String]
  ) {
    inParallel(numbers.count, threads: threads) { index in
      let number = numbers[index]
      do {
        let result = try torture.run(number, environment(number))
        if result.status == 0, !result.isWhole { throw TestFailure("0 with loss") }
        if result.status != 0, result.errors.isEmpty { throw TestFailure("no word") }
        if result.sockets > sockets { throw TestFailure("\(result.sockets) left open") }
        if !torture.mayEnd(with: result.status) { throw TestFailure("\(result)") }
      } catch {
        Issue.record("\(torture.work) call \(number): \(error)")
      }
    }
  }
}

/// One kind of work, done again and again.
final class Torture: Sendable {
  let work: TortureTests.Work
  private let way: [String]
  private let broker: ReachableBroker
  private let topic = Shared.name("torture")
  private let folder = TemporaryDirectory()
  private let promised = Mutex<[String]>([])

  /// `make torture` fails every call.
  static let isFull = ProcessInfo.processInfo.environment["APUS_TORTURE"] == "all"
  static let broker = Reach.broker

  private static let program =
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("apus").path
  private static let made = TemporaryDirectory()

  /// Where the C library is of another kind, or a sanitizer has the first word, there is no torture.
  static var isPossible: Bool {
    FileManager.default.isExecutableFile(atPath: program)
      && !CommandLine.arguments[0].contains("/.build-") && library != nil
  }

  private static let library: String? = {
    let path = made.file("torture.so")
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Torture/torture.c").path
    let compiler = try? RunningProgram([
      "cc", "-O1", "-shared", "-fPIC", "-o", path, source, "-ldl",
    ])
    return (try? compiler?.wait()) == .exited(0) ? path : nil
  }()

  struct Result: Sendable {
    var status: Int32
    var errors: String
    /// What was asked for has happened, as far as it shows here.
    var isWhole: Bool
    var calls = 0
    var failed = ""
    var sockets = 0
  }

  init(_ work: TortureTests.Work, _ usesTLS: Bool, _ broker: ReachableBroker) {
    self.work = work
    self.broker = broker
    way = broker.address(usesTLS ? .tls : .tcp)
    if work == .sub {
      let kept = ["pub", "-r", "-q", "1", "-m", "kept", "-t", topic]
      _ = try? Program.run(kept + broker.mosquitto.address)
    }
  }

  /// Takes what is published; nil where nothing is.
  func collector() throws -> RunningProgram? {
    if work == .sub || work == .rr { return nil }
    let program = try RunningProgram(
      ["mosquitto_sub", "-q", "2", "-t", topic] + broker.mosquitto.address)
    try broker.mosquitto.waitForLog(" 2 \(topic)\n")
    return program
  }

  func awaitPromised(_ collector: RunningProgram?) throws {
    for line in promised.withLock({ $0 }) {
      try collector?.waitForOutput("\(line)\n", within: 10)
    }
  }

  func mayEnd(with status: Int32) -> Bool {
    [0, 1, 7, 27, 74].contains(status) || work == .outbox && status == 73
  }

  func run(_ number: Int, _ environment: [String: String]) throws -> Result {
    let name = UUID().uuidString
    let report = folder.file(name)
    let box = folder.file("box-\(name)")
    var words = [work == .outbox ? "pub" : work.rawValue, "-t", topic] + way
    switch work {
    case .pub: words += ["-q", "2", "-l", "--on-loss", "exit"]
    case .outbox: words += ["-q", "2", "-l", "--outbox", box]
    case .sub: words += ["-q", "1", "-C", "1", "--on-loss", "exit"]
    case .rr: words = ["rr", "-m", name, "-t", name, "-e", name, "--timeout", "5"] + way
    }
    let lines = (1...3).map { "\(name)-\($0)" }
    let input: [UInt8] =
      work == .pub || work == .outbox ? Array((lines.joined(separator: "\n") + "\n").utf8) : []
    let own = ["LD_PRELOAD": Self.library ?? "", "TORTURE_REPORT": report]
    let program = try RunningProgram(
      [Self.program] + words, input: .bytes(input),
      environment: own.merging(environment) { $1 })
    let ending = try program.wait(within: 25)
    guard case .exited(let status) = ending else {
      throw TestFailure("\(ending): \(program.errorText)")
    }
    let output = program.outputText
    var result = Result(status: status, errors: program.errorText, isWhole: true)
    switch work {
    case .sub: result.isWhole = output == "kept\n"
    case .rr: result.isWhole = output == "\(name)\n"
    case .pub: if status == 0 { promised.withLock { $0 += lines } }
    case .outbox:
      // What counts as stored is delivered, now or later.
      if status == 0 {
        let flush = try Program.run(["outbox", "flush", "--outbox", box])
        result.isWhole = flush.ending == .exited(0)
        promised.withLock { $0 += lines }
      }
    }
    let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? ""
    let parts = text.split(whereSeparator: \.isWhitespace)
    if parts.count == 3 {
      result.calls = Int(parts[0]) ?? 0
      result.failed = String(parts[1])
      result.sockets = Int(parts[2]) ?? 0
    }
    return result
  }
}

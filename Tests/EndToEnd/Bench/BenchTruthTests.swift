import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// What `apus bench` says, held against what a broker that does strange things knows.
@Suite("Bench's figures and the truth") struct BenchTruthTests {
  private static func pubsub(_ broker: MessyBroker, _ words: String...) throws -> BenchReport {
    try BenchReport.run(["pubsub"] + words + broker.broker.address)
  }

  @Test("lost, doubled, overtaken and damaged messages are counted exactly") func counts() throws {
    let broker = try MessyBroker { message, number in
      let now = monotonicSeconds()
      var message = message
      switch number {
      // Lost, one of them the last.
      case 10, 20, 21, 22, 199: return []
      // Three times, two of them too many; and once more at the end.
      case 40: return [.init(message, now), .init(message, now), .init(message, now)]
      case 41: return [.init(message, now), .init(message, now + 0.4)]
      // Behind many others.
      case 60, 61: return [.init(message, now + 0.2)]
      case 80:
        message.payload[60] ^= 1
        return [.init(message, now)]
      default: return [.init(message, now)]
      }
    }
    let report = try Self.pubsub(broker, "--count", "200", "--rate", "400")
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("sent") == 200)
    #expect(report.messages("lost") == 5)
    #expect(report.messages("duplicates") == 3)
    #expect(report.messages("reordered") == 2)
    #expect(report.messages("corrupted") == 1)
    // 200 less 5 lost and 1 damaged, and 3 copies.
    #expect(report.messages("received") == 197)
    #expect(report.count("delivery") == 194)
    try broker.broker.finish()
  }

  /// On a busy machine one may be late, but not each.
  @Test("the first message leaves when it is due, and waits nowhere") func first() throws {
    let delays = try (0..<5).map { _ in
      let broker = try MessyBroker { message, _ in [.init(message, monotonicSeconds())] }
      let report = try Self.pubsub(broker, "--count", "1", "--rate", "10")
      #expect(report.count("delivery") == 1, "\(report.errors)")
      try broker.broker.finish()
      return report.latency("delivery", "max")
    }
    #expect(delays.min() ?? 99 < 20, "\(delays)")
  }

  @Test("a damaged number spoils no other count") func damagedNumber() throws {
    let broker = try MessyBroker { message, number in
      var message = message
      if number % 10 == 9 { message.payload[17] ^= 1 }
      return [.init(message, monotonicSeconds())]
    }
    let report = try Self.pubsub(broker, "--count", "200", "--rate", "400")
    #expect(report.messages("corrupted") == 20, "\(report.errors)")
    for name in ["lost", "duplicates", "reordered"] {
      #expect(report.messages(name) == 0, "\(name)")
    }
    #expect(report.messages("received") == 180)
    try broker.broker.finish()
  }

  @Test("what comes after the end counts, but is no throughput") func afterTheEnd() throws {
    let broker = try MessyBroker { message, number in
      [.init(message, monotonicSeconds() + (number < 50 ? 0 : 0.9))]
    }
    let report = try Self.pubsub(
      broker, "--rate", "100", "--duration", "1", "--expect", "received_rate<70,sent>=100")
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("sent") == 100)
    #expect(report.messages("received") == 100)
    let rate = (report["throughput"] as? [String: Any])?["received"] as? Double
    #expect(rate.map { $0 > 40 && $0 < 70 } == true, "\(String(describing: rate))")
    #expect(report.notes.contains { $0.hasPrefix("the broker was behind: ") }, "\(report.notes)")
    try broker.broker.finish()
  }

  @Test("a message from before 1970 is none of ours, and no harm") func absurdStamp() throws {
    let broker = try Mosquitto(logsPackets: false)
    let subscriber = try RunningProgram(
      [Program.apus, "bench", "sub", "-t", "x/#", "--count", "2", "--json", "-"] + broker.address)
    try broker.waitForLog("x/#")
    for due: [UInt8] in [[0x80, 0, 0, 0, 0, 0, 0, 0], [0x7f, 255, 255, 255, 255, 255, 255, 255]] {
      var payload = due + [UInt8](repeating: 0, count: 12)
      var sum: UInt32 = .max
      for byte in payload {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82f6_3b78 : sum >> 1 }
      }
      withUnsafeBytes(of: (~sum).bigEndian) { payload += $0 }
      let file = try broker.directory.write(payload, to: "payload")
      _ = try Program.run(["pub", "-t", "x/y", "-f", file] + broker.address)
    }
    let ending = try subscriber.wait()
    #expect(ending == .exited(0), "\(subscriber.errorText)")
    let report = BenchReport(ending, subscriber.outputSoFar, subscriber.errorText)
    #expect(report.messages("received") == 2)
  }

  @Test("percentiles are those of the delays that the broker made") func delays() throws {
    // A machine that is busy with other things delays messages too: then the run says nothing.
    var differences: [Double] = [.infinity, .infinity, .infinity]
    for _ in 0..<8 {
      let truth = Mutex<[Double]>([])
      let broker = try MessyBroker(
        { message, number in
          // Each percentile lies among many of its kind.
          let delay = number % 100 < 60 ? 0.1 : number % 100 < 93 ? 0.4 : 0.8
          return [.init(message, monotonicSeconds() + delay)]
        },
        sent: { message in
          var time = timespec()
          clock_gettime(CLOCK_REALTIME, &time)
          let due = message.payload[..<8].reduce(0) { $0 << 8 | Int64($1) }
          let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
          truth.withLock { $0.append(Double(now - due) / 1e6) }
        })
      let report = try Self.pubsub(broker, "--count", "300", "--rate", "300")
      try broker.broker.finish()
      let known = truth.withLock { $0.sorted() }
      #expect(report.count("delivery") == 300, "\(report.errors)")
      guard known.count == 300 else { continue }
      for (place, (figure, rank)) in [("p50", 149), ("p90", 269), ("p99", 296)].enumerated() {
        // In units of what is allowed: 1 % or 1 ms.  The quietest run of each counts.
        let difference = abs(report.latency("delivery", figure) - known[rank])
        differences[place] = min(differences[place], difference / max(1, known[rank] / 100))
      }
      if differences.allSatisfy({ $0 <= 1 }) { return }
    }
    Issue.record("percentiles differ by \(differences) times what is allowed")
  }

  @Test("a stall of a second shows in the percentiles of an open loop as theory has it")
  func stall() throws {
    var figures: [Double] = []
    for _ in 0..<4 {
      let begin = Mutex<Double?>(nil)
      let broker = try MessyBroker { message, _ in
        let now = monotonicSeconds()
        let first = begin.withLock { first in
          first = first ?? now
          return first ?? now
        }
        // Everything that comes in the second second waits for its end.
        let isStalled = now - first > 1 && now - first < 2
        return [.init(message, isStalled ? first + 2 : now)]
      }
      let report = try Self.pubsub(broker, "--rate", "500", "--duration", "4")
      try broker.broker.finish()
      #expect(report.messages("sent") == 2000, "\(report.errors)")
      #expect(report.messages("lost") == 0)
      // A quarter of the messages wait for between 0 and 1000 ms, evenly: above x wait (1 - x) / 4.
      figures = ["p50", "p90", "p99", "max"].map { report.latency("delivery", $0) }
      let theory: [Double] = [0, 600, 960, 1000]
      if zip(figures, theory).allSatisfy({ abs($0 - $1) < 20 }) { return }
    }
    Issue.record("p50, p90, p99 and max are \(figures) ms")
  }
}

extension MessyBroker.Delivery {
  init(_ message: Publish, _ due: Double) { self.init(message: message, due: due) }
}

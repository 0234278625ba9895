import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// The connection breaks behind any byte, of any handshake, in either direction.
@Suite("Connections cut", .ownThread, .serialized) struct CutTests {
  /// `make cuts` takes every byte.
  static let isFull = ProcessInfo.processInfo.environment["APUS_CUTS"] == "all"

  enum Way: String, CaseIterable, Sendable {
    case tcp, tls, ws, wss, socks, http

    var isWebSocket: Bool { self == .ws || self == .wss }
  }
  enum Work: String, CaseIterable, Sendable { case pub0, pub1, pub2, sub }

  /// One run behind one cut.
  struct Cut: Sendable {
    let way: Way
    let work: Work
    let kind: FaultProxy.Cut
    let isSent: Bool
    let place: Int

    var name: String {
      "\(way) \(work), \(kind) after \(place) bytes \(isSent ? "sent" : "received")"
    }
    var payload: String { "\(way)-\(work)-\(kind)-\(isSent)-\(place)" }
  }

  @Test("reset: an end at once, and the right status") func resets() throws {
    try check(.reset, limit: 9, points: 5, threads: 6)
  }

  @Test("an end in the middle") func ends() throws {
    try check(.end, limit: 9, points: 2, threads: 6)
  }

  @Test("silence from there on: no longer than told") func stalls() throws {
    try check(.stall, limit: 1, points: 2, threads: 40)
  }

  /// - Parameter points: in each direction, where not every byte is one.
  private func check(
    _ kind: FaultProxy.Cut, limit: Int, points: Int, threads: Int
  ) throws {
    let broker = try Reach.broker.get()
    let topic = Shared.name("cut")
    let collectors = try [broker.mosquitto, broker.webSockets].map {
      let collector = try RunningProgram(
        ["mosquitto_sub", "-t", "\(topic)/+", "-q", "2"] + $0.address)
      try $0.waitForLog("\(topic)/+")
      let kept = try Program.run(
        ["pub", "-r", "-q", "1", "-t", "\(topic)/kept", "-m", "kept"] + $0.address)
      #expect(kept.ending == .exited(0))
      return collector
    }
    var cuts: [Cut] = []
    for way in Way.allCases {
      for work in Work.allCases {
        let proxy = try FaultProxy(to: Self.port(way, broker)) { _ in }
        let program = try start(way, work, broker, proxy.port, topic, "whole", limit: 9)
        #expect(try program.wait() == .exited(0), "\(way) \(work): \(program.errorText)")
        let carried = proxy.carried
        for (isSent, count) in [(true, carried.sent), (false, carried.received)] {
          let step = Self.isFull ? 1 : max(1, count / points)
          let shift = Self.isFull ? 0 : (way.rawValue.count * 3 + work.rawValue.count) % step
          cuts += stride(from: shift, to: count, by: step).map {
            Cut(way: way, work: work, kind: kind, isSent: isSent, place: $0)
          }
        }
      }
    }
    let promised = Mutex<[(collector: RunningProgram, payload: String)]>([])
    let longest = Mutex(0.0)
    inParallel(cuts.count, threads: threads) { [cuts] index in
      let cut = cuts[index]
      do {
        let began = monotonicSeconds()
        if try run(cut, broker, topic, limit: limit), cut.work == .pub1 || cut.work == .pub2 {
          let collector = collectors[cut.way.isWebSocket ? 1 : 0]
          promised.withLock { $0.append((collector, cut.payload)) }
        }
        let time = monotonicSeconds() - began
        longest.withLock { $0 = max($0, time) }
      } catch {
        Issue.record("\(cut.name): \(error)")
      }
    }
    let time = longest.withLock { $0 }
    print("\(kind): \(cuts.count) cuts, the longest run \(time) s")
    // What a status of 0 has promised is there.
    for (collector, payload) in promised.withLock({ $0 }) {
      try collector.waitForOutput("\(payload)\n", within: 10)
    }
  }

  private static func port(_ way: Way, _ broker: ReachableBroker) -> UInt16 {
    switch way {
    case .tcp: broker.port(.tcp)
    case .tls: broker.port(.tls)
    case .ws: broker.port(.ws)
    case .wss: broker.port(.wss)
    case .socks: broker.socks
    case .http: broker.http
    }
  }

  private func start(
    _ way: Way, _ work: Work, _ broker: ReachableBroker, _ port: UInt16, _ topic: String,
    _ payload: String, limit: Int
  ) throws -> RunningProgram {
    var words = ["-W", "\(limit)"]
    switch way {
    case .tcp: words += ["-h", "127.0.0.1", "-p", "\(port)"]
    case .tls: words += ["-h", "127.0.0.1", "-p", "\(port)", "--cafile", broker.authority]
    case .ws: words += ["-h", "127.0.0.1", "-p", "\(port)", "--ws"]
    case .wss: words += ["-h", "127.0.0.1", "-p", "\(port)", "--ws", "--cafile", broker.authority]
    case .socks: words += broker.address(.tcp) + ["--proxy", "socks5h://127.0.0.1:\(port)"]
    case .http: words += broker.address(.tcp) + ["--proxy", "http://127.0.0.1:\(port)"]
    }
    switch work {
    case .sub:
      words = ["sub", "-t", "\(topic)/kept", "-q", "1", "-C", "1", "--on-loss", "exit"] + words
    case .pub0, .pub1, .pub2:
      words =
        ["pub", "-t", "\(topic)/live", "-q", String(work.rawValue.suffix(1)), "-m", payload]
        + words
    }
    return try RunningProgram([Program.apus] + words)
  }

  /// - Returns: true when the program says that all is well.
  private func run(
    _ cut: Cut, _ broker: ReachableBroker, _ topic: String, limit: Int
  ) throws -> Bool {
    let proxy = try FaultProxy(to: Self.port(cut.way, broker)) {
      $0.cut = cut.kind
      if cut.isSent { $0.cutAfterSent = cut.place } else { $0.cutAfterReceived = cut.place }
    }
    let program = try start(
      cut.way, cut.work, broker, proxy.port, topic, cut.payload, limit: limit)
    // A second more than it may take, and what a machine takes that runs other tests meanwhile.
    let ending = try program.wait(within: Double(limit) + (Self.isFull ? 1 : 4))
    guard case .exited(let status) = ending else { throw TestFailure("\(ending)") }
    var wanted: [Int32] = cut.kind == .stall ? [0, 27] : [0, 1, 7]
    // Microsocks answers half a request at once, with a refusal.
    if cut.way == .socks, cut.isSent, program.errorText.contains("the proxy ") { wanted += [1] }
    guard wanted.contains(status) else {
      throw TestFailure("status \(status): \(program.errorText)")
    }
    if status != 0 { expectOneLine(program.errorText, from: cut.work == .sub ? "sub" : "pub") }
    let output = program.outputText
    if cut.work == .sub, status == 0 ? output != "kept\n" : !["", "kept\n"].contains(output) {
      throw TestFailure("status \(status) and '\(output)'")
    }
    return status == 0
  }
}

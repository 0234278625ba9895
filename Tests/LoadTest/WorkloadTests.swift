import Testing

@testable import LoadTest

@Suite("Bench's workload") struct WorkloadTests {
  private static func text(_ template: String, client: Int = 7, message: Int64 = 42) throws
    -> String
  {
    var random = SplitMix64(seed: 1)
    let bytes = try Template(Array(template.utf8)).text(client: client, message: message, &random)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("templates are filled in") func templates() throws {
    #expect(try Self.text("a/%c/%i/100%%/{x}") == "a/7/42/100%/{x}")
    #expect(try Self.text("{{rand 5 5}}{{hex 3}}").hasPrefix("5"))
    #expect(try Self.text("{{hex 12}}").utf8.count == 12)
    #expect(try Int64(Self.text("{{time}}")) ?? 0 > 1_700_000_000_000)
  }

  @Test(
    "templates that are none say where",
    arguments: [
      ("a%x", "byte 2:"), ("%", "byte 1:"), ("ab{{rand", "byte 3:"), ("{{rand 2 1}}", "byte 1:"),
      ("{{nothing}}", "'{{nothing}}'"), ("x{{hex 0}}", "byte 2:"),
    ])
  func badTemplates(_ template: String, _ place: String) {
    #expect {
      _ = try Template(Array(template.utf8))
    } throws: {
      "\($0)".contains(place)
    }
  }

  @Test(
    "a filter for all topics of a template",
    arguments: [("bench/%c", "bench/+"), ("a/x%i/b", "a/+/b"), ("a/b", "a/b"), ("%c/%%", "+/%")])
  func filters(_ template: String, _ filter: String) throws {
    #expect(try Template(Array(template.utf8)).filter == Array(filter.utf8))
  }

  @Test("sizes have their distribution") func sizes() throws {
    var random = SplitMix64(seed: 3)
    let range = try PayloadSizes("10-20")
    let all = Set((0..<1000).map { _ in range.next(&random) })
    #expect(all == Set(10...20))
    let weighted = try PayloadSizes("64:9,1024:1")
    let large = (0..<10_000).count { _ in weighted.next(&random) == 1024 }
    #expect((850...1150).contains(large))
    let exponential = try PayloadSizes("exp:200")
    let mean = (0..<10_000).reduce(0) { sum, _ in sum + exponential.next(&random) } / 10_000
    #expect((190...210).contains(mean))
  }

  @Test(
    "sizes that are none", arguments: ["", "x", "-5", "9-3", "1:0", "1:2,", "exp:", "99999999999"])
  func badSizes(_ text: String) { #expect(throws: WorkloadFault.self) { try PayloadSizes(text) } }

  @Test("an even schedule: every message at its time, across phases that grow and stay") func even()
  {
    let phases = [
      Phase(name: "ramp", duration: 2_000_000_000, clients: .init(0, 4), rate: .init(0, 100)),
      Phase(name: "run", duration: 1_000_000_000, clients: .init(4, 4), rate: .init(100, 100)),
    ]
    var random = SplitMix64(seed: 1)
    var schedule = Schedule(phases, isPoisson: false, &random)
    var times: [Int64] = []
    while let time = schedule.next {
      times.append(time)
      schedule.advance(&random)
    }
    #expect(times.count == 200)
    // 25 t^2 messages are due by t seconds of the ramp.
    #expect(abs(times[25] - 1_000_000_000) < 1000)
    #expect(abs(times[100] - 2_000_000_000) < 1000)
    #expect(abs(times[150] - 2_500_000_000) < 1000)
    #expect(times == times.sorted())
  }

  @Test("how many messages are still due by a time") func countOfSchedule() {
    let phases = [
      Phase(name: "warmup", duration: 1_000_000_000, clients: .init(1, 1), rate: .init(10, 10)),
      Phase(name: "run", duration: 1_000_000_000, clients: .init(1, 1), rate: .init(100, 100)),
    ]
    var random = SplitMix64(seed: 1)
    var schedule = Schedule(phases, isPoisson: false, &random)
    #expect(schedule.count(from: 0, to: 2_000_000_000) == 110)
    #expect(schedule.count(from: 1_000_000_000, to: 2_000_000_000) == 100)
    #expect(schedule.count(from: 1_000_000_000, to: 1_250_000_000) == 25)
    for _ in 0..<20 { schedule.advance(&random) }
    #expect(schedule.count(from: 1_000_000_000, to: 2_000_000_000) == 90)
    #expect(schedule.count(from: 1_000_000_000, to: 1_100_000_000) == 0)
  }

  @Test("arrivals by chance have the rate, and its scatter") func poisson() {
    let phase = Phase(
      name: "run", duration: 10_000_000_000, clients: .init(1, 1), rate: .init(1000, 1000))
    var random = SplitMix64(seed: 11)
    var schedule = Schedule([phase], isPoisson: true, &random)
    var gaps: [Double] = []
    var last: Int64 = 0
    while let time = schedule.next {
      gaps.append(Double(time - last) / 1e6)
      last = time
      schedule.advance(&random)
    }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect((0.97...1.03).contains(mean))
    #expect((0.9...1.1).contains(variance))
  }

  @Test("a scenario") func scenario() throws {
    let phases = try Phase.scenario(
      """
      # a day
      warmup 1 clients 10 rate 5
      climb 60 clients 10..100 rate 5..50

      hold 5.5  # stays
      spike 1 rate 500
      """)
    #expect(phases.map(\.name) == ["warmup", "climb", "hold", "spike"])
    #expect(phases.map(\.isWarmUp) == [true, false, false, false])
    #expect(phases[2].clients == .init(100, 100))
    #expect(phases[2].rate == .init(50, 50))
    #expect(phases[3].rate == .init(500, 500))
    #expect(phases[1].clients(at: 30_000_000_000) == 55)
  }

  @Test(
    "scenarios that are none say in which line",
    arguments: [
      ("run 1 clients 2\nx 0", "line 2"), ("run 1", "line 1"), ("run 1 clients 2 rate", "line 1"),
      ("run 1 clients 2..x", "line 1"), ("run 1 clients 1.5", "line 1"), ("", "no phase"),
      ("run 1 clients 1\nwarmup 1", "line 2"), ("run 1 clients 1 speed 3", "'speed'"),
    ])
  func badScenarios(_ text: String, _ place: String) {
    #expect { _ = try Phase.scenario(text) } throws: { "\($0)".contains(place) }
  }

  @Test("a table of clients") func table() throws {
    let rows = try ClientRow.table(Array("a,u,p\r\n\"b,\"\"1\",\"x\ny\"\nc\n".utf8))
    #expect(rows.map { String(decoding: $0.clientID, as: UTF8.self) } == ["a", "b,\"1", "c"])
    #expect(rows[1].userName == Array("x\ny".utf8))
    #expect(rows[0].password == Array("p".utf8))
    #expect(rows[2].userName == nil)
  }

  @Test(
    "tables that are none say in which line, and nothing of what is there",
    arguments: [
      ("a\nb,secret,secret,secret", "line 2"), ("a\n\"b\"secret", "line 2"),
      ("a,\"secret", "line 1"),
      ("a\na", "line 2"), ("a\n,secret", "line 2"),
    ])
  func badTables(_ text: String, _ place: String) {
    #expect {
      _ = try ClientRow.table(Array(text.utf8))
    } throws: {
      "\($0)".contains(place) && !"\($0)".contains("secret")
    }
  }
}
